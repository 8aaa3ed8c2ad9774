using ErlChat.Commands;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Protocol.Comet;

namespace ErlChat.Web.Answers;

/// <summary>How each refusal is named to clients. A test checks that every refusal has a row.</summary>
internal static class RefusalTable
{
    /// <summary>The message for a link that cannot be used.</summary>
    private const string BadLink = "The link is not valid. It may have been used, or be too old. Please ask for another.";

    /// <summary>The error code in the comet envelope.</summary>
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
        Refusal.AlreadyMember => CometErrors.AlreadyMember,
        Refusal.NotMember => CometErrors.NotMember,
        Refusal.TooManyMembers => CometErrors.TooManyMembers,
        Refusal.RegistrationClosed => CometErrors.RegistrationClosed,
        Refusal.InvitationNeeded => CometErrors.InvitationNeeded,
        Refusal.BadPassword => CometErrors.BadPassword,
        Refusal.NoSuchDevice => CometErrors.NoSuchDevice,
        Refusal.BadLink => CometErrors.BadLink,
        Refusal.NameNotFree => CometErrors.NameNotFree,
        Refusal.RoomLocked => CometErrors.RoomLocked,
        Refusal.RoomArchived => CometErrors.RoomArchived,
        Refusal.SlowMode => CometErrors.SlowMode,
        Refusal.NotModerator => CometErrors.NotModerator,
        Refusal.NotOwner => CometErrors.NotOwner,
        Refusal.TooManyInvitations => CometErrors.TooManyInvitations,
        Refusal.TooManyModerators => CometErrors.TooManyModerators,
        Refusal.TooManyLinks => CometErrors.TooManyLinks,
        Refusal.NoSuchMessage => CometErrors.NoSuchMessage,
        Refusal.TooOld => CometErrors.TooOld,
        Refusal.BadEmoji => CometErrors.BadEmoji,
        Refusal.TooManyReactions => CometErrors.TooManyReactions,
        Refusal.TooManyIgnored => CometErrors.TooManyIgnored,
        Refusal.HostBanned or Refusal.HostFull or Refusal.NickInvalid or Refusal.NickTaken or Refusal.NickTooLong or Refusal.NickMixed
            or Refusal.NoGuests or Refusal.NotAdmin or Refusal.AdministrationOff or Refusal.NotYourself or Refusal.NotBanned =>
            CometErrors.NotAllowed,
        _ => throw new System.Diagnostics.UnreachableException(why.ToString()),
    };

    /// <summary>The message on the login page.</summary>
    internal static string LoginText(Refused refused) => refused.Why switch
    {
        Refusal.HostBanned => $"You are banned from the chat server. Time remaining: {SpelledTime.Of(refused.Wait ?? TimeSpan.Zero)}",
        Refusal.HostFull => "Your host has too many connections to the chat server.",
        Refusal.NickInvalid => "The nickname must be alphanumeric and not blank.",
        Refusal.NickTaken => "The nickname is not available.",
        Refusal.NickTooLong => "The nickname is too long.",
        Refusal.NickMixed => "The nickname must be of one script: please do not mix letters or digits of several.",
        Refusal.LooksAlike => "The nickname looks too much like another one in the chat.",
        Refusal.NoGuests => "Only members can log in here. Please enter your password.",
        Refusal.WrongPassword => "The nickname or the password is wrong.",
        Refusal.RegistrationClosed => "Nobody can become a member here at the moment.",
        Refusal.TooManyMembers => "The chat server has reached its limit of members.",
        Refusal.BadPassword => PasswordText(refused),
        Refusal.BadLink => BadLink,
        Refusal.InvitationNeeded => "Only those who are invited can become members here. Please open the invitation first.",
        Refusal.RateLimited =>
            $"Too many people have logged in from your address. Please try again in {SpelledTime.Of(Ceiling(refused.Wait))}.",
        _ => "The chat server cannot take logins at the moment. Please try again.",
    };

    /// <summary>The message on the page that sets a new password.</summary>
    internal static string PasswordText(Refused refused) => refused.Why switch
    {
        Refusal.BadPassword => "The password is too short, longer than 128 characters, or the nickname.",
        Refusal.BadLink => BadLink,
        Refusal.RateLimited => $"Too many tries. Please try again in {SpelledTime.Of(Ceiling(refused.Wait))}.",
        _ => "The password cannot be set at the moment. Please try again.",
    };

    /// <summary>The message for a member who cannot connect an account at a provider.</summary>
    internal static string ConnectText(Refused refused) => refused.Why switch
    {
        Refusal.AlreadyMember => "The account belongs to another member of the chat, or you have connected too many.",
        Refusal.BadSession or Refusal.NotMember => "You are not logged in as a member any more.",
        _ => "The chat server cannot do that at the moment. Please try again later.",
    };

    /// <summary>The message on the pages around e-mail.</summary>
    internal static string EmailText(Refused refused) => refused.Why switch
    {
        Refusal.BadLink or Refusal.RateLimited => PasswordText(refused),
        _ => "The chat server cannot do that at the moment. Please try again later.",
    };

    /// <summary>The error code for programs, in the header <see cref="LoginRefusals.Header"/>.</summary>
    internal static string LoginError(Refused refused, string? nick) => refused.Why switch
    {
        Refusal.HostBanned => LoginRefusals.HostBanned,
        Refusal.HostFull => LoginRefusals.HostFull,
        Refusal.NickInvalid or Refusal.NickTooLong or Refusal.NickMixed => LoginRefusals.NickNotAllowed,
        Refusal.RateLimited => LoginRefusals.RateLimited,
        Refusal.WrongPassword => LoginRefusals.WrongPassword,
        Refusal.NoGuests => LoginRefusals.NoGuests,
        Refusal.NickTaken or Refusal.LooksAlike =>
            nick is not null && Nick.LooksReserved(nick) ? LoginRefusals.NickNotAllowed : LoginRefusals.NickInUse,
        _ => LoginRefusals.Unavailable,
    };

    private static TimeSpan Ceiling(TimeSpan? wait) => TimeSpan.FromSeconds(Math.Ceiling((wait ?? TimeSpan.Zero).TotalSeconds));
}
