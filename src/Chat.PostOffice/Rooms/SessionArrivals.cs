using ErlChat.Delivery;
using ErlChat.Log;
using ErlChat.Sessions;
using ErlChat.Settings;

namespace ErlChat.Rooms;

/// <summary>
/// Requests of sessions that this node does not know. Their login may have been on another node a moment ago. So such a request waits until
/// this node has applied what the log had when the request came.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SessionArrivals(LogCatchUp catchUp, PostOffice office, ChatOptions options, TimeProvider time)
{
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
                await catchUp.CatchUpAsync(options.SessionWait).AsTask().WaitAsync(options.SessionWait, time, gone);
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
}
