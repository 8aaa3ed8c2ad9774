using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using ErlChat.Members;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace ErlChat.Web.Oidc;

/// <summary>Somebody whom the provider knows and the chat does not yet, while choosing a nick. The browser keeps it, encrypted.</summary>
/// <param name="Issuer">The provider, as it names itself.</param>
/// <param name="Subject">The person, as the provider names them.</param>
/// <param name="Nick">A nick to suggest.</param>
/// <param name="To">Where the login leads (<see cref="Pages.LoginDestination"/>).</param>
/// <param name="Invitation">The token of an invitation; null for none.</param>
/// <param name="Until">When the browser has kept it for too long.</param>
internal sealed record Newcomer(string Issuer, string Subject, string Nick, string? To, string? Invitation, DateTimeOffset Until)
{
    /// <summary>How long somebody may think about the nick.</summary>
    internal static TimeSpan Lifetime { get; } = TimeSpan.FromMinutes(15);

    /// <summary>Over https with the prefix <c>__Host-</c>, like the session's cookie: neighbouring hosts cannot plant it.</summary>
    private const string Cookie = "chat_newcomer";

    private const string HostCookie = "__Host-" + Cookie;

    /// <summary>It is encrypted, so nothing in it needs escapes, which would make a nick six times longer.</summary>
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>More than the longest issuer, subject, nick and invitation need.</summary>
    private const int MaxCookieLength = 4000;

    internal ExternalIdentity Identity => new(Issuer, Subject);

    internal void Keep(HttpContext context, IDataProtector protector) => Write(
        context,
        WebEncoders.Base64UrlEncode(protector.Protect(JsonSerializer.SerializeToUtf8Bytes(this, s_json))),
        (int)Lifetime.TotalSeconds);

    internal static void Forget(HttpContext context) => Write(context, "", 0);

    /// <summary>The newcomer of a request; null if there is none, or its time is over.</summary>
    internal static Newcomer? Of(HttpContext context, IDataProtector protector, DateTimeOffset now)
    {
        if (context.Request.Cookies[NameFor(context.Request)] is not { Length: > 0 and < MaxCookieLength } kept)
            return null;
        try
        {
            byte[] plain = protector.Unprotect(WebEncoders.Base64UrlDecode(kept));
            return JsonSerializer.Deserialize<Newcomer>(plain) is { } newcomer && newcomer.Until > now ? newcomer : null;
        }
        catch (Exception e) when (e is FormatException or CryptographicException or JsonException)
        {
            return null;
        }
    }

    private static string NameFor(HttpRequest request) => request.IsHttps ? HostCookie : Cookie;

    /// <remarks>The prefix requires the path <c>/</c>.</remarks>
    private static void Write(HttpContext context, string value, int seconds)
    {
        HttpRequest request = context.Request;
        string path = request.IsHttps ? "/" : request.PathBase + OidcPaths.Nick;
        context.Response.Headers.Append(
            "Set-Cookie",
            $"{NameFor(request)}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax" + (request.IsHttps ? "; Secure" : ""));
    }
}
