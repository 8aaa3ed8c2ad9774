using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Sessions;

namespace ErlChat.Tests;

/// <summary>
/// What every log must do; each log has a class that inherits these tests. The log that <see cref="OpenAsync"/> returns must keep its
/// entries for a later reader.
/// </summary>
public abstract class ChatLogContract : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private long _counter;

    /// <summary>Opens a new, empty log.</summary>
    protected abstract Task<IChatLog> OpenAsync();

    public virtual ValueTask DisposeAsync()
    {
        _stop.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_log_says_which_log_it_is()
    {
        IChatLog log = await OpenAsync();
        Assert.NotEmpty(log.Epoch);
        Assert.Equal(log.Epoch, log.Epoch);
        Assert.NotEqual(log.Epoch, (await OpenAsync()).Epoch);
    }

    /// <summary>0 from a log of one process, or at least the newest entry that has been acknowledged.</summary>
    [Fact]
    public async Task The_newest_position_is_not_below_what_was_acknowledged()
    {
        IChatLog log = await OpenAsync();
        await AppendAsync(log, 3);
        long newest = await log.NewestAsync(CancellationToken.None).WithinAsync();
        LogEntry[] read = await ReadAsync(log, after: 0, count: 3).WithinAsync();
        Assert.True(newest == 0 || newest >= read[^1].Sequence);
    }

    [Fact]
    public async Task Entries_come_in_the_order_of_appending_with_rising_sequences_above_0()
    {
        IChatLog log = await OpenAsync();
        Entry[] entries = await AppendAsync(log, 20);
        LogEntry[] read = await ReadAsync(log, after: 0, count: 20).WithinAsync();
        Assert.Equal(entries, read.Select(entry => entry.Entry));
        Assert.True(read[0].Sequence > 0);
        Assert.All(read.Zip(read.Skip(1)), pair => Assert.True(pair.First.Sequence < pair.Second.Sequence));
    }

    [Fact]
    public async Task A_later_reader_gets_the_entries_above_its_position_with_the_same_sequences()
    {
        IChatLog log = await OpenAsync();
        await AppendAsync(log, 10);
        LogEntry[] first = await ReadAsync(log, after: 0, count: 10).WithinAsync();
        LogEntry[] again = await ReadAsync(log, after: first[3].Sequence, count: 6).WithinAsync();
        Assert.Equal(first[4..], again);
    }

    [Fact]
    public async Task A_reader_follows_what_is_appended_while_it_waits()
    {
        IChatLog log = await OpenAsync();
        await using IAsyncEnumerator<LogEntry> reader = log.ReadAsync(0, _stop.Token).GetAsyncEnumerator(_stop.Token);
        for (int i = 0; i < 5; i++)
        {
            ValueTask<bool> next = reader.MoveNextAsync();
            Assert.False(next.IsCompleted);
            Entry[] entries = await AppendAsync(log, 1);
            Assert.True(await next.WithinAsync());
            Assert.Equal(entries[0], reader.Current.Entry);
        }

        ValueTask<bool> last = reader.MoveNextAsync();
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => last.WithinAsync());
    }

    [Fact]
    public async Task A_reader_goes_from_replaying_to_following_without_a_gap() => await Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        IChatLog log = await OpenAsync();
        Entry[] before = await AppendAsync(log, 50);
        Task<LogEntry[]> reading = Task.Run(() => ReadAsync(log, after: 0, count: 250));
        var appended = new List<Entry>(before);
        for (int i = 0; i < 200; i++)
        {
            appended.AddRange(await AppendAsync(log, 1));
            Thread.SpinWait(random.Next(500));
        }

        LogEntry[] read = await reading.WithinAsync();
        Assert.Equal(appended, read.Select(entry => entry.Entry));
    });

    [Fact]
    public async Task A_cancelled_reader_ends_and_another_may_read()
    {
        IChatLog log = await OpenAsync();
        await AppendAsync(log, 3);
        using (var cancel = new CancellationTokenSource())
        {
            IAsyncEnumerator<LogEntry> reader = log.ReadAsync(0, cancel.Token).GetAsyncEnumerator(cancel.Token);
            Assert.True(await reader.MoveNextAsync().WithinAsync());
            Assert.True(await reader.MoveNextAsync().WithinAsync());
            Assert.True(await reader.MoveNextAsync().WithinAsync());
            ValueTask<bool> waiting = reader.MoveNextAsync();
            Assert.False(waiting.IsCompleted);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WithinAsync());
            await reader.DisposeAsync();
        }

        Assert.Equal(3, (await ReadAsync(log, after: 0, count: 3).WithinAsync()).Length);
    }

    [Fact]
    public async Task A_reader_with_a_cancelled_token_reads_nothing()
    {
        IChatLog log = await OpenAsync();
        await AppendAsync(log, 1);
        var cancelled = new CancellationToken(canceled: true);
        IAsyncEnumerator<LogEntry> reader = log.ReadAsync(0, cancelled).GetAsyncEnumerator(cancelled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader.MoveNextAsync().WithinAsync());
        Assert.Single(await ReadAsync(log, after: 0, count: 1).WithinAsync());
    }

    [Fact]
    public async Task A_second_reader_at_the_same_time_is_a_mistake_and_does_not_disturb_the_first()
    {
        IChatLog log = await OpenAsync();
        await using IAsyncEnumerator<LogEntry> first = log.ReadAsync(0, _stop.Token).GetAsyncEnumerator(_stop.Token);
        ValueTask<bool> next = first.MoveNextAsync();
        IAsyncEnumerator<LogEntry> second = log.ReadAsync(0, _stop.Token).GetAsyncEnumerator(_stop.Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() => second.MoveNextAsync().WithinAsync());
        await AppendAsync(log, 1);
        Assert.True(await next.WithinAsync());
        ValueTask<bool> last = first.MoveNextAsync();
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => last.WithinAsync());
    }

    [Fact]
    public async Task An_append_need_not_wait_for_the_one_before_it()
    {
        IChatLog log = await OpenAsync();
        Entry[] entries = [.. Enumerable.Range(0, 100).Select(_ => Next())];
        ValueTask[] appends = [.. entries.Select(entry => log.AppendAsync(entry, CancellationToken.None))];
        foreach (ValueTask append in appends)
            await append.WithinAsync();
        Assert.Equal(entries, (await ReadAsync(log, after: 0, count: 100).WithinAsync()).Select(entry => entry.Entry));
    }

    [Fact]
    public async Task Every_kind_of_entry_comes_back_unchanged()
    {
        IChatLog log = await OpenAsync();
        Entry[] entries = [.. EveryEntry.Kinds().Select((entry, i) => entry with
        {
            Id = new CommandId("run", i),
            At = new DateTimeOffset(2026, 11, 20, 7, 0, 0, TimeSpan.Zero).AddTicks(i * 1234567),
        })];
        foreach (Entry entry in entries)
            await log.AppendAsync(entry, CancellationToken.None).WithinAsync();
        LogEntry[] read = await ReadAsync(log, after: 0, count: entries.Length).WithinAsync();
        Assert.Equal(entries, read.Select(entry => entry.Entry));
    }

    /// <summary>Reads a number of entries, then ends the reading.</summary>
    protected static async Task<LogEntry[]> ReadAsync(IChatLog log, long after, int count)
    {
        ArgumentNullException.ThrowIfNull(log);
        var read = new List<LogEntry>();
        await foreach (LogEntry entry in log.ReadAsync(after, CancellationToken.None))
        {
            read.Add(entry);
            if (read.Count == count)
                break;
        }

        return [.. read];
    }

    protected async Task<Entry[]> AppendAsync(IChatLog log, int count)
    {
        ArgumentNullException.ThrowIfNull(log);
        Entry[] entries = [.. Enumerable.Range(0, count).Select(_ => Next())];
        foreach (Entry entry in entries)
            await log.AppendAsync(entry, CancellationToken.None).WithinAsync();
        return entries;
    }

    private Said Next()
    {
        long counter = ++_counter;
        return new Said(SessionKey.Of("somebody"), RoomName.Lobby, $"text {counter}", Action: false) { Id = new CommandId("run", counter) };
    }
}
