namespace ErlChat.History;

/// <summary>A search was stopped because it took too long. Rarer words, or a single room, make it faster.</summary>
public sealed class SearchTooSlowException() : Exception("The search took too long.");
