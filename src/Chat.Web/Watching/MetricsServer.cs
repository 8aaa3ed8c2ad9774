using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;

namespace ErlChat.Web.Watching;

/// <summary>
/// The separate address for monitoring: <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c>, and nothing of the chat. It is a small second
/// Kestrel, so that it does not share limits, host names or load with the chat's.
/// </summary>
internal sealed partial class MetricsServer(
    IOptions<MetricsOptions> options,
    Readiness readiness,
    IServiceProvider services,
    ILoggerFactory loggers,
    ILogger<MetricsServer> logger) : IHostedService, IDisposable
{
    /// <summary>The most connections at a time: more than a few Prometheus servers and probes need.</summary>
    private const int MaxConnections = 64;

    private KestrelServer? _server;

    /// <summary>The address that it listens on; null if it does not.</summary>
    internal Uri? Address { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Url is not { } url)
            return;
        var kestrel = new KestrelServerOptions { AddServerHeader = false, ApplicationServices = services };
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        kestrel.Limits.MaxRequestBodySize = 0;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers);
        _server = new KestrelServer(Options.Create(kestrel), transport, loggers);
        ICollection<string> addresses = _server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        addresses.Add(url);
        await _server.StartAsync(new Application(Pipeline()), cancellationToken);
        string local = addresses.First()
            .Replace("*", "localhost", StringComparison.Ordinal)
            .Replace("[::]", "localhost", StringComparison.Ordinal);
        Address = new Uri(local);
        Log.Listens(logger, addresses.First());
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public void Dispose() => _server?.Dispose();

    private RequestDelegate Pipeline()
    {
        var app = new ApplicationBuilder(services);
        if (services.GetService<MeterProvider>() is { } provider)
            app.UseOpenTelemetryPrometheusScrapingEndpoint(
                provider, IsMetrics, path: null, configureBranchedPipeline: null, optionsName: null);
        app.Run(context =>
        {
            switch (context.Request.Path.Value)
            {
                case "/healthz":
                    return Readiness.WriteHealthAsync(context);
                case "/readyz":
                    return readiness.WriteAsync(context);
                default:
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                    return Task.CompletedTask;
            }
        });
        return app.Build();

        static bool IsMetrics(HttpContext context) => context.Request.Path.Equals(WatchingSetup.MetricsPath, StringComparison.Ordinal);
    }

    private sealed class Application(RequestDelegate pipeline) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => pipeline(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            720,
            LogLevel.Information,
            "Metrics and health are at {Address}: /metrics, /healthz, /readyz.",
            EventName = "MetricsListen")]
        public static partial void Listens(ILogger logger, string address);
    }
}
