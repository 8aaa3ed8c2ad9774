using System.Net;
using ErlChat.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Nodes;

/// <summary>The URL at which the other nodes reach this one. Thread-safe.</summary>
internal sealed class NodeAddress(IServer server, IOptions<NodeOptions> options)
{
    private string? _listening;

    /// <summary>The URL, without a slash at its end; empty as long as the server listens nowhere that a URL could name.</summary>
    internal string Value => options.Value.Address?.TrimEnd('/') ?? (_listening ??= FirstListening()) ?? "";

    /// <summary>The URL of a listening address; null if other machines cannot be told how to reach it.</summary>
    internal static string? Of(string listening)
    {
        if (listening.Contains("://unix:", StringComparison.Ordinal) || listening.Contains("://pipe:", StringComparison.Ordinal)
            || !Uri.TryCreate(listening, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            return null;
        }

        bool isWildcard = IPAddress.TryParse(url.Host.Trim('[', ']'), out IPAddress? ip)
            && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));
        return new UriBuilder(url.Scheme, isWildcard ? Environment.MachineName : url.Host, url.Port).Uri.ToString().TrimEnd('/');
    }

    private string? FirstListening() =>
        server.Features.Get<IServerAddressesFeature>()?.Addresses.Select(Of).FirstOrDefault(static url => url is not null);
}
