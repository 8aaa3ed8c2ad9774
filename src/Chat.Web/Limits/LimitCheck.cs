using System.Globalization;
using ErlChat.Delivery;
using ErlChat.Limits;
using ErlChat.Outcomes;
using ErlChat.Protocol.Comet;
using ErlChat.Sessions;
using ErlChat.Web.Answers;
using ErlChat.Web.Requests;

namespace ErlChat.Web.Limits;

/// <summary>
/// Charges each request after routing, and refuses it if its limit is used up. Files and unknown paths cost the same as pages.
/// </summary>
internal sealed class LimitCheck(RequestDelegate next, Admission admission, PostOffice office)
{
    public Task InvokeAsync(HttpContext context)
    {
        Charge charge = context.GetEndpoint()?.Metadata.GetMetadata<LimitAttribute>()?.Charge ?? Charge.Page;
        if (charge == Charge.Poll)
            return next(context);
        string host = HostAddress.Of(context.Connection.RemoteIpAddress);
        SessionKey? session = charge == Charge.Session
            && SessionCookie.Read(context.Request) is var key && office.Find(key) is { IsClosed: false } ? key : null;
        if ((charge == Charge.Probe ? admission.Probe(host) : admission.Read(session, host)) is not { } refused)
            return next(context);

        // Calls of a session are always answered with 200.
        return session is not null
            ? CometReply.Refused(refused).WriteToAsync(context.Response)
            : RefuseAsync(context.Response, refused, charge);
    }

    /// <summary>Refuses a request without a session, with 429.</summary>
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
        return response.WriteAsync(string.Create(
            CultureInfo.InvariantCulture, $"Too many requests from your address. Please try again in {seconds} s.\n"));
    }

    internal static long SecondsOf(Refused refused) => (long)Math.Ceiling((refused.Wait ?? TimeSpan.FromSeconds(1)).TotalSeconds);

    /// <summary>Sets the header that says how long to wait, in whole seconds.</summary>
    internal static void SetRetryAfter(HttpResponse response, long seconds) =>
        response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
}
