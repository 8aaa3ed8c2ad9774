using ErlChat.Log;
using ErlChat.Sessions;

namespace ErlChat.Tests;

/// <summary>Random logs: few people, few rooms, little time, so that everything meets everything.</summary>
internal sealed class RandomEntries(Random random)
{
    private static readonly string[] s_nicks = ["ann", "Ann", "bob", "bob2", "cy", "admin", "a1", "zed"];
    private static readonly string[] s_rooms = ["lobby", "LOBBY", "den", "Den", "attic", "cellar"];
    private static readonly string[] s_hosts = ["192.0.2.1", "192.0.2.2", "2001:db8::/64"];
    private static readonly string?[] s_keys = [null, null, null, "k1", "k2"];
    private readonly Dictionary<string, long> _counters = [];
    private DateTimeOffset _now = new(2026, 11, 20, 7, 0, 0, TimeSpan.Zero);
    private int _made;

    /// <summary>Entries with ids as several runs of several processes would give them, and clocks that differ.</summary>
    internal Entry Next()
    {
        _now += TimeSpan.FromSeconds(random.Next(10) == 0 ? random.Next(400) : random.Next(3));
        string origin = $"run {random.Next(3)}";
        long counter = _counters[origin] = _counters.GetValueOrDefault(origin) + random.Next(1, 3);
        Entry entry = Kind() with { Id = new CommandId(origin, counter), At = _now + TimeSpan.FromSeconds(random.Next(-30, 30)) };
        return entry is SessionEntry own and not Joined ? own with { Key = Any(s_keys) } : entry;
    }

    private Entry Kind()
    {
        SessionKey who = Somebody();
        return random.Next(41) switch
        {
            < 9 => new Joined(
                who,
                Any(s_nicks),
                "Name",
                $"id {_made++}",
                random.Next(3) == 0 ? $"id {random.Next(6)}" : null,
                random.Next(2) == 0,
                Any(s_hosts),
                random.Next(4) == 0 ? null : Any(s_rooms),
                HostLimit: random.Next(1, 5),
                NickLimit: random.Next(1, 17)),
            < 12 => new Left(who, random.Next(2) == 0 ? CloseReason.Left : CloseReason.Timeout),
            < 17 => new EnteredRoom(who, Any(s_rooms), random.Next(3) == 0, random.Next(1, 5), random.Next(1, 5)),
            < 20 => new PartedRoom(who, Any(s_rooms)),
            < 25 => new Said(who, Any(s_rooms), "words", random.Next(2) == 0),
            < 27 => new Whispered(who, Any(s_nicks), "words"),
            < 28 => new Told(who, "text", null),
            < 30 => new Listed(who, random.Next(500)),
            < 32 => new TopicSet(who, Any(s_rooms), random.Next(2) == 0 ? "" : "topic"),
            < 35 => new AdminGranted(who),
            < 36 => new AdminRevoked(who),
            < 37 => new Kicked(who, Any(s_nicks), "reason"),
            < 38 => new Banned(who, Any(s_nicks), "reason", _now + TimeSpan.FromSeconds(random.Next(-5, 60))),
            < 39 => new Unbanned(who, Any(s_hosts)),
            < 40 => new Announced(who, "words"),
            _ => new Muted(who, Any(s_nicks), _now + TimeSpan.FromSeconds(random.Next(-5, 60))) { Outlives = random.Next(4) > 0 ? true : null },
        };
    }

    private SessionKey Somebody() => SessionKey.Of($"person {random.Next(12)}");

    private T Any<T>(T[] from) => from[random.Next(from.Length)];
}
