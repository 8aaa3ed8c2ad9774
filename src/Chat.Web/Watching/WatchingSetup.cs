using ErlChat.Health;
using ErlChat.Telemetry;
using ErlChat.Web.Configuration;
using ErlChat.Web.Limits;
using ErlChat.Web.Site;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;
using OpenTelemetry.Instrumentation.AspNetCore;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ErlChat.Web.Watching;

/// <summary>Sets up what the operator monitors the server with: metrics, traces and health checks.</summary>
internal static class WatchingSetup
{
    internal const string MetricsPath = "/metrics";

    internal static void AddWatching(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        IConfigurationSection section = builder.Configuration.GetSection(MetricsOptions.Section);
        services.AddOptionsSection<MetricsOptions>(section);
        services.AddSingleton<IValidateOptions<MetricsOptions>, MetricsOptionsRules>();
        services.AddSingleton<Conditions>();
        services.AddSingleton<RingMetrics>();
        services.AddSingleton<RefusalCounts>();
        services.AddSingleton<ChatMetrics>();
        services.AddSingleton<StateMetrics>();
        services.AddSingleton<LogMetrics>();
        services.AddSingleton<Readiness>();
        services.AddHostedService<MetricsServer>();
        builder.AddOpenTelemetry();
    }

    /// <summary>Adds OpenTelemetry only if its output is used, because it costs a little for every command.</summary>
    private static void AddOpenTelemetry(this WebApplicationBuilder builder)
    {
        ConfigurationManager configuration = builder.Configuration;

        // The options are validated later, all together. Until then an unreadable value counts as not set.
        var failures = new List<string>();
        var otlp = OtlpSettings.Of(configuration, failures);
        builder.Services.AddSingleton<IValidateOptions<OptionsCatalog.Check>>(new EarlyFailures(failures));
        IConfigurationSection section = configuration.GetSection(MetricsOptions.Section);
        bool isScraped = section[nameof(MetricsOptions.Url)] is { Length: > 0 }
            || (bool.TryParse(section[nameof(MetricsOptions.OnChatPort)], out bool onChatPort) && onChatPort);
        if (otlp.IsDisabled || (!isScraped && otlp.Metrics is null && otlp.Traces is null))
            return;
        OpenTelemetry.OpenTelemetryBuilder telemetry = builder.Services
            .AddOpenTelemetry()
            .ConfigureResource(resource => Describe(resource, configuration));
        if (isScraped || otlp.Metrics is not null)
        {
            telemetry.WithMetrics(metrics =>
            {
                metrics.AddMeter(RingMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "System.Runtime");
                if (isScraped)
                    metrics.AddPrometheusExporter();
                if (otlp.Metrics is { } endpoint)
                    metrics.AddOtlpExporter(exporter => SendTo(exporter, endpoint, configuration["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"]));
            });
        }

        if (otlp.Traces is { } target)
        {
            telemetry.WithTracing(traces =>
            {
                traces.AddSource(RingTracing.SourceName).AddAspNetCoreInstrumentation();
                traces.ConfigureServices(services => services
                    .AddOptions<AspNetCoreTraceInstrumentationOptions>()
                    .Configure<IOptions<WebOptions>>((requests, site) =>
                        requests.Filter = context => TracedRequests.IsTraced(context, site.Value.PathBase)));
                if (OtlpSettings.SamplerOf(configuration) is { } sampler)
                    traces.SetSampler(sampler);
                traces.AddOtlpExporter(exporter => SendTo(exporter, target, configuration["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"]));
            });
        }
    }

    /// <summary>Maps <c>/metrics</c> on the chat's own addresses, if the operator has turned it on.</summary>
    internal static void MapMetrics(this WebApplication app)
    {
        app.Services.GetRequiredService<ChatMetrics>();
        app.Services.GetRequiredService<StateMetrics>();
        app.Services.GetRequiredService<LogMetrics>();
        bool onChatPort = app.Services.GetRequiredService<IOptions<MetricsOptions>>().Value.OnChatPort;
        if (onChatPort && app.Services.GetService<MeterProvider>() is not null)
            app.MapPrometheusScrapingEndpoint(MetricsPath).Costs(Charge.Probe);
    }

    /// <summary>
    /// Maps <c>/healthz</c>, which says that the process answers, and <c>/readyz</c>, which says whether it accepts sessions and messages.
    /// </summary>
    internal static void MapHealth(this WebApplication app)
    {
        Readiness readiness = app.Services.GetRequiredService<Readiness>();
        app.MapGet("/healthz", Readiness.WriteHealthAsync).Costs(Charge.Probe);
        app.MapGet("/readyz", readiness.WriteAsync).Costs(Charge.Probe);
    }

    private static void Describe(ResourceBuilder resource, ConfigurationManager configuration)
    {
        string version = typeof(WatchingSetup).Assembly.GetName().Version!.ToString(3);
        resource.AddService(configuration["OTEL_SERVICE_NAME"] is { Length: > 0 } name ? name : "erlchat", serviceVersion: version);
        resource.AddEnvironmentVariableDetector();
    }

    /// <summary>
    /// Uses the endpoint of a single signal unchanged. The common endpoint is left to the SDK, which derives the signal's endpoint from it.
    /// </summary>
    private static void SendTo(OtlpExporterOptions exporter, Uri endpoint, string? own)
    {
        if (own is { Length: > 0 })
            exporter.Endpoint = endpoint;
    }
}
