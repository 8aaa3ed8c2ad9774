using System.Globalization;
using ErlChat.Client;

namespace ErlChat.Terminal.Chatting;

/// <summary>Refusals as sentences for users.</summary>
internal static class Refusals
{
    /// <summary>Why a login was refused: the word of the wire, and for how long it will be.</summary>
    internal static string Reason(ChatRefusedException e) => e.RetryAfter is { } wait
        ? string.Create(CultureInfo.InvariantCulture, $"{e.Word}, for {Math.Ceiling(wait.TotalSeconds)} s more")
        : e.Word;

    internal static string Sentence(ChatRefusedException e) => e.Why switch
    {
        ChatRefusal.TooLong => "That is too long; nothing was sent.",
        ChatRefusal.BadText => "That contains characters that are not allowed; nothing was sent.",
        ChatRefusal.LooksAlike => "That name looks like the name of another room.",
        ChatRefusal.NameNotFree => "That name cannot be used. If it is a private room, you need an invitation.",
        ChatRefusal.RoomLocked => "The room is locked: only moderators may speak.",
        ChatRefusal.RoomArchived => "The room is archived: nobody may speak.",
        ChatRefusal.SlowMode when e.RetryAfter is { } wait =>
            string.Create(CultureInfo.InvariantCulture, $"The room is in slow mode; wait {Math.Ceiling(wait.TotalSeconds)} s."),
        ChatRefusal.NotInRoom => "You are not in that room.",
        ChatRefusal.NoSuchUser => "There is no user with that nick.",
        ChatRefusal.NoSuchRoom => "There is no such room.",
        ChatRefusal.BadRoomName => "A room name has 1 to 32 letters, digits, - or _.",
        ChatRefusal.HomeRoom => "The lobby cannot be left alone; /leave leaves the chat.",
        ChatRefusal.TooManyRooms => "There are too many rooms. Leave one first.",
        ChatRefusal.Muted when e.RetryAfter is { } wait =>
            string.Create(CultureInfo.InvariantCulture, $"You are muted for {Math.Ceiling(wait.TotalSeconds)} s more."),
        ChatRefusal.Muted => "You are muted.",
        ChatRefusal.SessionEnded => "You are not in the chat. /join returns to it.",
        ChatRefusal.WrongPassword => "That is not the administrators' password.",
        ChatRefusal.BadPassword => "That password is too short, too long, or your nick.",
        ChatRefusal.AlreadyMember => "The nick is yours already. /password changes the password.",
        ChatRefusal.NotMember => "You have no password. /register keeps your nick with one.",
        ChatRefusal.RegistrationClosed => "The server takes no new members.",
        ChatRefusal.TooManyMembers => "The server has too many members already.",
        ChatRefusal.NoSuchDevice => "There is no such device. /devices lists them.",
        ChatRefusal.InvitationNeeded => "Only those can become members who have an invitation: /register LINK",
        ChatRefusal.BadLink => "The link is not valid. It may have been used or revoked, or be too old. Ask for another.",
        ChatRefusal.TooManyLinks => "The room has too many links. Revoke one first.",
        ChatRefusal.TooManyIgnored => "You ignore too many users. Type /unignore NICK first.",
        ChatRefusal.RateLimited when e.RetryAfter is { } wait =>
            string.Create(CultureInfo.InvariantCulture, $"Too many tries; wait {Math.Ceiling(wait.TotalSeconds)} s."),
        ChatRefusal.NoSuchMessage => "There is no such message that you may change.",
        ChatRefusal.TooOld => "That message is too old to be edited. You can still delete it.",
        ChatRefusal.BadEmoji => "That is not one emoji.",
        ChatRefusal.TooManyReactions => "That message has too many reactions already.",
        ChatRefusal.NotAllowed => "The server does not allow that.",
        ChatRefusal.TooManyPending => "Too many messages are waiting to be sent already.",
        _ => $"The server refuses: {e.Word}.",
    };
}
