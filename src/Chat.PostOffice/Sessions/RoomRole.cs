namespace ErlChat.Sessions;

/// <summary>What a user may do in a room.</summary>
public enum RoomRole
{
    /// <summary>Reads and speaks.</summary>
    Member,

    /// <summary>Also invites and kicks, and speaks in a locked room.</summary>
    Moderator,

    /// <summary>Also makes the room private, archives it and appoints moderators.</summary>
    Owner,
}
