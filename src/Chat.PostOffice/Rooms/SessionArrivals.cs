using ErlChat.Delivery;
using ErlChat.Log;
using ErlChat.Sessions;
using ErlChat.Settings;

namespace ErlChat.Rooms;

/// <summary>
/// Requests of sessions, or about messages, that this node does not know. The login, or the message, may have been on another node a moment
/// ago. So such a request waits until this node has applied what the log had when the request came.
/// </summary>
/// <remarks>Thread-safe. The log is asked once for all requests that come while it is being asked.</remarks>
internal sealed class SessionArrivals(IChatLog log, PostOffice office, ChatOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private Task<long> _asked = Task.FromResult(0L);
    private Task<long>? _next;
    private int _waiting;

    /// <summary>
    /// Whether a session that is unknown here may have logged in on another node. Always false in a chat with one unnamed node.
    /// </summary>
    internal bool MayArrive(SessionKey session) =>
        office.HasSeveralNodes && !office.IsStopping && session != default && office.Find(session) is null;

    /// <inheritdoc cref="ChatRoom.ArriveAsync"/>
    internal async ValueTask ArriveAsync(SessionKey session, CancellationToken gone)
    {
        if (!MayArrive(session) || options.SessionWait == TimeSpan.Zero)
            return;
        try
        {
            if (Interlocked.Increment(ref _waiting) <= options.MaxSessionWaits)
                await CatchUpAsync(long.MaxValue, options.SessionWait).WaitAsync(options.SessionWait, time, gone);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException or LogUnavailableException)
        {
            // The session then counts as unknown.
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <inheritdoc cref="ChatRoom.CatchUpAsync"/>
    internal async ValueTask<bool> CatchUpAsync(long sequence, CancellationToken gone)
    {
        if (!office.IsBehind(sequence + 1))
            return true;
        try
        {
            return await CatchUpAsync(sequence, options.HeadWait).WaitAsync(options.HeadWait, time, gone);
        }
        catch (Exception e) when (e is TimeoutException or LogUnavailableException)
        {
            return false;
        }
    }

    /// <summary>Waits for an entry, or for the newest one that the log has now if that is older; returns whether it has arrived.</summary>
    private async Task<bool> CatchUpAsync(long sequence, TimeSpan limit) =>
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
