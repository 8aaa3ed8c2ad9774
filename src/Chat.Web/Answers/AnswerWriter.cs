using System.Buffers;
using System.IO.Pipelines;
using ErlChat.Delivery;
using ErlChat.Mailboxes;
using ErlChat.Sessions;
using ErlChat.Web.Backpressure;
using ErlChat.Web.Requests;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Answers;

/// <summary>
/// Writes the answers of the ordinary pipeline in pieces. The next piece is written only once the client has read the previous one, so a
/// client that does not read costs no more than a piece. If it does not read a piece within <see cref="AnswerOptions.SendTimeout"/>, its
/// connection is aborted.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class AnswerWriter(UnreadAnswers unread, PostOffice office, TimeProvider time, IOptions<AnswerOptions> options)
{
    /// <summary>How long to wait at most for a request whose client has gone to be aborted.</summary>
    private static readonly TimeSpan s_abort = TimeSpan.FromSeconds(1);

    private static readonly object s_lease = new();

    internal int MaxAnswerBytes { get; } = options.Value.MaxAnswerBytes;

    /// <summary>
    /// Reserves room for an answer of full length until the request ends. Call it before the answer is built. Returns false if there is no
    /// room; answer with <see cref="RefuseAsync"/> then.
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

    /// <summary>Answers a request that there is no room for: HTTP 503, with <c>Retry-After: 1</c>.</summary>
    internal static Task RefuseAsync(HttpContext context)
    {
        CometReply refusal = CometReply.Error(Protocol.Comet.CometErrors.Unavailable);
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "1";
        CometReply.SetHeaders(context.Response, refusal.Body.Length);
        context.Response.BodyWriter.Write(refusal.Body.Span);
        return context.Response.BodyWriter.FlushAsync().AsTask();
    }

    /// <summary>Writes a body. The headers, with its length, must already be set.</summary>
    internal Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        CloseWhenStopping(context);
        if (body.Length > PieceWriter.Piece)
            return WriteLongAsync(context, body.Length, output => PieceWriter.WriteAsync(output, body));
        context.Response.BodyWriter.Write(body.Span);
        return FlushAsync(context, body.Length).AsTask();
    }

    /// <summary>Writes an answer that contains mail. <paramref name="length"/> is the Content-Length that is already set.</summary>
    internal Task WriteAsync(HttpContext context, Mail[] mail, MailFormat format, int length, byte[]? suffix = null)
    {
        CloseWhenStopping(context);
        if (length > PieceWriter.Piece)
            return WriteLongAsync(context, length, output => MailAnswer.WriteAsync(output, mail, format, suffix));
        MailAnswer.Write(context.Response.BodyWriter, mail, format, suffix);
        return FlushAsync(context, length).AsTask();
    }

    /// <summary>
    /// Writes an answer whose length is not known. Room for it must be reserved (<see cref="ReserveAsync"/>), and the headers be set.
    /// </summary>
    /// <param name="write">Writes it, and must end the writer.</param>
    internal async Task WriteLinesAsync(HttpContext context, Func<PieceWriter, ValueTask> write)
    {
        CloseWhenStopping(context);
        await write(new PieceWriter(context.Response.BodyWriter, () => FlushAsync(context, MaxAnswerBytes)));
    }

    /// <summary>Covers requests that began before the server started to stop.</summary>
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

    /// <summary>Sends what was written. Returns false if the client has gone.</summary>
    private ValueTask<bool> FlushAsync(HttpContext context, int length)
    {
        ValueTask<FlushResult> flushing = context.Response.BodyWriter.FlushAsync();
        return flushing.IsCompletedSuccessfully ? new ValueTask<bool>(!IsOver(flushing.Result)) : WatchAsync(context, flushing, length);
    }

    /// <summary>
    /// The client did not read the piece at once. From now on it counts as unread, and the client has
    /// <see cref="AnswerOptions.SendTimeout"/> to read it.
    /// </summary>
    private async ValueTask<bool> WatchAsync(HttpContext context, ValueTask<FlushResult> flushing, int length)
    {
        using IDisposable? lease = IsReserved(context) ? null : unread.TryHold(ReaderOf(context), length);
        if (lease is null && !IsReserved(context))
            context.Abort();
        using ITimer watch = time.CreateTimer(
            static context => ((HttpContext)context!).Abort(), context, options.Value.SendTimeout, Timeout.InfiniteTimeSpan);
        if (!IsOver(await flushing))
            return true;

        // Flushing ends slightly before Kestrel regards the request as aborted. An action that returned in between would be reported as one
        // that wrote too little.
        await Task.Delay(s_abort, TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return false;
    }

    private static bool IsReserved(HttpContext context) => context.Items.ContainsKey(s_lease);

    private static bool IsOver(in FlushResult flushed) => flushed.IsCompleted || flushed.IsCanceled;

    /// <summary>
    /// Only tokens of live sessions get a budget per session. Otherwise clients could create any number of budgets with invented tokens.
    /// </summary>
    private AnswerReader ReaderOf(HttpContext context)
    {
        SessionKey session = SessionCookie.Read(context.Request);
        return new AnswerReader(office.Find(session) is null ? default : session, HostAddress.Of(context.Connection.RemoteIpAddress));
    }
}

/// <summary>
/// Marks an action whose answer may be long and is built for this request alone. The action runs once there is room for the answer.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LongAnswerAttribute : Attribute, IAsyncResourceFilter
{
    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        AnswerWriter answers = context.HttpContext.RequestServices.GetRequiredService<AnswerWriter>();
        if (await answers.ReserveAsync(context.HttpContext))
            await next();
        else
            await AnswerWriter.RefuseAsync(context.HttpContext);
    }
}
