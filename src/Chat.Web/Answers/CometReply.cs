using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using ErlChat.Outcomes;
using ErlChat.Protocol;
using ErlChat.Protocol.Comet;
using ErlChat.Sessions;
using ErlChat.State;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Answers;

/// <summary>
/// An answer of the comet protocol. The whole envelope is in memory, so it is sent either completely, with its length, or not at all.
/// </summary>
internal sealed class CometReply : IActionResult
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = WireEncoder.Instance, SkipValidation = true };

    private readonly ReadOnlyMemory<byte> _body;

    private readonly int _status;

    private CometReply(ReadOnlyMemory<byte> body, int status = StatusCodes.Status200OK) => (_body, _status) = (body, status);

    /// <summary>The answer to a poll that timed out without mail.</summary>
    internal static CometReply Reconnect { get; } = new(CometEnvelope.Reconnect.ToArray());

    /// <summary>The envelope.</summary>
    internal ReadOnlyMemory<byte> Body => _body;

    /// <summary>
    /// After how many seconds the client should return on another connection; this one is closed after the answer. Null for an ordinary
    /// answer.
    /// </summary>
    internal int? RetryAfter { get; private init; }

    private bool IsGzip { get; init; }

    /// <summary>The same answer with another HTTP status.</summary>
    internal CometReply WithStatus(int status) => new(_body, status);

    /// <summary>The same answer, compressed. Compressing is slow, so this is for answers that are kept and sent to many clients.</summary>
    internal CometReply ToGzip() => new(Zip(_body), _status) { IsGzip = true };

    /// <summary>
    /// An ok answer. <paramref name="response"/> writes one value; <paramref name="more"/> writes members that old clients ignore.
    /// </summary>
    internal static CometReply Ok(Action<Utf8JsonWriter> response, Action<Utf8JsonWriter>? more = null) => Envelope("ok"u8, response, more);

    /// <summary>An ok answer without content.</summary>
    internal static CometReply Ok() => Ok(static json => json.WriteStringValue(""u8));

    /// <summary>The answer that a command was accepted, with the sequence of its entry.</summary>
    internal static CometReply Ok(long id) => Ok(static json => json.WriteStringValue(""u8), json => json.WriteNumber("id"u8, id));

    /// <summary>An error answer, HTTP 200 like every answer to a session's call.</summary>
    internal static CometReply Error(string code, Action<Utf8JsonWriter>? more = null) =>
        Envelope("error"u8, json => json.WriteStringValue(code), more);

    /// <summary>The answer to a session that has ended. <paramref name="reason"/> is null if it is no longer known.</summary>
    internal static CometReply BadSession(CloseReason? reason) => reason is null
        ? Error(CometErrors.BadSession)
        : Error(CometErrors.BadSession, json => json.WriteString("reason"u8, ReasonText(reason.Value)));

    /// <summary>The answer to a session that an administrator has ended, if the client has not read the notice.</summary>
    internal static CometReply BadSession(Removal removal) => Error(CometErrors.BadSession, json =>
    {
        json.WriteString("reason"u8, ReasonText(removal.Closing));
        json.WriteString("text"u8, removal.Words());
    });

    /// <summary>
    /// The answer to a poll while the server stops. Old clients see an ordinary answer; newer ones also read after how long to return.
    /// </summary>
    internal static CometReply StoppingWait(TimeSpan retryAfter)
    {
        CometReply reply = Ok(
            static json => json.WriteStringValue("reconnect"u8),
            json =>
            {
                json.WriteBoolean("stopping"u8, true);
                json.WriteNumber("retry_after"u8, Math.Round(retryAfter.TotalSeconds, 2));
            });
        return new CometReply(reply._body) { RetryAfter = (int)Math.Ceiling(retryAfter.TotalSeconds) };
    }

    /// <summary>The answer to a refusal.</summary>
    internal static CometReply Refused(Refused refused)
    {
        TimeSpan? wait = refused.Why is Refusal.RateLimited or Refusal.Muted or Refusal.SlowMode ? refused.Wait : null;
        return Error(
            RefusalTable.CometError(refused.Why),
            wait is null ? null : json => json.WriteNumber("retry_after"u8, (long)Math.Ceiling(wait.Value.TotalSeconds)));
    }

    public Task ExecuteResultAsync(ActionContext context) => WriteToAsync(context.HttpContext.Response);

    internal Task WriteToAsync(HttpResponse response) =>
        WriteToAsync(response.HttpContext, response.HttpContext.RequestServices.GetRequiredService<AnswerWriter>());

    internal Task WriteToAsync(HttpContext context, AnswerWriter answers)
    {
        HttpResponse response = context.Response;
        response.StatusCode = _status;
        SetHeaders(response, _body.Length);
        if (RetryAfter is { } seconds)
        {
            ClosingAnswers.Close(context);
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (IsGzip)
            response.Headers.ContentEncoding = "gzip";
        return answers.WriteAsync(context, _body);
    }

    internal static void SetHeaders(HttpResponse response, int length)
    {
        response.ContentType = CometEnvelope.ContentType;
        response.Headers.CacheControl = "no-store";
        response.ContentLength = length;
    }

    private static byte[] Zip(ReadOnlyMemory<byte> body)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal))
            gzip.Write(body.Span);
        return zipped.ToArray();
    }

    private static string ReasonText(CloseReason reason) => reason switch
    {
        CloseReason.Left => "left",
        CloseReason.Timeout => "timeout",
        CloseReason.Kicked => "kicked",
        CloseReason.Banned => "banned",
        _ => throw new System.Diagnostics.UnreachableException(reason.ToString()),
    };

    private static CometReply Envelope(ReadOnlySpan<byte> status, Action<Utf8JsonWriter> response, Action<Utf8JsonWriter>? more)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            json.WriteStartObject();
            json.WriteString("status"u8, status);
            json.WritePropertyName("response"u8);
            response(json);
            more?.Invoke(json);
            json.WriteEndObject();
        }

        return new CometReply(buffer.WrittenMemory);
    }
}
