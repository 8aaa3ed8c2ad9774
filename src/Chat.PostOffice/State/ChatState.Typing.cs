using ErlChat.Outcomes;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <content>Who may say that they type, and to whom. Changes nothing.</content>
internal sealed partial class ChatState
{
    /// <summary>Whom to tell that a person types in a room, which it must be in and may speak in; or why not.</summary>
    /// <param name="most">Nobody is told if more people than this are in the room.</param>
    internal (string Room, SessionKey[] Readers)? TypingIn(
        PersonState typist, string name, DateTimeOffset now, int most, out Refused? refused)
    {
        if (FindRoom(name) is not { } room || !room.Members.ContainsKey(typist.Key))
        {
            refused = new Refused(Refusal.NotInRoom);
            return null;
        }

        refused = SpeakingRefusal(typist, room, now);
        if (refused is not null)
            return null;
        return (room.Name, room.Members.Count > most ? [] : [.. room.Members.Values.SelectMany(one => ReadersOf(one.Person, typist))]);
    }

    /// <summary>The same for a private conversation with a user.</summary>
    internal SessionKey[] TypingWith(PersonState typist, string userId, DateTimeOffset now, out Refused? refused)
    {
        PersonState? other = FindPerson(userId);
        refused = other is null ? new Refused(Refusal.NoSuchUser) : SpeakingRefusal(typist, room: null, now);
        return refused is null ? [.. ReadersOf(other!, typist)] : [];
    }

    private static IEnumerable<SessionKey> ReadersOf(PersonState person, PersonState typist) =>
        person == typist || person.Preferences?.Ignores(typist.Who.UserId) == true
            ? []
            : person.Sessions.Where(static one => one.IsOnline).Select(static one => one.Key);
}
