using System.Globalization;
using System.Text;
using ErlChat.Mailboxes;
using ErlChat.Sessions;

namespace ErlChat.Web.Comet;

/// <summary>
/// The cookie <c>chat_list</c>: which of the lobby's joins and leaves the session's readers have already seen in a list. The mailbox remembers
/// that; the cookie carries it over a restart of the server, in any browser, without an entry in the log. It is set while there is something
/// to remember only, and narrows what its own sender is told, nothing else: what is malformed, or of another session, counts as absent.
/// </summary>
/// <remarks>Its form is <c>SESSION.CURSOR.BEGIN.TO.ONLY</c>, the last four once more for each further reader, the newest at the end.</remarks>
internal static class ListCookie
{
    internal const string Name = "chat_list";

    /// <summary>Readers that it has room for: 8 take 500 bytes at the most.</summary>
    internal const int MaxLists = 8;

    private const int Fields = 4;

    // Enough to tell a session's from the one before it in the same browser.
    private const int TagLength = 8;

    /// <summary>Tells a mailbox what the request's cookie has.</summary>
    internal static void Recall(HttpRequest request, Mailbox box)
    {
        foreach (string? header in request.Headers.Cookie)
        {
            if (Find(header, out ReadOnlySpan<char> value))
            {
                Recall(value, box);
                return;
            }
        }
    }

    /// <summary>The same from a request's only cookie header.</summary>
    internal static void Recall(ReadOnlySpan<byte> header, Mailbox box)
    {
        if (header.IndexOf("chat_list="u8) < 0)
            return;
        Span<char> text = stackalloc char[FastLane.RequestHead.MaxLength];
        if (Find(text[..Encoding.ASCII.GetChars(header, text)], out ReadOnlySpan<char> value))
            Recall(value, box);
    }

    /// <summary>Lets the browser keep what the mailbox has to remember now; nothing is set when the browser has just that.</summary>
    internal static void Update(HttpRequest request, HttpResponse response, Mailbox box)
    {
        Keep(request, response, Format(box.Owner, box.ShownLists()));
    }

    /// <summary>The session has ended, and there is nothing to remember.</summary>
    internal static void Delete(HttpRequest request, HttpResponse response) => Keep(request, response, "");

    private static void Keep(HttpRequest request, HttpResponse response, string now)
    {
        ReadOnlySpan<char> kept = default;
        foreach (string? header in request.Headers.Cookie)
        {
            if (Find(header, out kept))
                break;
        }

        if (kept.SequenceEqual(now))
            return;
        string life = now.Length == 0 ? "; Max-Age=0" : "";
        response.Headers.Append("Set-Cookie", $"{Name}={now}; Path={SessionCookie.PathFor(request)}{life}; HttpOnly; SameSite=Lax{(request.IsHttps ? "; Secure" : "")}");
    }

    /// <summary>Empty when there is nothing to remember.</summary>
    internal static string Format(SessionKey session, IReadOnlyList<ShownList> lists)
    {
        if (lists.Count == 0)
            return "";
        var text = new StringBuilder(Tag(session));
        for (int i = Math.Max(0, lists.Count - MaxLists); i < lists.Count; i++)
        {
            ShownList one = lists[i];
            text.Append(CultureInfo.InvariantCulture, $".{one.Cursor}.{one.Begin}.{one.To}.{(one.IsOnly ? 1 : 0)}");
        }

        return text.ToString();
    }

    /// <summary>The lists in a cookie's value; none when anything about it is wrong.</summary>
    internal static ShownList[] Parse(ReadOnlySpan<char> value, SessionKey session)
    {
        Span<Range> parts = stackalloc Range[1 + Fields * MaxLists + 1];
        int count = value.Split(parts, '.');
        if (count % Fields != 1 || count < 1 + Fields || count == parts.Length || !value[parts[0]].SequenceEqual(Tag(session)))
            return [];
        var lists = new ShownList[count / Fields];
        for (int i = 0; i < lists.Length; i++)
        {
            int at = 1 + i * Fields;
            if (!TryNumber(value[parts[at]], out long cursor)
                || !TryNumber(value[parts[at + 1]], out long begin)
                || !TryNumber(value[parts[at + 2]], out long to)
                || value[parts[at + 3]] is not ("0" or "1"))
            {
                return [];
            }

            lists[i] = new ShownList(cursor, begin, to, value[parts[at + 3]] is "1");
        }

        return lists;
    }

    private static void Recall(ReadOnlySpan<char> value, Mailbox box) => box.Recall(Parse(value, box.Owner));

    private static string Tag(SessionKey session) => session.ToString()[..TagLength];

    private static bool TryNumber(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private static bool Find(ReadOnlySpan<char> header, out ReadOnlySpan<char> value)
    {
        foreach (Range part in header.Split(';'))
        {
            ReadOnlySpan<char> pair = header[part].Trim(' ');
            if (!pair.StartsWith(Name + "=", StringComparison.Ordinal))
                continue;
            value = pair[(Name.Length + 1)..];
            return true;
        }

        value = default;
        return false;
    }
}
