using ErlChat.Outcomes;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <content>Who may say that they type, and where. Changes nothing.</content>
internal sealed partial class ChatState
{
    /// <summary>Why a person may not say that it types; null if it may.</summary>
    /// <param name="typist">The person.</param>
    /// <param name="room">The room, which the person must be in and may speak in; null for a private conversation.</param>
    /// <param name="with">The user id of the other person in a private conversation.</param>
    /// <param name="now">The time.</param>
    /// <param name="place">Where the person types.</param>
    internal Refused? TypingRefusal(PersonState typist, string? room, string with, DateTimeOffset now, out TypingPlace place)
    {
        place = room is null
            ? new TypingPlace(typist, null, FindPerson(with))
            : new TypingPlace(typist, FindRoom(room) is { } found && found.Members.ContainsKey(typist.Key) ? found : null, null);
        return place is { Room: null, Other: null }
            ? new Refused(room is null ? Refusal.NoSuchUser : Refusal.NotInRoom)
            : SpeakingRefusal(typist, place.Room, now);
    }
}

/// <summary>Where a person types: in a room, or in a private conversation. Use it under the state's lock.</summary>
/// <param name="Typist">The person.</param>
/// <param name="Room">The room; null in a private conversation.</param>
/// <param name="Other">The other person of a private conversation.</param>
internal readonly record struct TypingPlace(PersonState Typist, Room? Room, PersonState? Other)
{
    /// <summary>Whether more people are in the room than are told who types.</summary>
    internal bool IsFull(int most) => Room?.Members.Count > most;

    /// <summary>The sessions to tell: those of people who are here, and do not ignore the typist.</summary>
    internal SessionKey[] Readers() => Room is null
        ? [.. ReadersOf(Other!)]
        : [.. Room.Members.Values.Select(static one => one.Person).SelectMany(ReadersOf)];

    private IEnumerable<SessionKey> ReadersOf(PersonState person) =>
        person == Typist || person.Preferences?.Ignores(Typist.Who.UserId) == true
            ? []
            : person.Sessions.Where(static one => one.IsOnline).Select(static one => one.Key);
}
