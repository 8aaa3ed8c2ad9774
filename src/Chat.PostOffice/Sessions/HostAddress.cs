using System.Net;
using System.Net.Sockets;

namespace ErlChat.Sessions;

/// <summary>
/// The address that quotas and bans count by: an IPv4 address, or the /64 network of an IPv6 address, because one
/// household or machine has a whole /64 to itself.
/// </summary>
public static class HostAddress
{
    /// <summary>The canonical text of an address; <c>unknown</c> when there is none (a test server, a Unix socket).</summary>
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

    /// <summary>The IPv6 /48 that a canonical address is in: what a provider may give one customer. Null for other addresses.</summary>
    internal static string? NetworkOf(string? host)
    {
        if (host is null || !host.EndsWith("/64", StringComparison.Ordinal) || !IPAddress.TryParse(host.AsSpan()[..^3], out IPAddress? address))
            return null;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[6..].Clear();
        return new IPAddress(bytes) + "/48";
    }

    /// <summary>The canonical form of what an administrator typed, or the text itself when it is no address.</summary>
    public static string Canonical(string text)
    {
        string bare = text.EndsWith("/64", StringComparison.Ordinal) ? text[..^3] : text;
        return IPAddress.TryParse(bare, out IPAddress? address) ? Of(address) : text;
    }
}
