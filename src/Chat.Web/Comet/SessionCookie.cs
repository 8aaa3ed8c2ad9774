using ErlChat.Sessions;
using Microsoft.Extensions.Primitives;

namespace ErlChat.Web.Comet;

/// <summary>
/// The cookie that carries a session's token: <c>__Host-chat_sess</c> over https, <c>chat_sess</c> otherwise, where browsers take no cookie
/// of the other name. That prefix makes a browser keep the cookie to this very host, and refuse one that plain http or a neighbouring host
/// wants to put in its place.
/// </summary>
internal static class SessionCookie
{
    internal const string Name = "chat_sess";

    /// <summary>The name over https.</summary>
    internal const string HostName = "__Host-" + Name;

    /// <summary>
    /// The session that a request says it is of; the default key when it says none. The cookie of the longer name wins, wherever it stands.
    /// Each is read as the original did: the first of that very name counts, a quoted value is unquoted.
    /// </summary>
    /// <remarks>
    /// Over https the plain name counts for programs only, which name the cookie themselves and may be older than the longer name. From a
    /// browser it may have been planted, to make the user speak in another's session.
    /// </remarks>
    internal static SessionKey Read(HttpRequest request)
    {
        StringValues headers = request.Headers.Cookie;
        Tokens tokens = default;
        for (int i = 0; i < headers.Count; i++)
            tokens.Look(headers[i]);
        return tokens.Session(takesPlain: !request.IsHttps || StringValues.IsNullOrEmpty(request.Headers["Sec-Fetch-Site"]));
    }

    /// <summary>The same from a request's only cookie header, where the plain name counts.</summary>
    internal static SessionKey Read(ReadOnlySpan<char> header)
    {
        Tokens tokens = default;
        tokens.Look(header);
        return tokens.Session(takesPlain: true);
    }

    internal static void Set(HttpResponse response, string token, HttpRequest request) => response.Headers.SetCookie = Line(request, token, "");

    /// <summary>Takes the cookie away; over https also one of the plain name, if the browser has that too.</summary>
    internal static void Delete(HttpResponse response, HttpRequest request)
    {
        const string none = "; Max-Age=0";
        string own = Line(request, "", none);
        response.Headers.SetCookie = request.IsHttps && request.Cookies.ContainsKey(Name)
            ? new StringValues([own, $"{Name}=; Path={PathFor(request)}{none}; HttpOnly; SameSite=Lax; Secure"])
            : own;
    }

    /// <summary>The path that a cookie of this site is for, so that what else there is on the host does not get it.</summary>
    internal static string PathFor(HttpRequest request) => request.PathBase.HasValue ? request.PathBase.Value! : "/";

    /// <remarks>The prefix of the name over https demands the path <c>/</c>.</remarks>
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
