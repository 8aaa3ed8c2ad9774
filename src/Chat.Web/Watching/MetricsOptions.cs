using Microsoft.Extensions.Options;

namespace ErlChat.Web.Watching;

/// <summary>Where Prometheus finds the server's figures, configuration section <c>Metrics</c>. Checked when the server starts.</summary>
public sealed class MetricsOptions
{
    /// <summary>Configuration section that these are bound from.</summary>
    public const string Section = "Metrics";

    /// <summary>
    /// A separate address that serves <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c> and nothing else, such as
    /// <c>http://127.0.0.1:9464</c>.
    /// </summary>
    /// <value>http, with a port, without a path. None by default: no such address is opened.</value>
    public string? Url { get; set; }

    /// <summary>Whether <c>/metrics</c> is also served on the chat's own addresses, to everyone who can reach them.</summary>
    /// <value>False by default.</value>
    public bool OnChatPort { get; set; }
}

/// <summary>Checks <see cref="MetricsOptions"/>.</summary>
internal sealed class MetricsOptionsRules : IValidateOptions<MetricsOptions>
{
    public ValidateOptionsResult Validate(string? name, MetricsOptions options) => options.Url is null || IsAddress(options.Url)
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"Metrics:Url: '{options.Url}' must be an address with a port and without a path, such as http://127.0.0.1:9464.");

    private static bool IsAddress(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address is { Scheme: "http", IsUnixPipe: false, IsNamedPipe: false } && address.PathBase.Length == 0 && address.Port is >= 0 and <= 65535
                && url.AsSpan("http://".Length).Contains(':') && !url.Contains(' ', StringComparison.Ordinal);
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
