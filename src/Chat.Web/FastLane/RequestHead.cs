namespace ErlChat.Web.FastLane;

/// <summary>
/// The head of a request, parsed far more strictly than HTTP requires. Anything unusual is rejected and left to the ordinary pipeline. A
/// head that is accepted here means the same to the ordinary pipeline; above all, both agree on where the request ends.
/// </summary>
internal ref struct RequestHead
{
    /// <summary>The longest head that is parsed, in bytes. Browsers send 400 to 1 000.</summary>
    internal const int MaxLength = 2048;

    // Kestrel refuses more than 100 header lines. Real clients send less than half of that.
    private const int MaxLines = 40;

    // Enough for any form (Kestrel's limit is 64 KiB). Nine digits cannot overflow.
    private const int MaxDigits = 9;

    private bool _hasLength;
    private bool _hasConnection;
    private bool _hasOrigin;
    private bool _hasSite;
    private bool _isOwnSite;
    private bool _hasReferer;
    private bool _isOfBrowser;
    private bool _isRequestedByScript;
    private ReadOnlySpan<byte> _referer;
    private ReadOnlySpan<byte> _forwardedHost;

    /// <summary>The length of the whole request in bytes: head and body.</summary>
    internal int Length { get; private set; }

    /// <summary>The length of the head in bytes.</summary>
    internal int HeadLength { get; private set; }

    /// <summary>How many lines the head has after the first.</summary>
    internal int Fields { get; private set; }

    internal bool IsGet { get; private set; }

    internal bool HasBody { get; private set; }

    /// <summary>Path and query.</summary>
    internal ReadOnlySpan<byte> Target { get; private set; }

    /// <summary>The value of the Cookie header; empty if there is none.</summary>
    internal ReadOnlySpan<byte> Cookie { get; private set; }

    /// <summary>The host that the request is for, with its port if it has one.</summary>
    internal ReadOnlySpan<byte> Host { get; private set; }

    /// <summary>
    /// Whether the request may be cross-site by the rules of <see cref="Origins.OriginRules"/>. An <c>Origin</c> is not compared here. A
    /// <c>Referer</c> is only compared with <c>http://</c> and the host.
    /// </summary>
    internal readonly bool MayBeOfOtherSite =>
        _hasSite ? !_isOwnSite : _hasOrigin || (_hasReferer ? !IsOwn(_referer) : _isOfBrowser && !_isRequestedByScript);

    /// <summary>Whether only the <c>Referer</c> shows that the request comes from this site.</summary>
    internal readonly bool IsOwnByRefererOnly => !_hasSite && _hasReferer;

    /// <summary>
    /// Whether the request comes from a browser without a <c>__Host-</c> session cookie. If the browser used https, a session cookie under
    /// the plain name must not be accepted.
    /// </summary>
    internal readonly bool IsBrowserWithoutHostCookie => _hasSite && Cookie.IndexOf("__Host-chat_sess="u8) < 0;

    /// <summary>Whether a header claims that a proxy received the request for another host.</summary>
    internal readonly bool IsForwardedForOtherHost => !_forwardedHost.IsEmpty && !_forwardedHost.SequenceEqual(Host);

    /// <summary>Whether a header claims that a proxy received the request over another scheme than http.</summary>
    internal bool IsForwardedOverOtherScheme { get; private set; }

    /// <summary>Parses the head at the start of <paramref name="text"/>. Returns false if it is incomplete or not accepted.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> text, out RequestHead head)
    {
        head = default;
        ReadOnlySpan<byte> rest = text[..Math.Min(text.Length, MaxLength)];
        int all = rest.Length;
        if (!TakeLine(ref rest, out ReadOnlySpan<byte> first) || !head.ReadFirst(first))
            return false;
        for (int count = 0; count <= MaxLines; count++)
        {
            if (!TakeLine(ref rest, out ReadOnlySpan<byte> line))
                return false;
            if (line.IsEmpty)
            {
                (head.HeadLength, head.Fields) = (all - rest.Length, count);
                head.Length += head.HeadLength;
                return !head.Host.IsEmpty;
            }

            if (!head.ReadField(line))
                return false;
        }

        return false;
    }

    /// <summary>Takes a line of visible ASCII and spaces. Tabs, bare CR or LF and non-ASCII bytes are rejected.</summary>
    private static bool TakeLine(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> line)
    {
        int end = rest.IndexOfAnyExceptInRange((byte)' ', (byte)'~');
        line = end < 0 ? [] : rest[..end];
        if (end < 0 || !rest[end..].StartsWith("\r\n"u8))
            return false;
        rest = rest[(end + 2)..];
        return true;
    }

    private bool ReadFirst(ReadOnlySpan<byte> line)
    {
        IsGet = line.StartsWith("GET /"u8);
        if ((!IsGet && !line.StartsWith("POST /"u8)) || !line.EndsWith(" HTTP/1.1"u8))
            return false;
        Target = line[(IsGet ? 4 : 5)..^9];
        return !Target.Contains((byte)' ');
    }

    private bool ReadField(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        if (colon < 1 || line[..colon].ContainsAnyExcept(Characters.OfNames))
            return false;
        ReadOnlySpan<byte> name = line[..colon];
        ReadOnlySpan<byte> value = line[(colon + 1)..].Trim((byte)' ');
        return name.Length switch
        {
            4 when Is(name, "host"u8) => ReadHost(value),
            6 when Is(name, "cookie"u8) => ReadCookie(value),
            6 when Is(name, "origin"u8) => _hasOrigin = true,
            6 when Is(name, "expect"u8) => false,
            7 when Is(name, "upgrade"u8) => false,
            7 when Is(name, "referer"u8) => ReadReferer(value),
            10 when Is(name, "user-agent"u8) => ReadUserAgent(value),
            10 when Is(name, "connection"u8) => Once(ref _hasConnection) && Is(value, "keep-alive"u8),
            14 when Is(name, "content-length"u8) => Once(ref _hasLength) && ReadLength(value),
            14 when Is(name, "sec-fetch-site"u8) => ReadSite(value),
            16 when Is(name, "x-requested-with"u8) => ReadRequestedWith(value),
            16 when Is(name, "x-forwarded-host"u8) => ReadForwardedHost(value),
            17 when Is(name, "transfer-encoding"u8) => false,
            17 when Is(name, "x-forwarded-proto"u8) => ReadForwardedProto(value),
            _ => true,
        };
    }

    private bool ReadHost(ReadOnlySpan<byte> value)
    {
        if (!Host.IsEmpty || !IsHost(value))
            return false;
        Host = value;
        return true;
    }

    private bool ReadReferer(ReadOnlySpan<byte> value)
    {
        if (!Once(ref _hasReferer) || value.IsEmpty)
            return false;
        _referer = value;
        return true;
    }

    private bool ReadUserAgent(ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> mark = "mozilla/"u8;
        _isOfBrowser |= value.Length >= mark.Length && Is(value[..mark.Length], mark);
        return true;
    }

    private bool ReadRequestedWith(ReadOnlySpan<byte> value)
    {
        _isRequestedByScript |= !value.IsEmpty;
        return true;
    }

    private bool ReadForwardedHost(ReadOnlySpan<byte> value)
    {
        if (!_forwardedHost.IsEmpty || value.IsEmpty)
            return false;
        _forwardedHost = value;
        return true;
    }

    private bool ReadForwardedProto(ReadOnlySpan<byte> value)
    {
        IsForwardedOverOtherScheme |= !value.SequenceEqual("http"u8);
        return true;
    }

    private bool ReadCookie(ReadOnlySpan<byte> value)
    {
        if (!Cookie.IsEmpty || value.IsEmpty)
            return false;
        Cookie = value;
        return true;
    }

    private bool ReadSite(ReadOnlySpan<byte> value)
    {
        if (!Once(ref _hasSite))
            return false;
        _isOwnSite = value.SequenceEqual("same-origin"u8) || value.SequenceEqual("none"u8);
        return true;
    }

    private bool ReadLength(ReadOnlySpan<byte> value)
    {
        if (value.Length is 0 or > MaxDigits || value.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;
        int length = 0;
        foreach (byte digit in value)
            length = length * 10 + (digit - '0');
        Length = length;
        HasBody = length > 0;
        return true;
    }

    /// <summary>Whether an address is <c>http://</c> and the host, followed by a path or nothing.</summary>
    private readonly bool IsOwn(ReadOnlySpan<byte> address)
    {
        ReadOnlySpan<byte> scheme = "http://"u8;
        if (!address.StartsWith(scheme) || !address[scheme.Length..].StartsWith(Host))
            return false;
        ReadOnlySpan<byte> rest = address[(scheme.Length + Host.Length)..];
        return rest.IsEmpty || rest[0] == (byte)'/';
    }

    /// <summary>A name or an IPv4 address, and a port: <c>chat.example:8000</c>.</summary>
    private static bool IsHost(ReadOnlySpan<byte> value)
    {
        int colon = value.IndexOf((byte)':');
        ReadOnlySpan<byte> name = colon < 0 ? value : value[..colon];
        if (name.IsEmpty || name.ContainsAnyExcept(Characters.OfHosts))
            return false;
        ReadOnlySpan<byte> port = colon < 0 ? "80"u8 : value[(colon + 1)..];
        return port.Length is >= 1 and <= 5 && !port.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    /// <param name="lower">The text to compare with, in lower case.</param>
    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower) => System.Text.Ascii.EqualsIgnoreCase(text, lower);

    private static bool Once(ref bool seen)
    {
        bool first = !seen;
        seen = true;
        return first;
    }

    private static class Characters
    {
        internal static readonly System.Buffers.SearchValues<byte> OfNames =
            System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"u8);

        internal static readonly System.Buffers.SearchValues<byte> OfHosts =
            System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-."u8);
    }
}
