using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using ErlChat.Sessions;
using ErlChat.Telemetry;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ErlChat.Web.Tests.Watching;

/// <summary>Traces of a command's path through the server, and where they are sent.</summary>
public class TracingTests
{
    [Fact]
    public async Task A_command_is_a_span_with_its_append_its_apply_and_its_delivery_below_it()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        var trace = ActivityTraceId.CreateRandom();
        var spans = new ConcurrentQueue<Activity>();
        using ActivityListener listener = Listen(trace, spans);
        (string, string) header = ("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
        CometClient alice = await server.LoginAsync("alice");
        Task<CometAnswer> poll = alice.GetAsync($"/chat/wait/?msg_id={alice.Cursor}", null, header);
        await server.ParkedAsync(1);
        Assert.Empty(spans);
        Assert.True((await alice.PostRawAsync("/chat/send_msg/", "msg=unspeakable"u8.ToArray(), headers: header)).IsOk);
        await poll;
        await Eventually.BeTrueAsync(() => spans.Count == 4);
        Activity command = spans.Single(span => span.OperationName == "command");
        Assert.Equal(
            ["append", "apply", "deliver"],
            spans.Where(span => span.ParentSpanId == command.SpanId).Select(span => span.OperationName).Order(StringComparer.Ordinal));
        Assert.Equal("Said", command.GetTagItem("erlchat.entry"));
        Assert.Equal("Accepted", command.GetTagItem("erlchat.outcome"));
        string tags = string.Join(' ', spans.SelectMany(span => span.TagObjects).Select(tag => $"{tag.Key}={tag.Value}"));
        Assert.DoesNotContain("unspeakable", tags, StringComparison.Ordinal);
        Assert.DoesNotContain("alice", tags, StringComparison.Ordinal);
        Assert.DoesNotContain(SessionKey.Of(alice.Token!).ToString(), tags, StringComparison.OrdinalIgnoreCase);

        // The outcome of the command is recorded too, and no activity is left behind as the current one.
        await alice.PostRawAsync("/chat/send_msg/", "msg=unspeakable&to=nobody"u8.ToArray(), headers: header);
        await Eventually.BeTrueAsync(() => spans.Count == 8);
        Assert.Contains(spans, span => Equals(span.GetTagItem("erlchat.outcome"), "NoSuchUser"));
        Assert.All(spans, span => Assert.True(span.IsStopped));
        Assert.Null(Activity.Current);
    }

    // One variable is all that the operator of a collector should need.
    [Fact]
    public async Task The_usual_variables_send_traces_and_metrics_to_a_collector()
    {
        await using var collector = await Collector.StartAsync();
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            $"OTEL_EXPORTER_OTLP_ENDPOINT={collector.Address}",
            "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
            "OTEL_TRACES_SAMPLER=always_on",
            "OTEL_BSP_SCHEDULE_DELAY=200",
            "OTEL_METRIC_EXPORT_INTERVAL=300",
            "OTEL_SERVICE_NAME=a-chat-of-ours",
            "Chat:PathBase=/tracedtalk",
            "Chat:FastLane=false");
        CometClient alice = await server.LoginAsync("aliceofthetraces");
        Task<CometAnswer> poll = alice.GetAsync($"/tracedtalk/chat/wait/?msg_id={alice.Cursor}");
        await server.ParkedAsync(1);
        Assert.True((await alice.SendAsync("unspeakable")).IsOk);
        await poll;
        await alice.GetAsync("/chat/search/?q=unspeakable");
        await Eventually.BeTrueAsync(
            () => ((string[])["command", "append", "apply", "deliver", "a-chat-of-ours", "chat/search"])
                .All(word => collector.Got("traces").Contains(word, StringComparison.Ordinal))
                && collector.Got("metrics").Contains("erlchat.sessions", StringComparison.Ordinal),
            TimeSpan.FromSeconds(30));
        await server.StopAsync();
        string all = collector.Got("traces") + collector.Got("metrics");
        Assert.DoesNotContain("unspeakable", all, StringComparison.Ordinal);
        Assert.DoesNotContain("aliceofthetraces", all, StringComparison.Ordinal);
        Assert.DoesNotContain(alice.Token!, all, StringComparison.Ordinal);

