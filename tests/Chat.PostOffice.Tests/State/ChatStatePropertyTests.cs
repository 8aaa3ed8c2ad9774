using System.Text.Json;
using CsCheck;
using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>
/// The fold over random logs. Invariant 7: the same log gives the same state – after a restart, from a snapshot, and if entries come
/// twice.
/// </summary>
public class ChatStatePropertyTests
{
    private const int Logs = 400;
    private const int Length = 300;

    /// <summary>The refusals that the fold decides; the others are decided before the log.</summary>
    private static readonly Refusal[] s_refusals =
    [
        Refusal.BadSession, Refusal.HostBanned, Refusal.HostFull, Refusal.NickTaken, Refusal.NotInRoom, Refusal.NoSuchUser, Refusal.Muted,
        Refusal.AlreadyInRoom, Refusal.HomeRoom, Refusal.TooManyRooms, Refusal.NotAdmin, Refusal.NotYourself, Refusal.NotBanned,
        Refusal.Unavailable, Refusal.AlreadyMember, Refusal.NotMember, Refusal.TooManyMembers,
        Refusal.NameNotFree, Refusal.RoomLocked, Refusal.RoomArchived, Refusal.SlowMode, Refusal.NotModerator,
        Refusal.NotOwner, Refusal.TooManyInvitations, Refusal.TooManyModerators, Refusal.TooManyIgnored, Refusal.TooManyLinks,
        Refusal.BadLink, Refusal.LooksAlike,
    ];

    // Invariant 7. Every test here also checks that nothing throws.
    [Fact]
    public void The_same_log_gives_the_same_state_and_the_same_mail() => Over(log =>
    {
        (ChatState one, List<string> said) = Run(log);
        (ChatState other, List<string> again) = Run(log);
        Assert.Equal(said, again);
        Assert.Equal(Plain.Of(one.Capture()), Plain.Of(other.Capture()));
    });

    // Invariant 7: a node that starts from a snapshot gives the same results as the others.
    [Fact]
    public void Continuing_from_a_snapshot_gives_the_same_result_as_without() => Over(Gen.Int[0, Length], (log, number) =>
    {
        int at = number % (log.Length + 1);
        (ChatState straight, List<string> said) = Run(log);
        (ChatState before, _) = Run(log[..at]);
        ChatState restored = ChatState.Restore(before.Capture());
        Assert.Equal(Plain.Of(before.Capture()), Plain.Of(restored.Capture()));
        List<string> after = Continue(restored, log[at..]);
        Assert.Equal(said[at..], after);
        Assert.Equal(Plain.Of(straight.Capture()), Plain.Of(restored.Capture()));
    });

    // Invariant 7: an entry delivered twice has no effect the second time, even much later.
    [Fact]
    public void Entries_that_come_twice_change_nothing() => Over(Gen.Int[0, Length].Array[Length], (log, echoes) =>
    {
        (ChatState straight, List<string> said) = Run(log);
        var state = new ChatState();
        var delivered = new List<string>();
        for (int i = 0; i < log.Length; i++)
        {
            delivered.AddRange(Continue(state, log[i..(i + 1)]));
            var again = new List<Posting>();
            LogEntry old = log[echoes[i] % (i + 1)];
            Assert.Null(state.Apply(log[i].Sequence, old.Entry, again));
            Assert.Null(state.Apply(log[i].Sequence, log[i].Entry, again));
            Assert.Empty(again);
        }

        Assert.Equal(said, delivered);
        Assert.Equal(Plain.Of(straight.Capture()), Plain.Of(state.Capture()));
    });

    [Fact]
    public void The_state_is_consistent_after_every_entry() => Over(log =>
    {
        var state = new ChatState();
        foreach (LogEntry entry in log)
        {
            state.Apply(entry.Sequence, entry.Entry, []);
            AssertConsistent(state);
        }
    });

    // A packed guest is the same guest: whoever forgets to unpack one, or adds something that is not packed, fails here.
    [Fact]
    public void Packing_guests_who_are_offline_changes_nothing_else()
    {
        int packed = 0;

        // Usually the first round packs many, but it may pack none.
        for (int i = 0; i < 20 && packed == 0; i++)
            Over(Compare);
        Assert.True(packed > 0);

        void Compare(LogEntry[] log)
        {
            var packing = new ChatState();
            var plain = new ChatState { Packs = false };
            foreach (LogEntry entry in log)
            {
                Assert.Equal(Continue(plain, [entry]), Continue(packing, [entry]));
                Assert.Equal(Plain.Of(plain.Capture()), Plain.Of(packing.Capture()));
                Interlocked.Add(ref packed, packing.Packed);
            }

            Assert.Equal(0, plain.Packed);
        }
    }

