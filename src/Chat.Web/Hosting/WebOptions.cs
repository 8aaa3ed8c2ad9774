using System.ComponentModel.DataAnnotations;
using System.Net;
using ErlChat.Settings;
using ErlChat.Web.Admin;
using ErlChat.Web.Origins;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Hosting;

/// <summary>What only the web server needs to know, configuration section <c>Chat</c> beside <see cref="ChatOptions"/>.</summary>
public sealed class WebOptions
{
    /// <summary>
    /// The administrators' password in plain text, for environments that store secrets. It cannot be combined with <see
    /// cref="AdminPasswordHash"/>.
    /// </summary>
    /// <value>None by default: there are no administrators.</value>
    [DataType(DataType.Password)]
    public string? AdminPassword { get; set; }

    /// <summary>The administrators' password, as printed by <c>make admin-password</c>.</summary>
    /// <value>None by default: there are no administrators.</value>
    [DataType(DataType.Password)]
    public string? AdminPasswordHash { get; set; }

    /// <summary>
    /// The proxies whose X-Forwarded-For, -Proto and -Host headers are trusted: addresses or networks (<c>10.0.0.0/8</c>).
    /// </summary>
    /// <value>None by default.</value>
    public IReadOnlyList<string> TrustedProxies { get; set; } = [];

    /// <summary>
    /// The URLs that users type, such as <c>https://chat.example</c>. Requests for other hosts are refused, as with <c>AllowedHosts</c>.
    /// Pages of these origins count as the chat's own, even if a proxy in between changes the address.
    /// </summary>
    /// <value>http or https, without a path. None by default: requests for every host are answered.</value>
    public IReadOnlyList<string> PublicUrl { get; set; } = [];

    /// <summary>
    /// The path under which users reach the chat if a proxy also serves other things on that host: <c>/talk</c> for
    /// <c>https://host.example/talk/</c>. The proxy may pass the path on or strip it.
    /// </summary>
    /// <value>
    /// Up to 100 characters, without a slash at the end; none by default. It must not begin with one of the chat's own paths, such as
    /// <c>/chat</c>.
    /// </value>
    public string PathBase { get; set; } = "";

    /// <summary>
    /// Other sites whose pages may use the chat, such as <c>https://app.example:8443</c>: they may read answers (CORS) and open WebSockets.
    /// </summary>
    /// <value>The exact scheme, host and port of each. None by default.</value>
    public IReadOnlyList<string> AllowedOrigins { get; set; } = [];

    /// <summary>
    /// Whether answers over https tell browsers to use only https for the next 30 days (Strict-Transport-Security). This cannot be undone
    /// before then.
    /// </summary>
    /// <value>False by default.</value>
    public bool Hsts { get; set; }

    /// <summary>Whether the fast lane (<c>docs/adr/0008</c>) answers plain polls, which costs less. The answers are the same.</summary>
    /// <value>True by default. The fast lane is never used on addresses with TLS.</value>
    public bool FastLane { get; set; } = true;

    /// <summary>Whether the server returns memory to the system in quiet moments, with a blocking garbage collection.</summary>
    /// <value>True by default.</value>
    public bool TrimHeap { get; set; } = true;

    /// <summary>
    /// How long the pages wait before they retry after a first failure. Each further failure doubles the pause, up to <see
    /// cref="RetryLongest"/>.
    /// </summary>
    /// <value>50 ms to 1 min; 0.5 s by default.</value>
    public TimeSpan RetryFirst { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How long the pages wait between two tries at most.</summary>
    /// <value>Not below <see cref="RetryFirst"/>, at most 10 min; 10 s by default.</value>
    public TimeSpan RetryLongest { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The single proxies and networks in <see cref="TrustedProxies"/>. Call it on validated options.</summary>
    internal IEnumerable<IPNetwork> ProxyNetworks() => TrustedProxies.Select(part => ParseNetwork(part)!.Value);

    /// <summary>Whether an address is one of <see cref="TrustedProxies"/>. Call it on validated options.</summary>
    internal bool Trusts(IPAddress address)
    {
        if (TrustedProxies.Count == 0)
            return false;
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return ProxyNetworks().Any(network => network.Contains(plain) || network.Contains(address));
    }

    internal IEnumerable<string> BadProxies() => TrustedProxies.Where(part => ParseNetwork(part) is null);

    private static IPNetwork? ParseNetwork(string text)
    {
        if (IPAddress.TryParse(text, out IPAddress? address))
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return IPNetwork.TryParse(text, out IPNetwork network) ? network : null;
    }
}

/// <summary>Checks <see cref="WebOptions"/>; reports every failure at once.</summary>
internal sealed class WebOptionsRules : IValidateOptions<WebOptions>
{
    public ValidateOptionsResult Validate(string? name, WebOptions options)
    {
        var failures = new List<string>();
        if (options.AdminPassword is not null && options.AdminPasswordHash is not null)
            failures.Add("Set Chat:AdminPassword or Chat:AdminPasswordHash, but not both.");
        if (options.AdminPassword is { Length: 0 })
            failures.Add("Chat:AdminPassword must not be empty. Leave it out if you want no administrators.");
        if (options.AdminPassword is { Length: > PasswordHash.MaxPasswordLength })
            failures.Add($"Chat:AdminPassword must not be longer than {PasswordHash.MaxPasswordLength} characters, or it could not be "
                + "entered.");
        if (options.AdminPasswordHash is not null && PasswordHash.Parse(options.AdminPasswordHash) is null)
            failures.Add("Chat:AdminPasswordHash is not a hash printed by `make admin-password`.");
        if (options.RetryFirst < TimeSpan.FromMilliseconds(50) || options.RetryFirst > TimeSpan.FromMinutes(1))
            failures.Add("Chat:RetryFirst must be 50 ms to 1 min.");
        if (options.RetryLongest < options.RetryFirst || options.RetryLongest > TimeSpan.FromMinutes(10))
            failures.Add("Chat:RetryLongest must be at least Chat:RetryFirst and at most 10 min.");
        foreach (string bad in options.BadProxies())
            failures.Add($"Chat:TrustedProxies: '{bad}' is not an IP address or a network.");
        foreach (string url in options.PublicUrl.Where(url => !SiteOrigin.TryParse(url, out SiteOrigin origin) || origin.Scheme is not ("http" or "https")))
            failures.Add($"Chat:PublicUrl: '{url}' must be an address without a path, such as https://chat.example; the path is Chat:PathBase.");
        if (SitePathBase.Fault(options.PathBase) is { } fault)
            failures.Add(fault);
        foreach (string text in options.AllowedOrigins.Where(text => !SiteOrigin.TryParse(text, out _)))
            failures.Add($"Chat:AllowedOrigins: '{text}' must be an origin, such as https://app.example:8443; there are no wildcards.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