        // With the path base: the provider hears the servers of other tests in this process too, whose path bases are not its own.
        Assert.DoesNotContain("/tracedtalk/chat/wait", collector.Got("traces"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false, "OTEL_SDK_DISABLED=true", "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9")]
    [InlineData(true, false, "OTEL_TRACES_EXPORTER=none", "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9")]
    [InlineData(false, true, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://127.0.0.1:9/v1/traces", "OTEL_SERVICE_NAME=x")]
    public async Task Each_signal_is_sent_only_if_it_is_enabled(bool metrics, bool traces, params string[] variables)
    {
        await using WebApplication app = ChatServer.Build(["--Log:Kind=Memory", .. variables.Select(variable => "--" + variable)]);
        Assert.Equal(metrics, app.Services.GetService<MeterProvider>() is not null);
        Assert.Equal(traces, app.Services.GetService<TracerProvider>() is not null);
    }

    // Any client can send a traceparent that asks for a trace. Otherwise a stranger could have every request recorded and sent.
    [Fact]
    public void A_strangers_request_to_be_traced_is_ignored()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection([new("OTEL_TRACES_SAMPLER_ARG", "0")]).Build();
        Sampler sampler = OtlpSettings.SamplerOf(configuration)!;
        var trace = ActivityTraceId.CreateRandom();
        var asked = new ActivityContext(trace, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, isRemote: true);
        Assert.Equal(
            SamplingDecision.Drop, sampler.ShouldSample(new SamplingParameters(asked, trace, "command", ActivityKind.Internal)).Decision);
        var own = new ActivityContext(trace, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, isRemote: false);
        Assert.Equal(
            SamplingDecision.RecordAndSample,
            sampler.ShouldSample(new SamplingParameters(own, trace, "command", ActivityKind.Internal)).Decision);
        Assert.Null(
            OtlpSettings.SamplerOf(new ConfigurationBuilder().AddInMemoryCollection([new("OTEL_TRACES_SAMPLER", "always_on")]).Build()));
    }

    [Theory]
    [InlineData("/chat/wait/", false)]
    [InlineData("/Chat/WAIT", false)]
    [InlineData("/chat-server", false)]
    [InlineData("/assets/1/x.js", false)]
    [InlineData("/healthz", false)]
    [InlineData("/metrics", false)]
    [InlineData("/talk/chat/wait/", false)]
    [InlineData("/talk", true)]
    [InlineData("/chat/send_msg/", true)]
    [InlineData("/login/", true)]
    public void A_poll_has_no_span(string path, bool isTraced)
    {
        var context = new DefaultHttpContext();
        context.Request.Path = path;
        Assert.Equal(isTraced, TracedRequests.IsTraced(context, "/talk"));
    }

    /// <summary>Listens to one trace, although other tests have theirs in the same process.</summary>
    private static ActivityListener Listen(ActivityTraceId trace, ConcurrentQueue<Activity> spans)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == RingTracing.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.TraceId == trace
                ? ActivitySamplingResult.AllDataAndRecorded
                : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                if (span.TraceId == trace)
                    spans.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    /// <summary>A collector that stores everything it receives.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly ConcurrentQueue<(string Signal, string Body)> _got = new();

        private Collector(WebApplication app)
        {
            _app = app;
            app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
            {
                using var body = new MemoryStream();
                await request.Body.CopyToAsync(body);
                _got.Enqueue((signal, Encoding.Latin1.GetString(body.ToArray())));
                return Results.Bytes([], "application/x-protobuf");
            });
        }

        internal string Address => _app.Urls.Single();

        internal static async Task<Collector> StartAsync()
        {
            WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            WebApplication app = builder.Build();
            app.Urls.Add("http://127.0.0.1:0");
            var collector = new Collector(app);
            await app.StartAsync();
            return collector;
        }

        internal string Got(string signal) => string.Concat(_got.Where(one => one.Signal == signal).Select(one => one.Body));

        public async ValueTask DisposeAsync()
        {
            await _app.StopAsync().WithinAsync();
            await _app.DisposeAsync();
        }
    }
}
