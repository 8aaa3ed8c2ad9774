using System.Globalization;
using ErlChat.Outcomes;
using ErlChat.Texts;

namespace ErlChat.Commands;

/// <summary>The texts of refusals that are sent as system messages.</summary>
internal static class Explanations
{
    /// <summary>What a room may be called.</summary>
    internal const string RoomNames = "A room name has 1 to 32 letters, digits, - or _.";

    /// <summary>Why a room cannot get a name that could be taken for another.</summary>
    internal static string LooksAlike(string name) => $"The name {name} looks like that of another room.";

    /// <summary>Why a message did not reach a room or a user.</summary>
    internal static string? OfSaying(Refused refused, string target) => refused.Why switch
    {
        Refusal.Secret => AuthText.NotSent,
        Refusal.Muted => "You may not speak at the moment.",
        Refusal.NotInRoom => $"You are not in {target}.",
        Refusal.NoSuchUser => $"There is no user {target}.",
        Refusal.RoomLocked => $"{target} is locked: only moderators may speak there.",
        Refusal.RoomArchived => $"{target} is archived: nobody may speak there.",
        Refusal.SlowMode => string.Create(
            CultureInfo.InvariantCulture,
            $"{target} is in slow mode. Please wait {Math.Ceiling((refused.Wait ?? TimeSpan.Zero).TotalSeconds)} seconds."),
        _ => null,
    };

    /// <summary>Why an owner's or moderator's command had no effect.</summary>
    internal static string? OfModeration(Refused refused, string room, string nick) => refused.Why switch
    {
        Refusal.Secret => AuthText.NotSent,
        Refusal.NotInRoom => $"You are not in {room}.",
        Refusal.NotModerator => $"Only moderators of {room} may do that.",
        Refusal.NotOwner => $"Only the owner of {room} may do that.",
        Refusal.NoSuchUser => $"There is no user {nick} in {room}, or in the chat.",
        Refusal.AlreadyInRoom => $"{nick} is in {room} already.",
        Refusal.HomeRoom => $"Everybody is in {room}, so that is not possible.",
        Refusal.TooManyInvitations => $"Too many users are invited to {room}. Take an invitation back first: /uninvite nick",
        Refusal.TooManyModerators => $"{room} has too many moderators. Type /moderator nick off first.",
        Refusal.BadText => "Unable to kick: " + AdminCommand.BadReason,
        _ => null,
    };
}
