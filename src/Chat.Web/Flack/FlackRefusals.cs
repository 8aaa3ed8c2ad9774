using ErlChat.Outcomes;
using ErlChat.Protocol.Flack;

namespace ErlChat.Web.Flack;

/// <summary>What each refusal means for a flack connection. A test checks that every refusal has a row.</summary>
internal static class FlackRefusals
{
    /// <summary>How the connection ends; null if it stays open, because the protocol has no message for the refusal.</summary>
    /// <param name="notJoined">The error for a client that is not in the chat. Sending and leaving have different codes.</param>
    internal static FlackEnd? EndOf(Refusal why, FlackError notJoined) => why switch
    {
        Refusal.AlreadyInRoom => FlackEnd.Error(FlackError.AlreadyJoined),
        Refusal.NotInRoom => FlackEnd.Error(notJoined),
        Refusal.TooLong or Refusal.BadText or Refusal.NickInvalid or Refusal.BadRoomName => FlackEnd.Error(FlackError.Unrecognized),
        Refusal.Muted or Refusal.Secret or Refusal.RoomLocked or Refusal.RoomArchived or Refusal.SlowMode => null,
        Refusal.RateLimited => FlackEnd.Flood,
        Refusal.BadSession or Refusal.HostBanned or Refusal.HostFull or Refusal.NoGuests => FlackEnd.Removed,
        Refusal.TooManyRooms => FlackEnd.Full,
        Refusal.NickTaken or Refusal.LooksAlike or Refusal.NameNotFree => FlackEnd.LooksAlike,
        Refusal.Unavailable => FlackEnd.Unavailable,
        Refusal.Stopping => FlackEnd.Stopping,

        // The requests of this protocol cannot cause any of these.
        Refusal.NoSuchUser or Refusal.NoSuchRoom or Refusal.HomeRoom or Refusal.NotAdmin or Refusal.NotYourself or Refusal.NotBanned
            or Refusal.NotModerator or Refusal.NotOwner or Refusal.TooManyInvitations or Refusal.TooManyModerators
            or Refusal.TooManyLinks or Refusal.TooManyIgnored or Refusal.NoSuchMessage or Refusal.TooOld or Refusal.BadEmoji
            or Refusal.TooManyReactions
            or Refusal.BadKey or Refusal.WrongPassword or Refusal.AdministrationOff or Refusal.AlreadyMember or Refusal.NotMember
            or Refusal.TooManyMembers or Refusal.RegistrationClosed or Refusal.InvitationNeeded or Refusal.BadPassword
            or Refusal.NoSuchDevice or Refusal.BadLink or Refusal.NickTooLong or Refusal.NickMixed => FlackEnd.Bug,
        _ => throw new System.Diagnostics.UnreachableException(why.ToString()),
    };
}
