using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>The fold over random logs. Invariant 7: same log, same state – after a restart, from a snapshot, and when entries come twice.</summary>
public class ChatStatePropertyTests
{
    private const int Logs = 200;
    private const int Length = 300;

    /// <summary>The refusals that the fold decides; the others are the chat room's.</summary>
    private static readonly Refusal[] s_refusals =
    [
        Refusal.BadSession, Refusal.HostBanned, Refusal.HostFull, Refusal.NickTaken, Refusal.NotInRoom, Refusal.NoSuchUser, Refusal.Muted,
        Refusal.AlreadyInRoom, Refusal.HomeRoom, Refusal.TooManyRooms, Refusal.NotAdmin, Refusal.NotYourself, Refusal.NotBanned,
    ];

    // Invariant 7. That nothing throws is part of every test here.
    [Fact]
    public void The_same_log_gives_the_same_state_and_the_same_mail() => Over((_, log) =>
    {
        (ChatState one, List<string> said) = Run(log);
        (ChatState other, List<string> again) = Run(log);
        Assert.Equal(said, again);
        Assert.Equal(Plain.Of(one.Capture()), Plain.Of(other.Capture()));
    });

    // Invariant 7: a node that starts from a snapshot says what the others say.
    [Fact]
    public void From_a_snapshot_the_log_goes_on_as_without() => Over((random, log) =>
    {
        int at = random.Next(log.Length);
        (ChatState straight, List<string> said) = Run(log);
        (ChatState before, _) = Run(log[..at]);
        ChatState restored = ChatState.Restore(before.Capture());
        Assert.Equal(Plain.Of(before.Capture()), Plain.Of(restored.Capture()));
        List<string> after = Continue(restored, log[at..]);
        Assert.Equal(said[at..], after);
        Assert.Equal(Plain.Of(straight.Capture()), Plain.Of(restored.Capture()));
    });

    // Invariant 7: what a broker delivers twice is nothing the second time, even much later.
    [Fact]
    public void Entries_that_come_twice_change_nothing() => Over((random, log) =>
    {
        (ChatState straight, List<string> said) = Run(log);
        var state = new ChatState();
        var delivered = new List<string>();
        for (int i = 0; i < log.Length; i++)
        {
            delivered.AddRange(Continue(state, log[i..(i + 1)]));
            var again = new List<Posting>();
            LogEntry old = log[random.Next(i + 1)];
            Assert.Null(state.Apply(log[i].Sequence, old.Entry, again));
            Assert.Null(state.Apply(log[i].Sequence, log[i].Entry, again));
            Assert.Empty(again);
        }

        Assert.Equal(said, delivered);
        Assert.Equal(Plain.Of(straight.Capture()), Plain.Of(state.Capture()));
    });

    [Fact]
    public void The_state_is_whole_behind_every_entry() => Over((_, log) =>
    {
        var state = new ChatState();
        foreach (LogEntry entry in log)
        {
            state.Apply(entry.Sequence, entry.Entry, []);
            AssertWhole(state);
        }
    });

    [Fact]
    public void Random_logs_come_across_every_kind_of_outcome() => Seeds.Run(seed =>
    {
        string[] wanted = [.. EveryEntry.Types.Select(kind => kind.Name), .. s_refusals.Select(why => why.ToString())];
        var met = new HashSet<string>();
        var random = new Random(seed);
        for (int i = 0; i < 2000 && !met.IsSupersetOf(wanted); i++)
        {
            var state = new ChatState();
            foreach (LogEntry entry in LogOf(random))
            {
                Outcome? outcome = state.Apply(entry.Sequence, entry.Entry, []);
                if (outcome is not Repeated)
                    met.Add(outcome is Refused refused ? refused.Why.ToString() : entry.Entry.GetType().Name);
            }
        }

        Assert.Empty(wanted.Except(met));
    });

    private static void AssertWhole(ChatState state)
    {
        Assert.Contains(RoomName.Lobby, state.Rooms.Keys);
        foreach (Session session in state.Sessions.Values)
        {
            Assert.Same(session, state.FindNick(session.Who.Nick));
            Assert.All(session.Rooms, room => Assert.Same(session, state.Rooms[room].Members[session.Key].Session));
            Assert.True(session.Home is null || session.IsIn(session.Home));
        }

        foreach (Room room in state.Rooms.Values)
        {
            Assert.True(room.Members.Count > 0 || RoomName.Same(room.Name, RoomName.Lobby));
            Assert.All(room.Members, member => Assert.True(state.Sessions[member.Key].IsIn(room.Name)));
        }

        foreach (IGrouping<string, Session> host in state.Sessions.Values.GroupBy(session => session.Host))
            Assert.Equal(host.Count(), state.SessionsOf(host.Key));
        Assert.Equal(state.Sessions.Count, state.Sessions.Values.Select(session => session.Who.UserId).Distinct().Count());
    }

    private static void Over(Action<Random, LogEntry[]> check) => Seeds.Run(seed =>
    {
        var random = new Random(seed);
        for (int i = 0; i < Logs; i++)
            check(random, LogOf(random));
    });

    private static LogEntry[] LogOf(Random random)
    {
        var entries = new RandomEntries(random);
        long sequence = 0;
        return [.. Enumerable.Range(0, Length).Select(_ => new LogEntry(sequence += random.Next(1, 4), entries.Next()))];
    }

    private static (ChatState State, List<string> Said) Run(LogEntry[] log)
    {
        var state = new ChatState();
        return (state, Continue(state, log));
    }

    /// <summary>What each entry came to, and all that followed from it.</summary>
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