    [Fact]
    public void Random_logs_meet_every_kind_of_outcome()
    {
        string[] wanted = [.. EveryEntry.Types.Select(kind => kind.Name), .. s_refusals.Select(why => why.ToString())];
        var met = new HashSet<string>();

        // Ends as soon as all are met, usually within a few rounds. The rarest may take many more.
        for (int i = 0; i < 400 && !met.IsSupersetOf(wanted); i++)
            Property.Holds(RandomLogs.UpTo(Length), 100, Meet, RandomLogs.Show);
        Assert.Empty(wanted.Except(met));

        void Meet(LogEntry[] log)
        {
            var state = new ChatState();
            foreach (LogEntry entry in log)
            {
                Outcome? outcome = state.Apply(entry.Sequence, entry.Entry, []);
                if (outcome is not Repeated)
                    met.Add(outcome is Refused refused ? refused.Why.ToString() : entry.Entry.GetType().Name);
            }
        }
    }

    // A private room is invisible to everyone else: nobody gets mail that names it without having been in it.
    [Fact]
    public void Mail_about_private_rooms_goes_only_to_their_members() => Over(log =>
    {
        var state = new ChatState();
        var lists = new RoomLists();
        foreach (LogEntry entry in log)
        {
            var before = Secrets(state);
            var postings = new List<Posting>();
            state.Apply(entry.Sequence, entry.Entry, postings);
            var after = Secrets(state);
            foreach ((SessionKey reader, MailContent content) in lists.Deliver(postings))
            {
                foreach (string room in RoomLists.RoomsIn(content))
                {
                    // A room that is private only before or only after the entry has just been made private or public.
                    if (!before.ContainsKey(room) && !after.ContainsKey(room))
                        continue;
                    Assert.True(
                        before.GetValueOrDefault(room)?.Contains(reader) == true || after.GetValueOrDefault(room)?.Contains(reader) == true,
                        $"{reader} got {content}");
                }
            }
        }
    });

    /// <summary>The private rooms and their members.</summary>
    private static Dictionary<string, HashSet<SessionKey>> Secrets(ChatState state) => state.Rooms.Values
        .Where(room => room.Rules.IsPrivate)
        .ToDictionary(
            room => room.Name,
            room => room.Members.Values.SelectMany(member => member.Person.Sessions).Select(session => session.Key).ToHashSet(),
            StringComparer.OrdinalIgnoreCase);

    [Fact]
    public void Of_an_erased_person_only_the_user_id_is_left() => Over(log =>
    {
        var state = new ChatState();
        foreach (LogEntry entry in log)
        {
            string? nick = entry.Entry is Erased one && state.FindPerson(one.UserId) is { } person ? person.Who.Nick : null;
            if (state.Apply(entry.Sequence, entry.Entry, []) is not Accepted || nick is null || entry.Entry is not Erased erased)
                continue;
            Assert.Null(state.FindOwner(nick));
            Assert.Null(state.FindPerson(erased.UserId));
            Assert.DoesNotContain(erased.Person, state.Sessions.Keys);
            Assert.All(state.Rooms.Values, room => Assert.NotEqual(erased.UserId, room.TopicBy));
            Assert.All(state.Rooms.Values, room => Assert.DoesNotContain(erased.UserId, room.Rules.Named));
            Assert.All(state.AllBans, ban => Assert.False(ban.UserId == erased.UserId || IsNick(ban.Nick)));
            Assert.All(state.Mutes, mute => Assert.False(mute.UserId == erased.UserId || IsNick(mute.Nick)));
            Assert.All(state.Acts, act => Assert.False(act.ById == erased.UserId && (act.Text is not null || IsNick(act.By))));
            Assert.All(state.Acts, act => Assert.False(act.OfId == erased.UserId && (act.Text is not null || act.Of is not null)));
            Assert.All(state.Capture().Removals ?? [], removal => Assert.False(
                removal.UserId == erased.UserId || (removal.ById == erased.UserId && removal.Reason.Length > 0)));

            bool IsNick(string one) => Nick.Same(one, nick);
        }
    });

