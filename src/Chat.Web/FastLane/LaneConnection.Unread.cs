using System.IO.Pipelines;
using System.Net;
using ErlChat.Mailboxes;
using ErlChat.Sessions;
using ErlChat.Web.Backpressure;
using Microsoft.AspNetCore.Connections;

namespace ErlChat.Web.FastLane;

/// <content>Answers that the client does not read at once. They count as unread, and there is a time limit for reading them.</content>
internal sealed partial class LaneConnection
{
    /// <summary>Writes an answer piece by piece, so that a client that does not read costs no more than a piece.</summary>
    private async ValueTask WriteLongAsync(Mail[] mail, bool isNewer, int length)
    {
        IDisposable? lease = null;
        try
        {
            lane.Answers.WriteHead(_output, length, closes: _isOver);
            await lane.Answers.WriteAsync(new PieceWriter(_output, FlushAsync), mail, isNewer);
        }
        finally
        {
            lease?.Dispose();
        }

        async ValueTask<bool> FlushAsync()
        {
            ValueTask<FlushResult> flushing = _output.FlushAsync();
            if (!flushing.IsCompleted)
                lease ??= Hold(length);
            FlushResult flushed = await WatchAsync(flushing);
            bool isGone = flushed.IsCompleted || flushed.IsCanceled;
            _isOver |= isGone;
            return !isGone;
        }
    }

    /// <summary>Waits until the client has read a short answer.</summary>
    private async ValueTask<FlushResult> WaitTakenAsync(ValueTask<FlushResult> flushing)
    {
        using IDisposable? lease = Hold(PieceWriter.Piece);
        return await WatchAsync(flushing);
    }

    private async ValueTask<FlushResult> WatchAsync(ValueTask<FlushResult> flushing)
    {
        if (!flushing.IsCompleted)
            Volatile.Write(ref _deadline, lane.DeadlineOf(lane.SendTimeout));
        FlushResult flushed = await flushing;
        Volatile.Write(ref _deadline, 0);
        return flushed;
    }

    /// <summary>
    /// Counts an unread answer. If that exceeds a bound, the connection is aborted. No message is lost, because the next poll asks for the
    /// same ones.
    /// </summary>
    private IDisposable? Hold(int bytes)
    {
        string address = (_box is null ? null : lane.Polls.HostOf(_session))
            ?? HostAddress.Of((connection.RemoteEndPoint as IPEndPoint)?.Address);
        IDisposable? lease = lane.Unread.TryHold(new AnswerReader(_box is null ? default : _session, address), bytes);
        if (lease is null)
            connection.Abort(new ConnectionAbortedException("Too many answers wait for this client to take them."));
        return lease;
    }
}
