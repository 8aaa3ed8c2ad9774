namespace ErlChat.State;

/// <summary>A read-only copy of a room.</summary>
/// <param name="Name">Its address: the name with which it was made.</param>
/// <param name="Topic">Its topic; empty for none.</param>
/// <param name="Members">How many users are in it and online.</param>
public sealed record RoomView(string Name, string Topic, int Members)
{
    /// <summary>The name that people see since it was renamed; null if that is the address.</summary>
    public string? Title { get; init; }

    /// <summary>Whether only members may know of it.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Whether only moderators may speak in it.</summary>
    public bool IsLocked { get; init; }

    /// <summary>Whether nobody may speak in it.</summary>
    public bool IsArchived { get; init; }

    /// <summary>How long a user has to wait between two messages; 0 for no wait.</summary>
    public TimeSpan Pause { get; init; }
}
