using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>A state, fed by hand. Sequences have holes.</summary>
internal sealed class Fold
{
    private long _counter;

    internal ChatState State { get; } = new();

    /// <summary>What the last entry asked the post office to do.</summary>
    internal List<Posting> Postings { get; } = [];

    internal DateTimeOffset Now { get; set; } = new(2026, 11, 20, 7, 0, 0, TimeSpan.Zero);

    internal long Sequence { get; private set; }

    internal Outcome Apply(Entry entry)
    {
        Postings.Clear();
        Sequence += 3;
        return State.Apply(Sequence, entry with { Id = new CommandId("run", ++_counter), At = Now }, Postings)!;
    }

    internal Refusal Refused(Entry entry)
    {
        Refused refused = Assert.IsType<Refused>(Apply(entry));
        Assert.Empty(Postings);
        return refused.Why;
    }

    internal void Accepted(Entry entry) => Assert.Equal(Sequence + 3, Assert.IsType<Accepted>(Apply(entry), exactMatch: false).Sequence);

    internal static Joined Joining(
        string nick,
        string host = "192.0.2.1",
        string? home = RoomName.Lobby,
        string? wanted = null,
        bool adjust = false,
        string? name = null,
        int hostLimit = 100,
        int nickLimit = 16,
        string? key = null) =>
        new(SessionKey.Of(key ?? nick), nick, name ?? nick, $"id of {key ?? nick}", wanted, adjust, host, home, hostLimit, nickLimit);

    internal SessionKey Join(string nick, string host = "192.0.2.1", string? home = RoomName.Lobby)
    {
        Joined entry = Joining(nick, host, home);
        Assert.IsType<JoinAccepted>(Apply(entry));
        return entry.Session;
    }

    internal SessionKey JoinAdmin(string nick)
    {
        SessionKey key = Join(nick, "192.0.2.250");
        Accepted(new AdminGranted(key));
        return key;
    }

    internal Outcome Enter(SessionKey session, string room, bool quiet = false, int rooms = 100, int own = 100) =>
        Apply(new EnteredRoom(session, room, quiet, rooms, own));

    internal T Posted<T>()
        where T : Posting => Assert.Single(Postings.OfType<T>());
}
