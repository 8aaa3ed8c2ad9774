namespace ErlChat.Protocol.Comet;

/// <summary>An item of a kind that this version has no word for, or that is not as it should be. Only ever parsed: its reader goes on behind it.</summary>
/// <param name="Type">Its <c>t</c>; empty when it has none.</param>
/// <param name="Json">All of it, as it came.</param>
public sealed record UnknownItem(long Id, DateTimeOffset At, string? Room, string Type, string Json) : CometItem(Id, At, Room);
