using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.RegularExpressions;
using ErlChat.Delivery;
using ErlChat.Rooms;
using ErlChat.Submissions;
using ErlChat.Web.FastLane;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ErlChat.Web.Tests.FastLane;

/// <summary>One server with two addresses: one behind the fast lane, one without it. What differs between them is the lane's fault.</summary>
internal sealed partial class TwoWays : IAsyncDisposable
{
    private const int Lane = 0;
    private const int Ordinary = 1;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly MemoryTransport _transport;
    private readonly WebApplication _app;
    private readonly CollectingLogs _logs;
    private readonly int[] _polls;

    private TwoWays(MemoryTransport transport, WebApplication app, CollectingLogs logs, int[] polls) => (_transport, _app, _logs, _polls) = (transport, app, logs, polls);

    internal ChatRoom Room => _app.Services.GetRequiredService<ChatRoom>();

    internal SubmissionHandler Submissions => _app.Services.GetRequiredService<SubmissionHandler>();

    internal PostOffice Office => _app.Services.GetRequiredService<PostOffice>();

    /// <summary>Polls that got as far as the ordinary pipeline, from the address behind the lane.</summary>
    internal int FromLane => _polls[Lane];

    /// <summary>The same from the other address.</summary>
    internal int FromOrdinary => _polls[Ordinary];

    internal static async Task<TwoWays> StartAsync(params string[] options)
    {
        var transport = new MemoryTransport();
        var logs = new CollectingLogs();
        int[] polls = [0, 0];
        string[] args = ["--urls", "http://127.0.0.1:8000;http://127.0.0.1:8001", "--Log:Kind=Memory", "--Peer:Port=0", "--Chat:TrimHeap=false", .. options.Select(option => "--" + option)];
        WebApplication app = ChatServer.Build(args, builder =>
        {
            builder.Logging.ClearProviders().AddProvider(logs);
            builder.Services.AddSingleton<IConnectionListenerFactory>(transport);
            builder.Services.AddSingleton<IStartupFilter>(new Counter(polls));

            // Instead of the server's own defaults, which put the lane before every address.
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint =>
            {
                if (endpoint.IPEndPoint!.Port == 8000)
                    endpoint.Use(endpoint.ApplicationServices.GetRequiredService<Lane>().Before);
            }));
        });
        transport.Memory = app.Services.GetRequiredService<IMemoryPoolFactory<byte>>().Create();
        await app.StartAsync().WithinAsync();
        var server = new TwoWays(transport, app, logs, polls);
        await server.WarmAsync(Lane);
        await server.WarmAsync(Ordinary);
        polls.AsSpan().Clear();
        return server;
    }

    /// <summary>What both addresses answer to the same pieces. Dates are taken out.</summary>
    internal async Task<(string Lane, string Ordinary)> AskAsync(IReadOnlyList<byte[]> pieces)
    {
        Task<string> lane = TalkAsync(Lane, pieces);
        string ordinary = await TalkAsync(Ordinary, pieces);
        return (await lane, ordinary);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().WithinAsync(TimeSpan.FromSeconds(20));
        await _app.DisposeAsync().WithinAsync();
        _logs.Verify();
        _logs.Dispose();
    }

    /// <summary>One request of each kind: the first makes what all need, which on a busy machine takes longer than the patience, and would be an answer that is cut.</summary>
    private async Task WarmAsync(int address)
    {
        const string requests =
            "GET /chat/me/ HTTP/1.1\r\nHost: h\r\n\r\nPOST /chat/send_msg/ HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5\r\n\r\nmsg=a"
            + "GET /chat/wait/?msg_id=1 HTTP/1.1\r\nHost: h\r\n\r\nGET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
        await TalkAsync(address, [Encoding.ASCII.GetBytes(requests)], TimeSpan.FromSeconds(20));
    }

    /// <summary>All that the server says.</summary>
    private async Task<string> TalkAsync(int address, IReadOnlyList<byte[]> pieces, TimeSpan? patience = null)
    {
        IDuplexPipe client = _transport.Connect(address);
        Task<string> reading = ReadAsync(client.Input);
        foreach (byte[] piece in pieces)
        {
            FlushResult flushed = await client.Output.WriteAsync(piece);
            if (flushed.IsCompleted)
                break;
        }

        // A server that waits for the rest of a request is told that there is none. Not before it has answered all that was whole: the end of a client
        // in the middle of a body is the end of the connection, and when it is noticed is chance.
        await Task.WhenAny(reading, Task.Delay(patience ?? s_patience, TimeProvider.System));
        await client.Output.CompleteAsync();
        return DateLine().Replace(await reading.WithinAsync(TimeSpan.FromSeconds(30), address == Lane ? "lane" : "ordinary"), "Date: some day\r\n");
    }

    private static async Task<string> ReadAsync(PipeReader input)
    {
        var text = new StringBuilder();
        while (true)
        {
            ReadResult read = await input.ReadAsync();
            text.Append(Encoding.Latin1.GetString(read.Buffer.ToArray()));
            input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return text.ToString();
        }
    }

    [GeneratedRegex("Date: [^\r]*\r\n")]
    private static partial Regex DateLine();

    private sealed class Counter(int[] polls) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(following => context =>
            {
                if (context.Request.Path.StartsWithSegments("/chat/wait", StringComparison.OrdinalIgnoreCase))
                    Interlocked.Increment(ref polls[context.Connection.LocalPort - 8000]);
                return following(context);
            });
            next(app);
        };
    }
}
