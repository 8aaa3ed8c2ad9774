namespace ErlChat.Health;

/// <summary>Something that can be wrong with the server for a while.</summary>
/// <param name="Name">What operators, metrics and alerts know it by: lower case with hyphens.</param>
/// <param name="Words">What it means, for the operator: half a sentence without names, addresses or paths, since anybody may be shown
/// it.</param>
/// <param name="Refuses">Whether no message can be taken while it lasts.</param>
/// <param name="Holds">Whether it is so at this moment.</param>
public readonly record struct Condition(string Name, string Words, bool Refuses, bool Holds);