    private static void AssertConsistent(ChatState state)
    {
        PersonState[] people = [.. state.Unpacked, .. state.CopyPacked().Select(static guest => guest.Unpack().Session.Person)];
        var known = people.Select(person => person.Who.UserId).ToHashSet();
        foreach (Room room in state.Rooms.Values)
        {
            // Roles end with their users, who could otherwise be impersonated, and nobody has two.
            string[] named = [.. room.Rules.Named];
            Assert.Equal(named.Length, named.Distinct().Count());
            Assert.True(known.IsSupersetOf(named));
            Assert.All(named, userId => Assert.Contains(room, state.StandingOf(userId)));
            Assert.True(room.Rules.OwnerId is not null || !room.Rules.IsPrivate);
            Assert.True(room.Rules.IsPrivate || room.Rules.Invited.Count == 0);
            Assert.All(room.Rules.Links, link => Assert.True(state.IsLink(link.Hash)));
        }

        // No name is that of two rooms, whether it is an address or a title, and each leads to its room.
        string[] names =
        [
            .. state.Rooms.Values.Select(room => room.Name),
            .. state.Rooms.Values
                .Where(room => room.Title is { } title && !RoomName.Same(title, room.Name))
                .Select(room => room.Title!),
        ];
        Assert.Equal(names.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(state.Rooms.Values, room => Assert.Same(room, state.FindRoom(room.Name)));
        Assert.All(state.Rooms.Values, room => Assert.Same(room, state.FindRoom(room.Shown)));
        string?[] roomLooks = [.. state.Rooms.Values.SelectMany(room => new[] { room.Look, room.TitleLook }.Distinct())];
        Assert.Equal(roomLooks.Count(look => look is not null), roomLooks.Distinct().Count(look => look is not null));

        Assert.All(known, userId => Assert.All(state.StandingOf(userId), room => Assert.Contains(userId, room.Rules.Named)));
        Assert.Contains(RoomName.Lobby, state.Rooms.Keys);
        ILookup<string, string> members = state.Capture().Rooms
            .SelectMany(static room => room.Members.Select(member => (room.Name, member.Session)))
            .ToLookup(static one => one.Session, static one => one.Name);
        foreach (PersonState person in people)
        {
            // Of packed guests, there are copies.
            Assert.Equal(person.Key, state.FindNick(person.Who.Nick)?.Key);
            Assert.Equal(person.Key, state.FindOwner(Nick.KeyOf(person.Who.Nick))?.Key);
            Assert.Equal(person.Key, state.FindPerson(person.Who.UserId)?.Key);
            Assert.Equal(person.Rooms.Order(), members[person.Key.ToString()].Order());
            Assert.True(person.Home is null || person.IsIn(person.Home));
            Assert.True(person.IsMember || person.Sessions.Count == 1);
            Assert.All(person.Sessions, session => Assert.Equal(person.Key, state.Sessions[session.Key].Person.Key));
            Assert.All(person.Sessions, session => Assert.Same(person, session.Person));
            Assert.Equal(person.Sessions.Any(session => session.IsOnline), person.IsOnline);
            Assert.All(person.Preferences?.Rooms ?? [], wish => Assert.True(person.IsIn(wish.Room)));
            string[] ignored = [.. (person.Preferences?.Ignored ?? []).Select(one => one.UserId)];
            Assert.Equal(ignored.Length, ignored.Distinct().Count());
            Assert.DoesNotContain(person.Who.UserId, ignored);
        }

        Assert.Equal(people.Sum(person => person.Sessions.Count), state.Sessions.Count);
        Assert.Equal(people.Count(person => person.IsMember), state.MemberCount);
        Assert.Equal(people.Length, people.Select(person => person.Who.UserId).Distinct().Count());
        Assert.Equal(people.Length, people.Select(person => person.Key).Distinct().Count());

        // A nick has one owner in all its spellings, and no two look alike of which it was compared.
        Assert.Equal(people.Length, people.Select(person => Nick.KeyOf(person.Who.Nick)).Distinct().Count());
        string[] looks = [.. people.Select(person => person.NickLook).OfType<string>()];
        Assert.Equal(looks.Length, looks.Distinct().Count());

        foreach (Room room in state.Rooms.Values)
        {
            Assert.True(room.HasMembers || RoomName.Same(room.Name, RoomName.Lobby));
            Assert.All(room.Members, member => Assert.True(member.Value.Person.IsIn(room.Name)));
            Assert.All(room.Members, member => Assert.Equal(member.Key, member.Value.Person.Key));
            Assert.Equal(room.Members.Values.Count(member => member.Person.IsOnline), room.Online);
            Assert.Equal(room.Online, room.CopyPersons().Length);
        }

        // Sessions that are online count for their addresses, and no others.
        foreach (IGrouping<string, Session> host in state.Sessions.Values.GroupBy(session => session.Host))
            Assert.Equal(host.Count(session => session.IsOnline), state.SessionsOf(host.Key));
        Assert.Equal(state.Sessions.Values.Count(session => session.IsOnline), state.Online);
    }

    private static void Over(Action<LogEntry[]> check) => Property.Holds(RandomLogs.UpTo(Length), Logs, check, RandomLogs.Show);

    private static void Over<T>(Gen<T> more, Action<LogEntry[], T> check) => Property.Holds(
        Gen.Select(RandomLogs.UpTo(Length), more),
        Logs,
        one => check(one.Item1, one.Item2),
        one => $"{RandomLogs.Show(one.Item1)}\nwith {JsonSerializer.Serialize(one.Item2)}");

    private static (ChatState State, List<string> Said) Run(LogEntry[] log)
    {
        var state = new ChatState();
        return (state, Continue(state, log));
    }

    /// <summary>The outcome of each entry, and everything that followed from it.</summary>
    private static List<string> Continue(ChatState state, LogEntry[] log)
    {
        var said = new List<string>();
        foreach (LogEntry entry in log)
        {
            var postings = new List<Posting>();
            Outcome? outcome = state.Apply(entry.Sequence, entry.Entry, postings);
            said.Add($"{Plain.Of(outcome)} {Plain.Of(postings)}");
        }

        return said;
    }
}
