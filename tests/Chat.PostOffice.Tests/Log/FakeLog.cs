using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ErlChat.Log;

namespace ErlChat.Tests;

/// <summary>How a <see cref="FakeLog"/> takes an entry.</summary>
public enum Taking
{
    /// <summary>It takes it.</summary>
    Well,

    /// <summary>It throws that it is unavailable, before it returns.</summary>
    RefusingAtOnce,

    /// <summary>It throws that it is unavailable, later.</summary>
    RefusingLater,

    /// <summary>It throws something that no log should.</summary>
    Breaking,
}

/// <summary>A log as a broker might be: entries come back later, on another thread, with holes between them, and if wanted twice.</summary>
internal sealed class FakeLog : IChatLog
{
    private readonly Channel<LogEntry> _entries = Channel.CreateUnbounded<LogEntry>();
    private TaskCompletionSource? _held;
    private long _sequence;

    public string Epoch { get; } = Guid.NewGuid().ToString("N");

    internal Taking Taking { get; set; }

    /// <summary>The next entry ends the reading, once, with an exception that no log should throw.</summary>
    internal bool ReadingBreaks { get; set; }

    /// <summary>Whether each entry is delivered a second time, at a later place.</summary>
    internal bool Twice { get; init; }

    /// <summary>Entries that were taken.</summary>
    internal int Taken { get; private set; }

    /// <summary>From now on entries are taken, but neither confirmed nor delivered.</summary>
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
