using System.Globalization;
using ErlChat.Delivery;
using ErlChat.Limits;
using ErlChat.Outcomes;
using ErlChat.Protocol.Comet;
using ErlChat.Sessions;
using ErlChat.Web.Comet;

namespace ErlChat.Web.Limits;

/// <summary>Takes what a request costs, behind the routing, and answers in its place when there is none left. Files and unknown paths cost like pages.</summary>
internal sealed class LimitCheck(RequestDelegate next, Admission admission, PostOffice office)
{
    public Task InvokeAsync(HttpContext context)
    {
        Charge charge = context.GetEndpoint()?.Metadata.GetMetadata<LimitAttribute>()?.Charge ?? Charge.Page;
        if (charge == Charge.Poll)
            return next(context);
        string host = HostAddress.Of(context.Connection.RemoteIpAddress);
        SessionKey? session = charge == Charge.Session && SessionCookie.Read(context.Request) is var key && office.Find(key) is { IsClosed: false } ? key : null;
        if ((charge == Charge.Probe ? admission.Probe(host) : admission.Read(session, host)) is not { } refused)
            return next(context);

        // A session's call is always answered with 200.
        return session is not null ? CometReply.Refused(refused).WriteToAsync(context.Response) : RefuseAsync(context.Response, refused, charge);
    }

    /// <summary>The answer to somebody without a session.</summary>
    internal static Task RefuseAsync(HttpResponse response, Refused refused, Charge charge)
    {
        long seconds = SecondsOf(refused);
        SetRetryAfter(response, seconds);
        if (charge is Charge.Session or Charge.Poll)
            return CometReply.Refused(refused).WithStatus(StatusCodes.Status429TooManyRequests).WriteToAsync(response);
        response.StatusCode = StatusCodes.Status429TooManyRequests;
        response.Headers.CacheControl = "no-store";
        if (charge == Charge.Login)
            response.Headers[LoginRefusals.Header] = LoginRefusals.RateLimited;
        response.ContentType = "text/plain; charset=utf-8";
        return response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"Too many requests from your address. Please try again in {seconds} s.\n"));
    }

    internal static long SecondsOf(Refused refused) => (long)Math.Ceiling((refused.Wait ?? TimeSpan.FromSeconds(1)).TotalSeconds);

    /// <summary>How long to wait, in whole seconds.</summary>
    internal static void SetRetryAfter(HttpResponse response, long seconds) => response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
}
