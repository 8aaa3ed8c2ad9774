using ErlChat.Delivery;
using ErlChat.Sessions;
using ErlChat.Settings;

namespace ErlChat.Rooms;

/// <summary>
/// Requests of sessions that this node does not know. Their login may have been on another node a moment ago. So such a request waits until
/// this node has applied what the log had when the request came.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SessionArrivals(LogCatchUp catchUp, PostOffice office, ChatOptions options)
{
    private int _waiting;

    /// <summary>
    /// Whether a session that is unknown here may have logged in on another node. Always false in a chat with one unnamed node.
    /// </summary>
    internal bool MayArrive(SessionKey session) =>
        office.HasSeveralNodes && session != default && office.Find(session) is null;

    /// <summary>The wait of <see cref="ChatRoom.ArriveAsync"/>, for a session that <see cref="MayArrive"/>.</summary>
    internal async ValueTask<bool> ArriveAsync(SessionKey session, CancellationToken gone)
    {
        // Without the wait, an unknown session counts as one that has ended.
        if (options.SessionWait == TimeSpan.Zero || options.MaxSessionWaits == 0)
            return true;
        if (office.IsStopping)
            return false;
        try
        {
            return (Interlocked.Increment(ref _waiting) <= options.MaxSessionWaits
                    && await catchUp.CatchUpAsync(LogCatchUp.Everything, options.SessionWait, gone))
                || office.Find(session) is not null;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
