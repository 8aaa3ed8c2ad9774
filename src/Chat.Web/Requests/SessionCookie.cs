using ErlChat.Sessions;
using Microsoft.Extensions.Primitives;

namespace ErlChat.Web.Requests;

/// <summary>
/// The cookie that carries a session's token: <c>__Host-chat_sess</c> over https, and <c>chat_sess</c> otherwise, because browsers only
/// accept the prefix over https. With the prefix, a browser sends the cookie to exactly this host, and does not let plain http or a
/// neighbouring host replace it.
/// </summary>
internal static class SessionCookie
{
    internal const string Name = "chat_sess";

    /// <summary>The name over https.</summary>
    internal const string HostName = "__Host-" + Name;

    /// <summary>
    /// The session that a request belongs to by its cookies; the default key if there is none. The longer name takes precedence, in any
    /// order. Cookies are parsed like the original did: the first one of a name counts, and a quoted value is unquoted.
    /// </summary>
    /// <remarks>
    /// Over https the plain name only counts for programs, which choose the cookie's name themselves and may be older than the longer name.
    /// In a browser, another site may have planted it to make the user write in another session.
    /// </remarks>
    internal static SessionKey Read(HttpRequest request)
    {
        StringValues headers = request.Headers.Cookie;
        Tokens tokens = default;
        for (int i = 0; i < headers.Count; i++)
            tokens.Look(headers[i]);
        return tokens.Session(takesPlain: !request.IsHttps || StringValues.IsNullOrEmpty(request.Headers["Sec-Fetch-Site"]));
    }

    /// <summary>The session of a request, from its only cookie header. The plain name counts.</summary>
    internal static SessionKey Read(ReadOnlySpan<char> header)
    {
        Tokens tokens = default;
        tokens.Look(header);
        return tokens.Session(takesPlain: true);
    }

    /// <summary>Sets the cookie. Other cookies of the answer stay.</summary>
    /// <param name="stays">
    /// Whether the browser keeps it when it is closed. The server decides how long the session lives, so the browser keeps the cookie for
    /// as long as browsers do at most, which is 400 days.
    /// </param>
    internal static void Set(HttpResponse response, string token, HttpRequest request, bool stays) =>
        response.Headers.Append("Set-Cookie", Line(request, token, stays ? "; Max-Age=34560000" : ""));

    /// <summary>Deletes the cookie. Over https, also deletes one with the plain name if the browser sent it.</summary>
    internal static void Delete(HttpResponse response, HttpRequest request)
    {
        const string none = "; Max-Age=0";
        string own = Line(request, "", none);
        response.Headers.SetCookie = request.IsHttps && request.Cookies.ContainsKey(Name)
            ? new StringValues([own, $"{Name}=; Path={PathFor(request)}{none}; HttpOnly; SameSite=Lax; Secure"])
            : own;
    }

    /// <summary>The path of this site's cookies, so that other applications on the host do not receive them.</summary>
    internal static string PathFor(HttpRequest request) => request.PathBase.HasValue ? request.PathBase.Value! : "/";

    /// <remarks>The prefix <c>__Host-</c> requires the path <c>/</c>.</remarks>
    private static string Line(HttpRequest request, string token, string life) => request.IsHttps
        ? $"{HostName}={token}; Path=/{life}; HttpOnly; SameSite=Lax; Secure"
        : $"{Name}={token}; Path={PathFor(request)}{life}; HttpOnly; SameSite=Lax";

    /// <summary>The tokens of a request's cookies.</summary>
    private ref struct Tokens
    {
        private ReadOnlySpan<char> _host;
        private ReadOnlySpan<char> _plain;
        private bool _hasHost;
        private bool _hasPlain;

        internal void Look(ReadOnlySpan<char> header)
        {
            foreach (Range part in header.Split(';'))
            {
                ReadOnlySpan<char> pair = header[part].Trim(' ');
                int equals = pair.IndexOf('=');
                if (equals < 0)
                    continue;
                ReadOnlySpan<char> name = pair[..equals].TrimEnd(' ');
                if (!_hasHost && name.SequenceEqual(HostName))
                {
                    _hasHost = true;
                    _host = Unquoted(pair[(equals + 1)..]);
                }
                else if (!_hasPlain && name.SequenceEqual(Name))
                {
                    _hasPlain = true;
                    _plain = Unquoted(pair[(equals + 1)..]);
                }
            }
        }

        internal readonly SessionKey Session(bool takesPlain)
        {
            ReadOnlySpan<char> token = _hasHost ? _host : takesPlain ? _plain : default;
            return token.IsEmpty ? default : SessionKey.Of(token);
        }

        private static ReadOnlySpan<char> Unquoted(ReadOnlySpan<char> value)
        {
            value = value.TrimStart(' ');
            return value is ['"', .., '"'] ? value[1..^1] : value;
        }
    }
}
