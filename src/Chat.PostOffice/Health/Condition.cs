namespace ErlChat.Health;

/// <summary>Something that can be wrong with the server for a while.</summary>
/// <param name="Name">Its name for operators, metrics and alerts: lower case with hyphens.</param>
/// <param name="Words">
/// Its meaning for the operator: half a sentence without names, addresses or paths, because it may be shown to anyone.
/// </param>
/// <param name="Refuses">Whether no message can be accepted while it lasts.</param>
/// <param name="Holds">Whether it is the case now.</param>
public readonly record struct Condition(string Name, string Words, bool Refuses, bool Holds);
