using ErlChat.Outcomes;
using ErlChat.Protocol.Flack;

namespace ErlChat.Web.Flack;

/// <summary>What every refusal comes to on the flack wire, beside the comet wire's <see cref="Comet.RefusalTable"/>. One row each; a test walks all of them.</summary>
internal static class FlackRefusals
{
    /// <summary>How the connection ends; null when it goes on, since the wire has no word for the refusal.</summary>
    /// <param name="notJoined">What is said to a client that is not in the chat: speaking and leaving have codes of their own.</param>
    internal static FlackEnd? EndOf(Refusal why, FlackError notJoined) => why switch
    {
        Refusal.AlreadyInRoom => FlackEnd.Error(FlackError.AlreadyJoined),
        Refusal.NotInRoom => FlackEnd.Error(notJoined),
        Refusal.TooLong or Refusal.BadText or Refusal.NickInvalid or Refusal.BadRoomName => FlackEnd.Error(FlackError.Unrecognized),
        Refusal.Muted or Refusal.Secret => null,
        Refusal.RateLimited => FlackEnd.Flood,
        Refusal.BadSession or Refusal.HostBanned or Refusal.HostFull => FlackEnd.Removed,
        Refusal.TooManyRooms => FlackEnd.Full,
        Refusal.NickTaken or Refusal.LooksAlike => FlackEnd.LooksAlike,
        Refusal.Unavailable => FlackEnd.Unavailable,
        Refusal.Stopping => FlackEnd.Stopping,

        // None of these can come of what this door asks for.
        Refusal.NoSuchUser or Refusal.NoSuchRoom or Refusal.HomeRoom or Refusal.NotAdmin or Refusal.NotYourself or Refusal.NotBanned
            or Refusal.BadKey or Refusal.WrongPassword or Refusal.AdministrationOff => FlackEnd.Bug,
        _ => throw new System.Diagnostics.UnreachableException(why.ToString()),
    };
}
