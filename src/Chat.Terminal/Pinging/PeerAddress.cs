using System.Globalization;

namespace ErlChat.Terminal.Pinging;

/// <summary>Parses <c>HOST:PORT</c>.</summary>
internal static class PeerAddress
{
    private const int DefaultPort = 5555;

    /// <summary>Also accepts <c>HOST</c> alone and <c>[::1]:5555</c>.</summary>
    internal static bool TryParse(string text, out string host, out int port)
    {
        int colon = text.LastIndexOf(':');
        bool bare = colon < 0 || text.EndsWith(']') || text.IndexOf(':', StringComparison.Ordinal) != colon && !text.StartsWith('[');
        host = (bare ? text : text[..colon]).Trim('[', ']');
        port = DefaultPort;
        return host.Length > 0 && !host.Any(char.IsWhiteSpace)
            && (bare
                || (int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port)
                    && port is > 0 and <= 65_535));
    }
}
