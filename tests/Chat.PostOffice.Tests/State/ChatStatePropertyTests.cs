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
        Refusal.Unavailable,
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

    [Fact]
    public void Random_logs_meet_every_kind_of_outcome()
    {
        string[] wanted = [.. EveryEntry.Types.Select(kind => kind.Name), .. s_refusals.Select(why => why.ToString())];
        var met = new HashSet<string>();
        for (int i = 0; i < 40 && !met.IsSupersetOf(wanted); i++)
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

    private static void AssertConsistent(ChatState state)
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
            Assert.Equal(room.Members.Values.Count(member => member.Session.IsOnline), room.Online);
            Assert.Equal(room.Online, room.CopyPersons().Length);
        }

        // Presence: who is online counts for the address, and nobody else.
        foreach (IGrouping<string, Session> host in state.Sessions.Values.GroupBy(session => session.Host))
            Assert.Equal(host.Count(session => session.IsOnline), state.SessionsOf(host.Key));
        Assert.Equal(state.Sessions.Values.Count(session => session.IsOnline), state.Online);
        Assert.Equal(state.Sessions.Count, state.Sessions.Values.Select(session => session.Who.UserId).Distinct().Count());
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
