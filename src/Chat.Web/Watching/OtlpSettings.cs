using System.Globalization;
using ErlChat.Web.Configuration;
using Microsoft.Extensions.Options;
using OpenTelemetry.Trace;

namespace ErlChat.Web.Watching;

/// <summary>What OpenTelemetry's usual variables say, as far as its SDK does not read them by itself.</summary>
/// <param name="Metrics">Where metrics are sent to; null for nowhere.</param>
/// <param name="Traces">Where traces are sent to; null for nowhere.</param>
/// <param name="IsDisabled">Whether nothing is to be collected at all.</param>
internal sealed record OtlpSettings(Uri? Metrics, Uri? Traces, bool IsDisabled)
{
    /// <summary>The share of commands that is traced when the operator says nothing.</summary>
    internal const double TracedShare = 0.01;

    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Reads the variables, from the environment or from where else the configuration has them.</summary>
    /// <param name="failures">Gets a sentence for each endpoint that is no address; nothing is sent there.</param>
    internal static OtlpSettings Of(IConfiguration configuration, List<string> failures)
    {
        bool isDisabled = bool.TryParse(configuration["OTEL_SDK_DISABLED"], out bool disabled) && disabled;
        return isDisabled
            ? new OtlpSettings(null, null, true)
            : new OtlpSettings(Read(configuration, "METRICS", failures), Read(configuration, "TRACES", failures), false);
    }

    /// <summary>
    /// The sampler; null when the SDK's own reading of <c>OTEL_TRACES_SAMPLER</c> says. By default a small share, whatever a caller's
    /// <c>traceparent</c> asks for: on a public server anybody could otherwise have all their requests traced.
    /// </summary>
    internal static Sampler? SamplerOf(IConfiguration configuration)
    {
        if (configuration["OTEL_TRACES_SAMPLER"] is { Length: > 0 })
            return null;
        double share = double.TryParse(configuration["OTEL_TRACES_SAMPLER_ARG"], NumberStyles.Float, CultureInfo.InvariantCulture, out double told) && told is >= 0 and <= 1
            ? told
            : TracedShare;
        var some = new TraceIdRatioBasedSampler(share);
        return new ParentBasedSampler(some, remoteParentSampled: some, remoteParentNotSampled: some);
    }

    /// <summary>Where a signal goes: to the address of its own, or to the one of all.</summary>
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

/// <summary>
/// What was found wrong while the parts were put together, told at the start with whatever else is wrong with the options.
/// </summary>
internal sealed class EarlyFailures(IEnumerable<string> failures) : IValidateOptions<OptionsCatalog.Check>
{
    private readonly string[] _failures = [.. failures.Distinct()];

    public ValidateOptionsResult Validate(string? name, OptionsCatalog.Check options) =>
        _failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_failures);
}
