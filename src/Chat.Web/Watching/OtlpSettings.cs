using System.Globalization;
using ErlChat.Web.Configuration;
using Microsoft.Extensions.Options;
using OpenTelemetry.Trace;

namespace ErlChat.Web.Watching;

/// <summary>The settings in OpenTelemetry's standard variables that its SDK does not read itself.</summary>
/// <param name="Metrics">The endpoint for metrics; null if they are not sent.</param>
/// <param name="Traces">The endpoint for traces; null if they are not sent.</param>
/// <param name="IsDisabled">Whether collecting is turned off completely.</param>
internal sealed record OtlpSettings(Uri? Metrics, Uri? Traces, bool IsDisabled)
{
    /// <summary>The share of commands that is traced by default.</summary>
    internal const double TracedShare = 0.01;

    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Reads the variables from the configuration, which includes the environment.</summary>
    /// <param name="failures">A message is added for each invalid endpoint, which is then ignored.</param>
    internal static OtlpSettings Of(IConfiguration configuration, List<string> failures)
    {
        bool isDisabled = bool.TryParse(configuration["OTEL_SDK_DISABLED"], out bool disabled) && disabled;
        return isDisabled
            ? new OtlpSettings(null, null, true)
            : new OtlpSettings(Read(configuration, "METRICS", failures), Read(configuration, "TRACES", failures), false);
    }

    /// <summary>
    /// The sampler; null if <c>OTEL_TRACES_SAMPLER</c> is set, which the SDK reads itself. By default it traces a small share and ignores
    /// the sampling flag in a caller's <c>traceparent</c>. On a public server, any client could otherwise have all its requests traced.
    /// </summary>
    internal static Sampler? SamplerOf(IConfiguration configuration)
    {
        if (configuration["OTEL_TRACES_SAMPLER"] is { Length: > 0 })
            return null;
        string? text = configuration["OTEL_TRACES_SAMPLER_ARG"];
        double share = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double told) && told is >= 0 and <= 1
            ? told
            : TracedShare;
        var some = new TraceIdRatioBasedSampler(share);
        return new ParentBasedSampler(some, remoteParentSampled: some, remoteParentNotSampled: some);
    }

    /// <summary>The endpoint of a signal: its own if that is set, otherwise the common one.</summary>
    private static Uri? Read(IConfiguration configuration, string signal, List<string> failures)
    {
        if (string.Equals(configuration[$"OTEL_{signal}_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase))
            return null;
        string own = $"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT";
        (string name, string? text) = configuration[own] is { Length: > 0 } address ? (own, address) : (Endpoint, configuration[Endpoint]);
        if (string.IsNullOrWhiteSpace(text))
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? endpoint) && endpoint.Scheme is "http" or "https")
            return endpoint;
        failures.Add($"{name}: '{text}' must be an address, such as http://localhost:4317.");
        return null;
    }
}

/// <summary>Failures found while registering the parts. They are reported at the start, together with all other invalid options.</summary>
internal sealed class EarlyFailures(IEnumerable<string> failures) : IValidateOptions<OptionsCatalog.Check>
{
    private readonly string[] _failures = [.. failures.Distinct()];

    public ValidateOptionsResult Validate(string? name, OptionsCatalog.Check options) =>
        _failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_failures);
}
