namespace ErlChat.Protocol.Comet;

/// <summary>
/// An item of a kind that this version does not know, or an invalid one. It is only parsed, never encoded, and its reader continues after
/// it.
/// </summary>
/// <param name="Id">Its sequence in the log.</param>
/// <param name="At">When it happened.</param>
/// <param name="Room">The room; null if there is none.</param>
/// <param name="Type">Its <c>t</c>; empty if it has none.</param>
/// <param name="Json">The whole item as received.</param>
public sealed record UnknownItem(long Id, DateTimeOffset At, string? Room, string Type, string Json) : CometItem(Id, At, Room);
