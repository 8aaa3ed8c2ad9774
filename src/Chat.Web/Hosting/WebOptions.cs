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
    /// <summary>The administrators' password in clear, for the environment. Not together with <see cref="AdminPasswordHash"/>.</summary>
    /// <value>None by default: administration is off.</value>
    [DataType(DataType.Password)]
    public string? AdminPassword { get; set; }

    /// <summary>The administrators' password as <c>make admin-password</c> prints it.</summary>
    /// <value>None by default: administration is off.</value>
    [DataType(DataType.Password)]
    public string? AdminPasswordHash { get; set; }

    /// <summary>Proxies whose X-Forwarded-For, -Proto and -Host are believed: addresses or networks (<c>10.0.0.0/8</c>).</summary>
    /// <value>None by default.</value>
    public IReadOnlyList<string> TrustedProxies { get; set; } = [];

    /// <summary>
    /// The addresses that people use, as <c>https://chat.example</c>. Requests for other hosts are refused, as with <c>AllowedHosts</c>, and pages of these origins are the chat's own, whatever
    /// a proxy in between makes of the address.
    /// </summary>
    /// <value>http or https, without a path. None by default: every host is answered.</value>
    public IReadOnlyList<string> PublicUrl { get; set; } = [];

    /// <summary>
    /// The path below which people reach the chat, as <c>/talk</c> for <c>https://host.example/talk/</c>, where a proxy has other things beside it. Whether the proxy passes it on or takes it
    /// away makes no difference.
    /// </summary>
    /// <value>Empty, or up to 100 characters, without a slash at the end; none by default. It must not begin with a path of the chat's own, such as <c>/chat</c>.</value>
    public string PathBase { get; set; } = "";

    /// <summary>Origins of pages elsewhere that may use the chat, as <c>https://app.example:8443</c>: they are answered by CORS, and may open WebSockets.</summary>
    /// <value>Scheme, host and port of each, exactly. None by default.</value>
    public IReadOnlyList<string> AllowedOrigins { get; set; } = [];

    /// <summary>Whether answers over https tell browsers to come by https only for the next 30 days (Strict-Transport-Security). It cannot be undone before then.</summary>
    /// <value>False by default.</value>
    public bool Hsts { get; set; }

    /// <summary>Whether plain polls are answered by the fast lane (<c>docs/adr/0008</c>), which costs less. The answers are the same.</summary>
    /// <value>True by default. It is never used on addresses with TLS.</value>
    public bool FastLane { get; set; } = true;

    /// <summary>Whether the server gives memory back when it is quiet; a blocking collection, now and then.</summary>
    /// <value>True by default.</value>
    public bool TrimHeap { get; set; } = true;

    /// <summary>How long the pages wait before they ask again after a first failure. Each further failure doubles it, up to <see cref="RetryLongest"/>.</summary>
    /// <value>50 ms to 1 min; 0.5 s by default.</value>
    public TimeSpan RetryFirst { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The longest pause of the pages between two tries.</summary>
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
            failures.Add("Give Chat:AdminPassword or Chat:AdminPasswordHash, not both.");
        if (options.AdminPassword is { Length: 0 })
            failures.Add("Chat:AdminPassword must not be empty; leave it out to switch administration off.");
        if (options.AdminPassword is { Length: > PasswordHash.MaxPasswordLength })
            failures.Add($"Chat:AdminPassword must not be longer than {PasswordHash.MaxPasswordLength} characters, or nobody could give it.");
        if (options.AdminPasswordHash is not null && PasswordHash.Parse(options.AdminPasswordHash) is null)
            failures.Add("Chat:AdminPasswordHash is not what `make admin-password` prints.");
        if (options.RetryFirst < TimeSpan.FromMilliseconds(50) || options.RetryFirst > TimeSpan.FromMinutes(1))
            failures.Add("Chat:RetryFirst must be 50 ms to 1 min.");
        if (options.RetryLongest < options.RetryFirst || options.RetryLongest > TimeSpan.FromMinutes(10))
            failures.Add("Chat:RetryLongest must be at least Chat:RetryFirst and at most 10 min.");
        foreach (string bad in options.BadProxies())
            failures.Add($"Chat:TrustedProxies: '{bad}' is no IP address or network.");
        foreach (string url in options.PublicUrl.Where(url => !SiteOrigin.TryParse(url, out SiteOrigin origin) || origin.Scheme is not ("http" or "https")))
            failures.Add($"Chat:PublicUrl: '{url}' must be an address without a path, such as https://chat.example; the path is Chat:PathBase.");
        if (SitePathBase.Fault(options.PathBase) is { } fault)
            failures.Add(fault);
        foreach (string text in options.AllowedOrigins.Where(text => !SiteOrigin.TryParse(text, out _)))
            failures.Add($"Chat:AllowedOrigins: '{text}' must be an origin, such as https://app.example:8443; there are no wildcards.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
