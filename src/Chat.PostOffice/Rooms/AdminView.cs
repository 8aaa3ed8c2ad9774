namespace ErlChat.Rooms;

/// <summary>An administrator, as every user may see it. Immutable.</summary>
/// <param name="Nick">The nick.</param>
/// <param name="From">The sequence of the entry since which the nick has been this person's; 0 if that is not known.</param>
/// <param name="IsAppointed">Whether the person is one for good, and so also after being offline.</param>
public sealed record AdminView(string Nick, long From, bool IsAppointed);
