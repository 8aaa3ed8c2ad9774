namespace ErlChat.History;

/// <summary>A search was given up because it took too long. Rarer words, or one room, make it quicker.</summary>
public sealed class SearchTooSlowException() : Exception("The search took too long.");
