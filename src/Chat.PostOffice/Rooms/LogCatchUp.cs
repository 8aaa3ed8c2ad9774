using ErlChat.Delivery;
using ErlChat.Log;
using ErlChat.Settings;

namespace ErlChat.Rooms;

/// <summary>
/// Waits until this node has applied what other nodes have written, and may have told their clients, a moment ago. Does not wait in a chat
/// with one unnamed node.
/// </summary>
/// <remarks>Thread-safe. The log is asked once for all callers that come while it is being asked.</remarks>
internal sealed class LogCatchUp(IChatLog log, PostOffice office, ChatOptions options, TimeProvider time)
{
    /// <summary>Stands for everything that the log has.</summary>
    internal const long Everything = long.MaxValue - 1;

    private readonly Lock _gate = new();
    private Task<long> _asked = Task.FromResult(0L);
    private Task<long>? _next;

    /// <summary>Whether other nodes may have written something that this one does not know. Always false with one unnamed node.</summary>
    internal bool MayBeBehind => office.HasSeveralNodes;

    /// <summary>Waits for all that the log had when the call came, at most for <see cref="ChatOptions.HeadWait"/>.</summary>
    /// <returns>Whether it has been applied.</returns>
    internal ValueTask<bool> CatchUpAsync() => CatchUpAsync(Everything);

    /// <inheritdoc cref="ChatRoom.CatchUpAsync"/>
    internal ValueTask<bool> CatchUpAsync(long sequence) => CatchUpAsync(sequence, options.HeadWait, CancellationToken.None);

    /// <summary>
    /// Waits for an entry, or for the newest one that the log had when the call came, if that is older. Throws only when the wait is ended.
    /// </summary>
    /// <param name="sequence">The entry's sequence, at most <see cref="Everything"/>.</param>
    /// <param name="limit">The longest wait. If it is 0, what this node knows counts as all that there is.</param>
    /// <param name="gone">Ends the wait.</param>
    /// <returns>Whether it has been applied; false also if the log cannot be asked.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="gone"/> was cancelled.</exception>
    internal async ValueTask<bool> CatchUpAsync(long sequence, TimeSpan limit, CancellationToken gone)
    {
        if (limit == TimeSpan.Zero || !office.IsBehind(sequence + 1))
            return true;
        try
        {
            return await WaitAsync(sequence, limit).WaitAsync(limit, time, gone);
        }
        catch (Exception e) when (e is TimeoutException or LogUnavailableException)
        {
            return false;
        }
    }

    private async Task<bool> WaitAsync(long sequence, TimeSpan limit) =>
        await office.ArriveAsync(Math.Min(sequence, await AskAsync()), limit);

    /// <summary>The newest position of the log, asked for after this call began.</summary>
    private Task<long> AskAsync()
    {
        lock (_gate)
        {
            if (_asked.IsCompleted && _next is null)
                return _asked = log.NewestAsync(CancellationToken.None).AsTask();
            return _next ??= AskAfterAsync(_asked);
        }
    }

    private async Task<long> AskAfterAsync(Task<long> before)
    {
        await ((Task)before).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        Task<long> asked;
        lock (_gate)
        {
            _next = null;
            _asked = asked = log.NewestAsync(CancellationToken.None).AsTask();
        }

        return await asked;
    }
}
