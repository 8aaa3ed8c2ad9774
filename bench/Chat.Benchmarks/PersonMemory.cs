using System.Globalization;
using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Serialization;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Benchmarks;

/// <summary>
/// What a person costs in memory: the bytes that a garbage collection leaves in the fold, divided by the number of persons. The entries
/// are encoded and decoded as a stored log's are, so they share no strings.
/// </summary>
/// <remarks>
/// Nothing but the fold knows a person who is away, except the history. Each person comes from an address of its own, which is the most
/// expensive case.
/// </remarks>
internal sealed class PersonMemory
{
    private const int Persons = 100_000;

    /// <summary>So many that the list of members that each entry returns is short.</summary>
    private const int Rooms = 1_000;

    private static readonly DateTimeOffset s_at = new(2026, 11, 20, 7, 0, 0, TimeSpan.Zero);

    private ChatState _state = new();
    private long _sequence;

    internal static void Run(TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Bytes for each of {Persons:N0} persons, online and then offline"));
        Measure("guest in the lobby", static (_, _) => { });
        Measure("guest in another room too", static (memory, key) =>
            memory.Apply(new EnteredRoom(key, $"den{memory._sequence % Rooms}", false, Rooms + 1, 10)));
        Measure("member in the lobby", static (memory, key) => memory.Apply(new Registered(key, Persons)));

        void Measure(string who, Action<PersonMemory, SessionKey> prepare)
        {
            (long online, long offline) = new PersonMemory().Measure(prepare);
            output.WriteLine($"{who,-26} {online,6} {offline,6}");
        }
    }

    private (long Online, long Offline) Measure(Action<PersonMemory, SessionKey> prepare)
    {
        _state = new ChatState();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int number = 0; number < Persons; number++)
        {
            Apply(new Joined(
                KeyOf(number), $"guest{number:x5}", $"guest{number:x5}", UserId.Create(), null, AdjustNick: false, HostOf(number),
                RoomName.Lobby, HostLimit: 10, NickLimit: 16)
            {
                NickLook = $"gue5t{number:x5}",
                Keeps = true,
            });
            prepare(this, KeyOf(number));
        }

        long online = Weigh();
        for (int number = 0; number < Persons; number++)
            Apply(new WentOffline(KeyOf(number), s_at.AddDays(7), Persons, 10));
        long offline = Weigh();
        GC.KeepAlive(_state);
        return (online, offline);

        long Weigh() => (GC.GetTotalMemory(forceFullCollection: true) - before) / Persons;
    }

    private void Apply(Entry entry)
    {
        _sequence++;
        Entry whole = entry with { Id = new CommandId("run", _sequence), At = s_at.AddSeconds(_sequence) };
        if (_state.Apply(_sequence, EntryCodec.Decode(EntryCodec.Encode(whole)), new List<Posting>()) is not (Accepted or JoinAccepted))
            throw new InvalidOperationException("The fold refused an entry.");
    }

    private static SessionKey KeyOf(int number) => SessionKey.Of($"session {number}");

    private static string HostOf(int number) => $"10.{number / 65536}.{number / 256 % 256}.{number % 256}";
}
