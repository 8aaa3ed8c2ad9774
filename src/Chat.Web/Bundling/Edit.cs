namespace ErlChat.Web.Bundling;

/// <summary>Replaces the characters of a text from <paramref name="Start"/> (inclusive) to <paramref name="End"/> (exclusive).</summary>
internal readonly record struct Edit(int Start, int End, string Text);
