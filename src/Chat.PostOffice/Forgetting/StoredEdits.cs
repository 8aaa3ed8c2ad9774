namespace ErlChat.Forgetting;

/// <summary>What a database has of a message.</summary>
/// <param name="IsThere">Whether the message is in the history and was not deleted.</param>
/// <param name="IsRemoved">
/// Whether it was deleted. If neither, the history does not have it, as after a partial import, and nothing can be said about it.
/// </param>
/// <param name="Edits">The sequences of the edits that took effect.</param>
public sealed record StoredEdits(bool IsThere, bool IsRemoved, IReadOnlyList<long> Edits);
