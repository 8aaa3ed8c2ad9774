namespace ErlChat.Web.FastLane;

/// <summary>
/// The head of a request, read far more strictly than HTTP asks: what is in any way unusual is not understood, and goes to the ordinary pipeline. So whatever is
/// understood here is understood by the ordinary pipeline too, and in the same way; above all, both agree on where the request ends.
/// </summary>
internal ref struct RequestHead
{
    /// <summary>Longest head that is looked at, in bytes; browsers send 400 to 1 000.</summary>
    internal const int MaxLength = 2048;

    // Kestrel refuses a request with more than 100 header lines; nobody sends half as many.
    private const int MaxLines = 40;

    // More than a form may have (Kestrel's bound is 64 KiB); nine digits cannot overflow.
    private const int MaxDigits = 9;

    private bool _hasHost;
    private bool _hasLength;
    private bool _hasConnection;
    private bool _hasOrigin;
    private bool _hasSite;
    private bool _isOwnSite;

    /// <summary>Bytes of the whole request: head and body.</summary>
    internal int Length { get; private set; }

    internal bool IsGet { get; private set; }

    internal bool HasBody { get; private set; }

    /// <summary>Path and query.</summary>
    internal ReadOnlySpan<byte> Target { get; private set; }

    /// <summary>The cookies; empty when there are none.</summary>
    internal ReadOnlySpan<byte> Cookie { get; private set; }

    /// <summary>Whether a browser says that another site wants this, or may want it. An <c>Origin</c> has to be compared; nobody does that here.</summary>
    internal readonly bool MayBeOfOtherSite => _hasSite ? !_isOwnSite : _hasOrigin;

    /// <summary>Reads the head that <paramref name="text"/> begins with; false when it is incomplete or not understood.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> text, out RequestHead head)
    {
        head = default;
        int end = text[..Math.Min(text.Length, MaxLength)].IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        ReadOnlySpan<byte> lines = text[..(end + 2)];
        if (!TakeLine(ref lines, out ReadOnlySpan<byte> first) || !head.ReadFirst(first))
            return false;
        for (int count = 0; !lines.IsEmpty; count++)
        {
            if (count == MaxLines || !TakeLine(ref lines, out ReadOnlySpan<byte> line) || !head.ReadField(line))
                return false;
        }

        head.Length += end + 4;
        return head._hasHost;
    }

    /// <summary>A line of visible ASCII and blanks: no tab, no bare CR or LF, nothing that a charset could change.</summary>
    private static bool TakeLine(scoped ref ReadOnlySpan<byte> lines, out ReadOnlySpan<byte> line)
    {
        int end = lines.IndexOf((byte)'\r');
        line = lines[..end];
        if (lines[end + 1] != '\n' || line.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
            return false;
        lines = lines[(end + 2)..];
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
            4 when Is(name, "host"u8) => Once(ref _hasHost) && IsHost(value),
            6 when Is(name, "cookie"u8) => ReadCookie(value),
            6 when Is(name, "origin"u8) => _hasOrigin = true,
            6 when Is(name, "expect"u8) => false,
            7 when Is(name, "upgrade"u8) => false,
            10 when Is(name, "connection"u8) => Once(ref _hasConnection) && Is(value, "keep-alive"u8),
            14 when Is(name, "content-length"u8) => Once(ref _hasLength) && ReadLength(value),
            14 when Is(name, "sec-fetch-site"u8) => ReadSite(value),
            17 when Is(name, "transfer-encoding"u8) => false,
            _ => true,
        };
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

    /// <param name="lower">In lower case.</param>
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
