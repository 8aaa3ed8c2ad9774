using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.Tests;

/// <summary>Finds out who gets what from postings, as the post office does: by room, and one mail of an entry for each session.</summary>
internal sealed class RoomLists
{
    private readonly Dictionary<string, Dictionary<SessionKey, bool>> _rooms = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<SessionKey> _boxes = [];

    /// <summary>Carries out the postings of an entry. Returns the mail of each session.</summary>
    internal Dictionary<SessionKey, MailContent> Deliver(IEnumerable<Posting> postings)
    {
        var mail = new Dictionary<SessionKey, MailContent>();
        foreach (Posting posting in postings)
        {
            switch (posting)
            {
                case Posting.Open open:
                    _boxes.Add(open.Session);
                    break;
                case Posting.Reopen open:
                    _boxes.Add(open.Session);
                    break;
                case Posting.GoOffline gone:
                    _boxes.Remove(gone.Session);
                    break;
                case Posting.Close close:
                    _boxes.Remove(close.Session);
                    break;
                case Posting.Enter enter:
                    ListOf(enter.Room)[enter.Session] = enter.Quiet;
                    break;
                case Posting.Part part:
                    ListOf(part.Room).Remove(part.Session);
                    break;
                case Posting.ToSession one:
                    Take(one.Session, one.Content);
                    break;
                case Posting.ToSessions some:
                    foreach (SessionKey reader in some.Sessions)
                        Take(reader, some.Content);
                    break;
                case Posting.ToRooms many:
                    bool isAboutMembers = many.Content is UserEntered or UserReturned or UserLeft;
                    foreach ((SessionKey reader, bool isQuiet) in many.Rooms.SelectMany(ListOf))
                    {
                        if (reader != many.Except && !(isQuiet && isAboutMembers))
                            Take(reader, many.Content);
                    }

                    break;
                case Posting.ToAll all:
                    foreach (SessionKey reader in _boxes)
                        Take(reader, all.Content);
                    break;
            }
        }

        return mail;

        void Take(SessionKey reader, MailContent content)
        {
            if (_boxes.Contains(reader))
                mail.TryAdd(reader, content);
        }
    }

    /// <summary>The rooms that a mail names.</summary>
    internal static IReadOnlyList<string> RoomsIn(MailContent content) => content switch
    {
        UserEntered one => [one.Room],
        UserReturned one => one.Rooms,
        UserLeft one => one.Rooms,
        Spoken one => [one.Room],
        TopicChanged one => [one.Room],
        RoomTitled one => [one.Room],
        Welcome one => [one.Room],
        Farewell one => [one.Room],
        RoomNotice one => [one.Room],
        _ => [],
    };

    private Dictionary<SessionKey, bool> ListOf(string room)
    {
        if (!_rooms.TryGetValue(room, out Dictionary<SessionKey, bool>? list))
            _rooms.Add(room, list = []);
        return list;
    }
}
