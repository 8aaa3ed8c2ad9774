using System.Buffers;
using ErlChat.Protocol.Comet;
using ErlChat.Web.Hosting;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Comet;

/// <summary>
/// <c>GET /chat/wait/?msg_id=N</c>: the parked poll. Tens of thousands of these wait at once, so it holds no scope, no view, no linked token and one timer
/// (<c>docs/adr/0004</c>).
/// </summary>
internal sealed class WaitEndpoint(PostOffice office, ChatRoom room, CometFormat format, IOptions<ChatOptions> options, TimeProvider time, ChatMetrics metrics)
{
    private readonly TimeSpan _timeout = options.Value.PollTimeout;
    private readonly TimeSpan _jitter = options.Value.PollJitter;

    internal async Task HandleAsync(HttpContext context)
    {
        if (office.Find(SessionCookie.Read(context.Request)) is not { } box)
        {
            await CometReply.BadSession(null).WriteToAsync(context.Response);
            return;
        }

        WaitQuery query = WaitQuery.Parse(context.Request.QueryString.Value);
        if (query.Epoch is not null && query.Epoch != room.Epoch)
        {
            await CometReply.Error(CometErrors.Resync).WriteToAsync(context.Response);
            return;
        }

        bool watched = metrics.WatchesWaits;
        long started = watched ? time.GetTimestamp() : 0;
        MailRead read = await box.ReadAsync(query.MessageId, !query.AllJoins, Patience(), context.RequestAborted);
        if (watched)
            metrics.Waited(read.Status, time.GetElapsedTime(started));
        await AnswerAsync(context.Response, read);
    }

    private async Task AnswerAsync(HttpResponse response, MailRead read)
    {
        switch (read.Status)
        {
            case MailStatus.Mail:
                await MailAnswer.WriteAsync(response, read.Mail, format);
                break;
            case MailStatus.Timeout:
                CometReply.SetHeaders(response, CometEnvelope.Reconnect.Length);
                response.BodyWriter.Write(CometEnvelope.Reconnect);
                await response.BodyWriter.FlushAsync();
                break;
            case MailStatus.Resync:
                await CometReply.Error(CometErrors.Resync).WriteToAsync(response);
                break;
            case MailStatus.Superseded:
                await CometReply.Error(CometErrors.Superseded).WriteToAsync(response);
                break;
            case MailStatus.Closed:
                await CometReply.BadSession(read.Reason).WriteToAsync(response);
                break;
            case MailStatus.Stopping:
                await AnswerStoppingAsync(response);
                break;
            case MailStatus.Aborted:
                // Nobody is there to be answered.
                break;
            default:
                throw new System.Diagnostics.UnreachableException(read.Status.ToString());
        }
    }

    /// <summary>Tells when to come back, each poll another time, so that ten thousand do not come at once.</summary>
    private static Task AnswerStoppingAsync(HttpResponse response)
    {
        var retryAfter = TimeSpan.FromSeconds(1 + Random.Shared.NextDouble() * 4);
        response.Headers.Connection = "close";
        response.Headers.RetryAfter = ((int)Math.Ceiling(retryAfter.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return CometReply.StoppingWait(retryAfter).WriteToAsync(response);
    }

    /// <summary>Each poll's own time, so that polls that were parked together do not come back together for ever.</summary>
    private TimeSpan Patience() => _timeout + _jitter * (Random.Shared.NextDouble() * 2 - 1);

    /// <summary>The parameters of a poll; of equal names the first counts.</summary>
    private readonly ref struct WaitQuery
    {
        internal long MessageId { get; private init; }

        /// <summary>The log that the id is of; null when the client did not say.</summary>
        internal string? Epoch { get; private init; }

        /// <summary>Whether the client sorts out by itself which joins and leaves its lists already have.</summary>
        internal bool AllJoins { get; private init; }

        internal static WaitQuery Parse(string? query)
        {
            long? messageId = null;
            string? epoch = null;
            bool? allJoins = null;
            foreach (QueryStringEnumerable.EncodedNameValuePair pair in new QueryStringEnumerable(query))
            {
                ReadOnlySpan<char> name = pair.DecodeName().Span;
                if (name.SequenceEqual("msg_id"))
                    messageId ??= Protocol.Comet.MessageId.Parse(pair.DecodeValue().Span);
                else if (name.SequenceEqual("epoch"))
                    epoch ??= pair.DecodeValue().ToString();
                else if (name.SequenceEqual("joins"))
                    allJoins ??= pair.DecodeValue().Span.SequenceEqual("all");
            }

            return new WaitQuery { MessageId = messageId ?? 0, Epoch = epoch, AllJoins = allJoins ?? false };
        }
    }
}
