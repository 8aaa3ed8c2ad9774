using ErlChat.Protocol.Comet;

namespace ErlChat.Client;

/// <summary>Reads the answer to a login, which is meant for browsers.</summary>
internal static class LoginAnswer
{
    internal const string CookieName = "chat_sess";

    /// <summary>The cookie's name over https.</summary>
    internal const string HostCookieName = "__Host-" + CookieName;

    /// <summary>The session's token; null if the answer does not set one.</summary>
    internal static string? TokenOf(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? cookies))
            return null;
        foreach (string cookie in cookies)
        {
            string[] pair = cookie.Split(';')[0].Split('=', 2, StringSplitOptions.TrimEntries);
            if (pair is [CookieName or HostCookieName, var value] && value.Trim('"') is { Length: > 0 } token)
                return token;
        }

        return null;
    }

    /// <summary>The word of a refusal; null if it is not a refusal. A server without the header says it only on the page.</summary>
    internal static string? RefusalOf(HttpResponseMessage response, string page)
    {
        if (response.Headers.TryGetValues(LoginRefusals.Header, out IEnumerable<string>? words))
            return words.First();
        if (page.Contains("You are banned from the chat server", StringComparison.Ordinal))
            return LoginRefusals.HostBanned;
        if (page.Contains("too many connections to the chat server", StringComparison.Ordinal))
            return LoginRefusals.HostFull;
        if (page.Contains("must be alphanumeric", StringComparison.Ordinal))
            return LoginRefusals.NickNotAllowed;
        return page.Contains("nickname is not available", StringComparison.Ordinal) ? LoginRefusals.NickInUse : null;
    }
}
