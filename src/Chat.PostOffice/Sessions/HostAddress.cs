using System.Net;
using System.Net.Sockets;

namespace ErlChat.Sessions;

/// <summary>
/// The address that limits and bans apply to: an IPv4 address, or the /64 network of an IPv6 address, because a single household or machine
/// has a whole /64.
/// </summary>
public static class HostAddress
{
    /// <summary>The canonical text of an address; <c>unknown</c> if there is none (a test server, a Unix socket).</summary>
    public static string Of(IPAddress? address)
    {
        if (address is null)
            return "unknown";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address.ToString();
        if (IPAddress.IsLoopback(address))
            return "::1";
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes) + "/64";
    }

    /// <summary>The IPv6 /48 of a canonical address, which a provider may assign to one customer. Null for other addresses.</summary>
    internal static string? NetworkOf(string? host)
    {
        if (host is null || !host.EndsWith("/64", StringComparison.Ordinal)
            || !IPAddress.TryParse(host.AsSpan()[..^3], out IPAddress? address))
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[6..].Clear();
        return new IPAddress(bytes) + "/48";
    }

    /// <summary>
    /// What a session has in place of an address that was forgotten. It is made from the session, so that no two sessions seem to have one
    /// address.
    /// </summary>
    public static string Forgotten(SessionKey session) => "?" + session.ToString()[..16];

    /// <summary>Whether a session's address was forgotten (<see cref="Forgotten"/>).</summary>
    public static bool IsForgotten(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.StartsWith('?');
    }

    /// <summary>An address for people to read; empty if it was forgotten.</summary>
    public static string Shown(string host) => IsForgotten(host) ? "" : host;

    /// <summary>Whether a text may be an address: nicks have neither dots nor colons.</summary>
    internal static bool MayBe(string text) => text.AsSpan().ContainsAny('.', ':');

    /// <summary>The canonical form of what an administrator typed, or the text itself if it is not an address.</summary>
    public static string Canonical(string text)
    {
        string bare = text.EndsWith("/64", StringComparison.Ordinal) ? text[..^3] : text;
        return IPAddress.TryParse(bare, out IPAddress? address) ? Of(address) : text;
    }
}
