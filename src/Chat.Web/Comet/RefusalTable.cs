using ErlChat.Commands;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Protocol.Comet;

namespace ErlChat.Web.Comet;

/// <summary>What every refusal is called on the wires. One row each; a test walks all of them.</summary>
internal static class RefusalTable
{
    /// <summary>The word in the comet envelope.</summary>
    internal static string CometError(Refusal why) => why switch
    {
        Refusal.BadSession => CometErrors.BadSession,
        Refusal.TooLong => CometErrors.TooLong,
        Refusal.RateLimited => CometErrors.RateLimited,
        Refusal.NotInRoom => CometErrors.NotInRoom,
        Refusal.NoSuchUser => CometErrors.NoSuchUser,
        Refusal.Muted => CometErrors.Muted,
        Refusal.BadRoomName => CometErrors.BadRoomName,
        Refusal.NoSuchRoom => CometErrors.NoSuchRoom,
        Refusal.AlreadyInRoom => CometErrors.AlreadyInRoom,
        Refusal.HomeRoom => CometErrors.HomeRoom,
        Refusal.TooManyRooms => CometErrors.TooManyRooms,
        Refusal.BadKey => CometErrors.BadKey,
        Refusal.Secret => CometErrors.Secret,
        Refusal.WrongPassword => CometErrors.WrongPassword,
        Refusal.Unavailable => CometErrors.Unavailable,
        Refusal.Stopping => CometErrors.Stopping,
        Refusal.BadText => CometErrors.BadText,
        Refusal.LooksAlike => CometErrors.LooksAlike,
        Refusal.HostBanned or Refusal.HostFull or Refusal.NickInvalid or Refusal.NickTaken
            or Refusal.NotAdmin or Refusal.AdministrationOff or Refusal.NotYourself or Refusal.NotBanned => CometErrors.NotAllowed,
        _ => throw new System.Diagnostics.UnreachableException(why.ToString()),
    };

    /// <summary>What the login page says.</summary>
    internal static string LoginText(Refused refused) => refused.Why switch
    {
        Refusal.HostBanned => $"You are banned from the chat server. Time remaining: {SpelledTime.Of(refused.Wait ?? TimeSpan.Zero)}",
        Refusal.HostFull => "Your host has too many connections to the chat server.",
        Refusal.NickInvalid => "The nickname must be alphanumeric and not blank.",
        Refusal.NickTaken => "The nickname is not available.",
        Refusal.RateLimited => $"Too many people have logged in from your address. Please try again in {SpelledTime.Of(Ceiling(refused.Wait))}.",
        _ => "The chat server cannot take logins at the moment. Please try again.",
    };

    /// <summary>What a program is told instead (<see cref="LoginRefusals.Header"/>).</summary>
    internal static string LoginError(Refused refused, string? nick) => refused.Why switch
    {
        Refusal.HostBanned => LoginRefusals.HostBanned,
        Refusal.HostFull => LoginRefusals.HostFull,
        Refusal.NickInvalid => LoginRefusals.NickNotAllowed,
        Refusal.RateLimited => LoginRefusals.RateLimited,
        Refusal.NickTaken => nick is not null && Nick.LooksReserved(nick) ? LoginRefusals.NickNotAllowed : LoginRefusals.NickInUse,
        _ => LoginRefusals.Unavailable,
    };

    private static TimeSpan Ceiling(TimeSpan? wait) => TimeSpan.FromSeconds(Math.Ceiling((wait ?? TimeSpan.Zero).TotalSeconds));
}
