using System.Buffers;
using System.IO.Pipelines;
using ErlChat.Delivery;
using ErlChat.Mailboxes;
using ErlChat.Sessions;
using ErlChat.Web.Comet;
using ErlChat.Web.Stopping;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Answers;

/// <summary>
/// Writes the answers of the ordinary pipeline: in pieces, each taken by the client before the next is written, so that a client that takes nothing is not given the whole.
/// One that takes none of a piece for too long is cut off.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class AnswerWriter(UnreadAnswers unread, PostOffice office, TimeProvider time, IOptions<AnswerOptions> options)
{
    /// <summary>Bytes of a piece: half of what a connection's buffer takes before a writer has to wait.</summary>
    internal const int Piece = 32 * 1024;

    private static readonly object s_lease = new();

    internal int MaxAnswerBytes { get; } = options.Value.MaxAnswerBytes;

    /// <summary>
    /// Makes room for an answer of full length before it is made, until the request ends. False when there is none;
    /// <see cref="RefuseAsync"/> says so.
    /// </summary>
    internal async ValueTask<bool> ReserveAsync(HttpContext context)
    {
        IDisposable? lease = await unread.HoldAsync(ReaderOf(context), MaxAnswerBytes, context.RequestAborted);
        if (lease is null)
            return false;
        context.Items[s_lease] = lease;
        context.Response.RegisterForDispose(lease);
        return true;
    }

    /// <summary>The answer to a request that there is no room for.</summary>
    internal static Task RefuseAsync(HttpContext context)
    {
        CometReply refusal = CometReply.Error(Protocol.Comet.CometErrors.Unavailable);
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "1";
        CometReply.SetHeaders(context.Response, refusal.Body.Length);
        context.Response.BodyWriter.Write(refusal.Body.Span);
        return context.Response.BodyWriter.FlushAsync().AsTask();
    }

    /// <summary>Writes a body whose length the headers say already.</summary>
    internal Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        CloseWhenStopping(context);
        if (body.Length > Piece)
            return WriteLongAsync(context, body.Length, output => PieceWriter.WriteAsync(output, body));
        context.Response.BodyWriter.Write(body.Span);
        return FlushAsync(context, body.Length).AsTask();
    }

    /// <summary>Writes an answer with mail in it. <paramref name="length"/> is what the headers say already.</summary>
    internal Task WriteAsync(HttpContext context, Mail[] mail, CometFormat format, int length, byte[]? suffix = null)
    {
        CloseWhenStopping(context);
        if (length > Piece)
            return WriteLongAsync(context, length, output => MailAnswer.WriteAsync(output, mail, format, suffix));
        MailAnswer.Write(context.Response.BodyWriter, mail, format, suffix);
        return FlushAsync(context, length).AsTask();
    }

    /// <summary>For requests that began before the stop.</summary>
    private void CloseWhenStopping(HttpContext context)
    {
        if (office.IsStopping && !context.Response.HasStarted)
            ClosingAnswers.Close(context);
    }

    private async Task WriteLongAsync(HttpContext context, int length, Func<PieceWriter, ValueTask> write)
    {
        using IDisposable? lease = IsReserved(context) ? null : await unread.HoldAsync(ReaderOf(context), length, context.RequestAborted);
        if (lease is not null)
        {
            context.Items[s_lease] = lease;
        }
        else if (!IsReserved(context))
        {
            await RefuseAsync(context);
            return;
        }

        await write(new PieceWriter(context.Response.BodyWriter, () => FlushAsync(context, length)));
    }

    /// <summary>Sends what was written; false when nobody is there any more.</summary>
    private ValueTask<bool> FlushAsync(HttpContext context, int length)
    {
        ValueTask<FlushResult> flushing = context.Response.BodyWriter.FlushAsync();
        return flushing.IsCompletedSuccessfully ? new ValueTask<bool>(!IsOver(flushing.Result)) : WatchAsync(context, flushing, length);
    }

    /// <summary>The client does not take it at once: from now on it counts as unread, and the client has so long.</summary>
    private async ValueTask<bool> WatchAsync(HttpContext context, ValueTask<FlushResult> flushing, int length)
    {
        using IDisposable? lease = IsReserved(context) ? null : unread.TryHold(ReaderOf(context), length);
        if (lease is null && !IsReserved(context))
            context.Abort();
        using ITimer watch = time.CreateTimer(static context => ((HttpContext)context!).Abort(), context, options.Value.SendTimeout, Timeout.InfiniteTimeSpan);
        return !IsOver(await flushing);
    }

    private static bool IsReserved(HttpContext context) => context.Items.ContainsKey(s_lease);

    private static bool IsOver(in FlushResult flushed) => flushed.IsCompleted || flushed.IsCanceled;

    /// <summary>A token that is no session's makes nobody's partition, or strangers could make any number of them.</summary>
    private AnswerReader ReaderOf(HttpContext context)
    {
        SessionKey session = SessionCookie.Read(context.Request);
        return new AnswerReader(office.Find(session) is null ? default : session, HostAddress.Of(context.Connection.RemoteIpAddress));
    }
}
