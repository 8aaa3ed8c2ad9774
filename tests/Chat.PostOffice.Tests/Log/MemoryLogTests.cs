using ErlChat.Log;

namespace ErlChat.Tests;

/// <summary>The contract, and what only the log in memory promises.</summary>
public sealed class MemoryLogTests : ChatLogContract
{
    protected override Task<IChatLog> OpenAsync() => Task.FromResult<IChatLog>(new MemoryLog(retained: int.MaxValue));

    [Fact]
    public void Every_kind_of_entry_is_in_the_contracts_test() =>
        Assert.Equal(EveryEntry.Types.ToHashSet(), EveryEntry.Kinds().Select(entry => entry.GetType()).ToHashSet());

    [Fact]
    public async Task An_append_wakes_the_reader_inline()
    {
        var log = new MemoryLog();
        using var cancel = new CancellationTokenSource();
        int taker = 0;
        Task reading = Task.Run(async () =>
        {
            await foreach (LogEntry _ in log.ReadAsync(0, cancel.Token))
                Volatile.Write(ref taker, Environment.CurrentManagedThreadId);
        });

        // Until the reader waits, its own thread takes what is appended; from then on the appending one does.
        await Eventually.BeTrueAsync(() =>
        {
            Assert.True(log.AppendAsync(EveryEntry.Kinds().First(), CancellationToken.None).AsTask().IsCompletedSuccessfully);
            return Volatile.Read(ref taker) == Environment.CurrentManagedThreadId;
        });
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WithinAsync());
    }

    [Fact]
    public async Task Only_as_many_entries_as_asked_for_are_kept_for_a_later_reader()
    {
        var log = new MemoryLog(retained: 3);
        await AppendAsync(log, 10);
        Assert.Equal(10, (await ReadAsync(log, after: 0, count: 10).WithinAsync()).Length);
        Assert.Equal([8, 9, 10], (await ReadAsync(log, after: 0, count: 3).WithinAsync()).Select(entry => entry.Sequence));
    }

    // A second reader used to spin for ever: there were newer entries than its place, but none of them was kept.
    [Fact]
    public async Task A_later_reader_of_a_log_that_keeps_nothing_follows_from_now_on()
    {
        var log = new MemoryLog();
        await AppendAsync(log, 5);
        Assert.Equal(5, (await ReadAsync(log, after: 0, count: 5).WithinAsync()).Length);
        using var cancel = new CancellationTokenSource();
        try
        {
            IAsyncEnumerator<LogEntry> later = log.ReadAsync(0, cancel.Token).GetAsyncEnumerator(CancellationToken.None);
            Task<bool> next = await Task.Run(() => Task.FromResult(later.MoveNextAsync().AsTask())).WithinAsync();
            Assert.False(next.IsCompleted);
            await AppendAsync(log, 1);
            Assert.True(await next.WithinAsync());
            Assert.Equal(6, later.Current.Sequence);
            await later.DisposeAsync();
        }
        finally
        {
            await cancel.CancelAsync();
        }
    }

    [Fact]
    public async Task A_cancelled_append_adds_nothing()
    {
        var log = new MemoryLog(retained: 10);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => log.AppendAsync(EveryEntry.Kinds().First(), new CancellationToken(canceled: true)).WithinAsync());
        Entry[] entries = await AppendAsync(log, 1);
        Assert.Equal(entries, (await ReadAsync(log, after: 0, count: 1).WithinAsync()).Select(entry => entry.Entry));
    }
}
