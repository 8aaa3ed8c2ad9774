using System.Globalization;
using System.Text;
using ErlChat.Mailboxes;
using ErlChat.Sessions;

namespace ErlChat.Web.Requests;

/// <summary>
/// The cookie <c>chat_list</c>: which of the lobby's joins and leaves the session's readers have already seen in a list. The mailbox knows
/// this; the cookie keeps it across a restart of the server, in any browser and without log entries. The cookie is only set while there is
/// something to remember. It can only reduce what its own sender is told. A malformed cookie, or one of another session, is ignored.
/// </summary>
/// <remarks>
/// The format is <c>SESSION.CURSOR.BEGIN.TO.ONLY</c>. The last four fields are repeated for each further reader, newest last.
/// </remarks>
internal static class ListCookie
{
    internal const string Name = "chat_list";

    /// <summary>How many readers it can hold. 8 readers take at most 500 bytes.</summary>
    internal const int MaxLists = 8;

    /// <summary>The longest cookie header that <see cref="Recall(ReadOnlySpan{byte}, Mailbox)"/> accepts, in bytes.</summary>
    internal const int MaxHeader = 2048;

    private const int Fields = 4;

    // Enough to tell a session from the previous one in the same browser.
    private const int TagLength = 8;

    /// <summary>Passes the content of the request's cookie to a mailbox.</summary>
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

    /// <summary>
    /// Passes the content of the cookie to a mailbox, from a request's only cookie header. The header must not exceed
    /// <see cref="MaxHeader"/> bytes.
    /// </summary>
    internal static void Recall(ReadOnlySpan<byte> header, Mailbox box)
    {
        if (header.IndexOf("chat_list="u8) < 0)
            return;
        Span<char> text = stackalloc char[MaxHeader];
        if (Find(text[..Encoding.ASCII.GetChars(header, text)], out ReadOnlySpan<char> value))
            Recall(value, box);
    }

    /// <summary>The newest sequence that the request's cookie says anything about; 0 if there is none.</summary>
    internal static long Newest(HttpRequest request, SessionKey session)
    {
        foreach (string? header in request.Headers.Cookie)
        {
            if (Find(header, out ReadOnlySpan<char> value))
                return Newest(Parse(value, session));
        }

        return 0;
    }

    /// <inheritdoc cref="Newest(HttpRequest, SessionKey)"/>
    /// <param name="header">The request's only cookie header, of at most <see cref="MaxHeader"/> bytes.</param>
    internal static long Newest(ReadOnlySpan<byte> header, SessionKey session)
    {
        if (header.IndexOf("chat_list="u8) < 0)
            return 0;
        Span<char> text = stackalloc char[MaxHeader];
        return Find(text[..Encoding.ASCII.GetChars(header, text)], out ReadOnlySpan<char> value) ? Newest(Parse(value, session)) : 0;
    }

    /// <summary>Sets the cookie to what the mailbox remembers now, unless the browser already has that.</summary>
    internal static void Update(HttpRequest request, HttpResponse response, Mailbox box)
    {
        Keep(request, response, Format(box.Owner, box.ShownLists()));
    }

    /// <summary>Deletes the cookie after the session has ended, if the browser has it.</summary>
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
        string secure = request.IsHttps ? "; Secure" : "";
        response.Headers.Append(
            "Set-Cookie", $"{Name}={now}; Path={SessionCookie.PathFor(request)}{life}; HttpOnly; SameSite=Lax{secure}");
    }

    /// <summary>Writes the cookie's value; empty if there is nothing to remember.</summary>
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

    /// <summary>Reads the lists in a cookie's value; none if any part of it is invalid.</summary>
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

    private static long Newest(ShownList[] lists)
    {
        long newest = 0;
        foreach (ShownList list in lists)
            newest = Math.Max(newest, Math.Max(list.To, list.Begin - 1));
        return newest;
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
