namespace ErlChat.Web.Assets;

/// <summary>The files that a page names. All paths are below the set's prefix.</summary>
/// <param name="Styles">The style sheets, in their order.</param>
/// <param name="Script">The page's module.</param>
/// <param name="Preloads">Modules to fetch in advance.</param>
internal sealed record PageFiles(IReadOnlyList<string> Styles, string Script, IReadOnlyList<string> Preloads);
