namespace ErlChat.Client;

/// <summary>Checks the addresses of a chat's servers.</summary>
internal static class ServerAddresses
{
    /// <summary>The addresses, each once and with a slash at the end.</summary>
    /// <exception cref="ArgumentException">There is none, one is not an http or https address, or the two are mixed.</exception>
    internal static Uri[] Check(IEnumerable<Uri> addresses)
    {
        Uri[] servers = [.. addresses.Select(Check).Distinct()];
        if (servers.Length == 0)
            throw new ArgumentException("A chat has at least one server.", nameof(addresses));

        // A token that was given over https would go over http, where everyone on the way can read it.
        if (servers.FirstOrDefault(server => server.Scheme != servers[0].Scheme) is { } other)
        {
            string message = $"Either all servers use https or none does, because they share the session's secret: {servers[0]}, {other}.";
            throw new ArgumentException(message, nameof(addresses));
        }

        return servers;
    }

    private static Uri Check(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https"))
            throw new ArgumentException("A server's address begins with http:// or https://.", nameof(address));
        return address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
    }
}
