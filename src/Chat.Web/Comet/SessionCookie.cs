using Microsoft.Extensions.Primitives;

namespace ErlChat.Web.Comet;

/// <summary>The cookie that carries a session's token.</summary>
internal static class SessionCookie
{
    internal const string Name = "chat_sess";

    /// <summary>
    /// The session that a request says it is of; the default key when it says none. Read as the original did: the first cookie of that very name counts,
    /// a quoted value is unquoted.
    /// </summary>
    internal static SessionKey Read(HttpRequest request)
    {
        StringValues headers = request.Headers.Cookie;
        for (int i = 0; i < headers.Count; i++)
        {
            if (Find(headers[i], out ReadOnlySpan<char> token))
                return KeyOf(token);
        }

        return default;
    }

    /// <summary>The same from a request's only cookie header.</summary>
    internal static SessionKey Read(ReadOnlySpan<char> header) => Find(header, out ReadOnlySpan<char> token) ? KeyOf(token) : default;

    internal static void Set(HttpResponse response, string token, bool secure) =>
        response.Headers.SetCookie = $"{Name}={token}; Path=/; HttpOnly; SameSite=Lax{(secure ? "; Secure" : "")}";

    internal static void Delete(HttpResponse response, bool secure) =>
        response.Headers.SetCookie = $"{Name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{(secure ? "; Secure" : "")}";

    private static SessionKey KeyOf(ReadOnlySpan<char> token) => token.IsEmpty ? default : SessionKey.Of(token);

    private static bool Find(ReadOnlySpan<char> header, out ReadOnlySpan<char> token)
    {
        foreach (Range part in header.Split(';'))
        {
            ReadOnlySpan<char> pair = header[part].Trim(' ');
            int equals = pair.IndexOf('=');
            if (equals < 0 || !pair[..equals].TrimEnd(' ').SequenceEqual(Name))
                continue;
            token = pair[(equals + 1)..].TrimStart(' ');
            if (token is ['"', .., '"'])
                token = token[1..^1];
            return true;
        }

        token = default;
        return false;
    }
}
