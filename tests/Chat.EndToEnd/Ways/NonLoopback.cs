using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace ErlChat.EndToEnd;

/// <summary>
/// An address of this machine that is not loopback. It is either one that the machine has or, where the tests run as root on a machine
/// without a network, one end of a virtual cable (veth) whose other end is in a separate network namespace. Disposing removes the cable.
/// </summary>
internal sealed class NonLoopback : IAsyncDisposable
{
    private const string Ip = "/usr/sbin/ip";

    // From the block for documentation (RFC 5737), so no real host has it.
    private const string Near = "198.51.100.1";

    private string? _namespace;

    /// <summary>The address. Null when there is none and none can be created.</summary>
    internal IPAddress? Address { get; private init; }

    /// <summary>Where the address comes from, or why there is none.</summary>
    internal string Why { get; private init; } = "";

    internal static async Task<NonLoopback> FindAsync()
    {
        IPAddress? own = NetworkInterface.GetAllNetworkInterfaces()
            .Where(one => one.OperationalStatus == OperationalStatus.Up && one.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(one => one.GetIPProperties().UnicastAddresses)
            .Select(one => one.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));
        if (own is not null)
            return new NonLoopback { Address = own, Why = $"{own} is an address of this machine." };
        if (!Environment.IsPrivilegedProcess)
            return new NonLoopback { Why = "This machine has no address but loopback, and only root can make one." };
        Assert.True(File.Exists(Ip), $"{Ip} is missing: install Debian's package iproute2 (make test does, as root).");
        return await MakeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // The near end disappears with the far end.
        if (_namespace is not null)
            await Commands.RunAsync(Ip, "netns", "delete", _namespace);
    }

    private static async Task<NonLoopback> MakeAsync()
    {
        string name = $"erlchat{Environment.ProcessId}";
        string cable = $"ec{Environment.ProcessId}";
        if (await Commands.RunAsync(Ip, "netns", "add", name) is { } refused)
            return new NonLoopback { Why = "This machine has no address but loopback, and makes no network namespace: " + refused };
        var made = new NonLoopback
        {
            Address = IPAddress.Parse(Near),
            Why = $"{Near} is one end of a cable into a network namespace.",
            _namespace = name,
        };
        string? failure = await Commands.RunAsync(Ip, "link", "add", cable, "type", "veth", "peer", "name", "far", "netns", name)
            ?? await Commands.RunAsync(Ip, "address", "add", Near + "/30", "dev", cable)
            ?? await Commands.RunAsync(Ip, "link", "set", cable, "up")
            ?? await Commands.RunAsync(Ip, "-n", name, "link", "set", "far", "up");
        if (failure is null)
            return made;
        await made.DisposeAsync();
        return new NonLoopback { Why = "This machine has no address but loopback, and makes no cable: " + failure };
    }
}
