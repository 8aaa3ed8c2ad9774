using ErlChat.Appending;
using ErlChat.Log;
using ErlChat.Snapshots;
using ErlChat.State;
using ErlChat.Telemetry;

namespace ErlChat.Following;

/// <summary>
/// Follows the log for as long as the server runs, and has each entry applied. If reading fails, it starts again, unless the log has ended
/// for this process: then no command is executed any more.
/// </summary>
/// <remarks>One loop on the thread pool; the other members are for the code that starts and stops it. It has no lock.</remarks>
/// <param name="charges">Charges people for what they did on other nodes; null for a single unnamed node.</param>
internal sealed class LogFollower(
    IChatLog log,
    GuardedState state,
    EntryApplier applier,
    SnapshotSaver saver,
    CommandQueue commands,
    TimeProvider time,
    RingTroubles troubles,
    RemoteCharges? charges = null) : IDisposable
{
    /// <summary>How long to wait before reading the log again after a failure.</summary>
    private static readonly TimeSpan s_readAgain = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private Task _following = Task.CompletedTask;
    private volatile bool _logHasEnded;

    /// <summary>Cancelled when the log must no longer be read.</summary>
    internal CancellationToken Stopping => _stopping.Token;

    /// <summary>Whether the log is not being followed: not yet, or no longer.</summary>
    internal bool IsEnded => _following.IsCompleted;

    /// <summary>
    /// Whether the log has ended for this process. Then the state may contain what nobody else has, so it must not be saved.
    /// </summary>
    internal bool LogHasEnded => _logHasEnded;

    /// <summary>Starts following the log.</summary>
    /// <param name="reading">The enumerator that the replay began; a new one is created whenever one ends.</param>
    internal void Start(IAsyncEnumerator<LogEntry> reading)
    {
        // On the thread pool, because a log may run the reader's continuation inline and no caller's context should travel with it.
        _following = Task.Run(() => FollowAsync(reading), CancellationToken.None);
    }

    /// <summary>Asks the loop to end.</summary>
    internal Task CancelAsync() => _stopping.CancelAsync();

    /// <summary>Returns when the loop has ended or <paramref name="limit"/> is cancelled. Does not throw.</summary>
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
                    charges?.Charge(reading.Current.Entry);
                    applier.Apply(reading.Current);
                    saver.Applied();
                }
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                // The only expected end.
                return;
            }
            catch (LogEndedException)
            {
                // The log has said so. No command's entry comes back any more.
                _logHasEnded = true;
                commands.EndFollowing();
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

    /// <summary>Ends a reading. If even that fails, the failure is recorded and the next reading begins all the same.</summary>
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
