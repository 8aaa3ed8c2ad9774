using ErlChat.State;
using ErlChat.Telemetry;

namespace ErlChat.Snapshots;

/// <summary>Saves the state every so many entries, so that the next start need not replay the whole log.</summary>
/// <remarks>
/// Not thread-safe: used by the replay, then by the thread that follows the log, and at the stop once that has ended. Only copying the
/// state takes the caller's time, under the state's lock; saving does not.
/// </remarks>
internal sealed class SnapshotSaver(GuardedState state, ISnapshotStore store, RingTroubles troubles)
{
    private int _since;
    private Task _saving = Task.CompletedTask;

    /// <summary>Counts a replayed entry that is in no snapshot yet.</summary>
    internal void Count() => _since++;

    /// <summary>Counts an applied entry, and starts a snapshot if one is due.</summary>
    internal void Applied()
    {
        if (++_since < store.Interval || store.Interval == 0 || !_saving.IsCompleted)
            return;
        _since = 0;
        _saving = SaveAsync(CancellationToken.None);
    }

    /// <summary>
    /// Saves at the stop, unless the last snapshot is so recent that another would be of no use. A save that is not finished in time is
    /// reported as failed.
    /// </summary>
    internal async Task SaveLastAsync(CancellationToken cancellationToken)
    {
        await _saving.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_saving.IsCompleted && store.Interval > 0 && _since >= Math.Max(1, store.MinInterval))
            await SaveAsync(cancellationToken);
    }

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        long sequence = state.Now.Sequence;
        try
        {
            await store.SaveAsync(state.Capture(), cancellationToken).WaitAsync(cancellationToken);
            troubles.SnapshotSaved();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            troubles.SnapshotFailed(sequence, e);
        }
    }
}
