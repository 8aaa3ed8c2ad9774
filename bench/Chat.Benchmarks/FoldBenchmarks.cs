using BenchmarkDotNet.Attributes;
using ErlChat.Benchmarks.Support;
using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Benchmarks;

/// <summary>
/// The fold alone, without a log and without mail: ten thousand people come to the lobby, each says something, all leave. Every entry goes through this on one thread, and
/// a start goes through all entries since the snapshot, so it bounds messages a second and the time of a start.
/// </summary>
/// <remarks>For each entry; what is allocated is the outcome and the postings, and for those who come also the session and its places in the tables, which grow.</remarks>
// One call an iteration, of some milliseconds: more of them until the code is compiled for good.
[WarmupCount(30), IterationCount(20)]
public class FoldBenchmarks
{
    private const int People = 10_000;

    private static readonly SessionKey[] s_keys = [.. Enumerable.Range(0, People).Select(number => SessionKey.Of($"session {number}"))];

    private readonly List<Posting> _postings = [];
    private ChatState _state = new();
    private Entry[] _entries = [];
    private long _sequence;

    [IterationSetup(Target = nameof(Joined))]
    public void BeforeJoined()
    {
        _state = new ChatState();
        _sequence = 0;
        Prepare(number => new Joined(
            s_keys[number], $"nick{number}", $"nick{number}", $"id{number}", null, AdjustNick: false, $"192.0.2.{number % 250}", RoomName.Lobby, HostLimit: People, NickLimit: 16));
    }

    [IterationSetup(Target = nameof(Said))]
    public void BeforeSaid()
    {
        LetJoin();
        Prepare(number => new Said(s_keys[number], RoomName.Lobby, Samples.Said.Text, Action: false));
    }

    [IterationSetup(Target = nameof(Left))]
    public void BeforeLeft()
    {
        LetJoin();
        Prepare(number => new Left(s_keys[number], CloseReason.Left));
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = People)]
    public void Said() => Apply();

    [Benchmark(OperationsPerInvoke = People)]
    public void Joined() => Apply();

    [Benchmark(OperationsPerInvoke = People)]
    public void Left() => Apply();

    private void LetJoin()
    {
        BeforeJoined();
        Apply();
    }

    private void Prepare(Func<int, Entry> make)
    {
        _entries = [.. Enumerable.Range(0, People).Select(number => make(number) with { Id = new CommandId("run", _sequence + number + 1), At = Samples.At })];

        // Or the waste of the preparing brings a collection into some iterations and not into others.
        GC.Collect();
    }

    private void Apply()
    {
        foreach (Entry entry in _entries)
        {
            _postings.Clear();
            if (_state.Apply(++_sequence, entry, _postings) is not Accepted)
                throw new InvalidOperationException("The fold refused an entry.");
        }
    }
}
