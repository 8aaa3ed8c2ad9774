using ErlChat.Log;
using ErlChat.Snapshots;
using ErlChat.State;
using ErlChat.Telemetry;

namespace ErlChat.Following;

/// <summary>
/// Follows the log for as long as the server runs, and has each entry applied. A reading that fails is started again.
/// </summary>
/// <remarks>One loop on the thread pool; the other members are for whoever starts and stops it. It takes no lock of its own.</remarks>
internal sealed class LogFollower(
    IChatLog log,
    GuardedState state,
    EntryApplier applier,
    SnapshotSaver saver,
    TimeProvider time,
    RingTroubles troubles) : IDisposable
{
    /// <summary>The pause before a log that could not be read is read again.</summary>
    private static readonly TimeSpan s_readAgain = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private Task _following = Task.CompletedTask;

    /// <summary>Cancelled when the log is to be read no longer.</summary>
    internal CancellationToken Stopping => _stopping.Token;

    /// <summary>Whether the log is not being followed: not yet, or no longer.</summary>
    internal bool IsEnded => _following.IsCompleted;

    /// <param name="reading">The reading that the replay began; a new one is begun whenever one ends.</param>
    internal void Start(IAsyncEnumerator<LogEntry> reading)
    {
        // On the pool, because a log may continue the reader inline and no caller's context should travel with it.
        _following = Task.Run(() => FollowAsync(reading), CancellationToken.None);
    }

    /// <summary>Asks the loop to end.</summary>
    internal Task CancelAsync() => _stopping.CancelAsync();

    /// <summary>Returns when the loop has ended, or at the limit. Does not throw.</summary>
    internal async Task EndedAsync(CancellationToken limit) =>
        await _following.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public void Dispose() => _stopping.Dispose();

    private async Task FollowAsync(IAsyncEnumerator<LogEntry>? reading)
    {
        while (true)
        {
            try
            {
                reading ??= log.ReadAsync(state.Now.Sequence, _stopping.Token).GetAsyncEnumerator(_stopping.Token);
                while (await reading.MoveNextAsync())
                {
                    troubles.Read();
                    applier.Apply(reading.Current);
                    saver.Applied();
                }
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                // The only way that a log should end.
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                troubles.ReadFailed(state.Now.Sequence, e);
            }
            finally
            {
                await EndReadingAsync(reading);
                reading = null;
            }

            try
            {
                await Task.Delay(s_readAgain, time, _stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>A reading that cannot even be ended properly is one that failed; the next one is begun all the same.</summary>
    private async ValueTask EndReadingAsync(IAsyncEnumerator<LogEntry>? reading)
    {
        try
        {
            if (reading is not null)
                await reading.DisposeAsync();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            troubles.ReadFailed(state.Now.Sequence, e);
        }
    }
}
