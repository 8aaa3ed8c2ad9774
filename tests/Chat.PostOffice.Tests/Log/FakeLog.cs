using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ErlChat.Log;

namespace ErlChat.Tests;

/// <summary>What a <see cref="FakeLog"/> does with an entry.</summary>
public enum Taking
{
    /// <summary>Accepts it.</summary>
    Accepting,

    /// <summary>Throws that it is unavailable, before the call returns.</summary>
    RefusingAtOnce,

    /// <summary>Throws that it is unavailable, later.</summary>
    RefusingLater,

    /// <summary>Throws an exception that no log should throw.</summary>
    Breaking,
}

/// <summary>
/// A log that behaves like a message broker: entries come back later, on another thread, with gaps between them and, if the test asks,
/// twice.
/// </summary>
internal sealed class FakeLog : IChatLog
{
    private readonly Channel<LogEntry> _entries = Channel.CreateUnbounded<LogEntry>();
    private TaskCompletionSource? _held;
    private long _sequence;

    public string Epoch { get; } = Guid.NewGuid().ToString("N");

    internal Taking Taking { get; set; }

    /// <summary>Makes the next entry end the reading, once, with an exception that no log should throw.</summary>
    internal bool ReadingBreaks { get; set; }

    /// <summary>Makes the next entry end the reading for good.</summary>
    internal bool IsEnded { get; set; }

    /// <summary>Whether each entry is delivered again at a later position.</summary>
    internal bool Twice { get; init; }

    /// <summary>How many entries have been accepted.</summary>
    internal int Taken { get; private set; }

    /// <summary>From now on, accepts entries but neither confirms nor delivers them.</summary>
    internal void Hold() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    internal void Release()
    {
        TaskCompletionSource? held = _held;
        _held = null;
        held?.SetResult();
    }

    public ValueTask AppendAsync(Entry entry, CancellationToken cancellationToken) => Taking == Taking.RefusingAtOnce
        ? throw new LogUnavailableException("The disk is full.")
        : TakeAsync(entry);

    public async IAsyncEnumerable<LogEntry> ReadAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await _entries.Reader.WaitToReadAsync(cancellationToken))
        {
            if (ReadingBreaks)
            {
                ReadingBreaks = false;
                throw new IOException("The disk cannot be read.");
            }

            if (IsEnded)
                throw new LogEndedException("The log was rolled back.");
            LogEntry entry = await _entries.Reader.ReadAsync(cancellationToken);
            if (_held is { } held)
                await held.Task.WaitAsync(cancellationToken);
            if (entry.Sequence > after)
                yield return entry;
        }
    }

    private async ValueTask TakeAsync(Entry entry)
    {
        switch (Taking)
        {
            case Taking.RefusingLater:
                await Task.Yield();
                throw new LogUnavailableException("The disk is full.");
            case Taking.Breaking:
                throw new InvalidOperationException("A bug.");
        }

        Taken++;
        _sequence += 1 + Taken % 3;
        _entries.Writer.TryWrite(new LogEntry(_sequence, entry));
        if (Twice)
            _entries.Writer.TryWrite(new LogEntry(++_sequence, entry));
        if (_held is { } held)
            await held.Task;
        else
            await Task.Yield();
    }
}
