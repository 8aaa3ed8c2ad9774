using ErlChat.Delivery;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Submissions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ErlChat.Web.Tests;

/// <summary>The real server on a free port of 127.0.0.1. Disposing stops it, and fails the test if the server logged an error.</summary>
internal sealed class ChatServerHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;
    private bool _stopped;

    private ChatServerHost(WebApplication app, CollectingLogs logs, ManualTimeProvider? clock)
    {
        _app = app;
        Logs = logs;
        ClockOrNull = clock;
        Address = new Uri(app.Urls.Single());
        _http = NewHttp();
    }

    internal Uri Address { get; }

    internal int Port => Address.Port;

    internal CollectingLogs Logs { get; }

    internal IServiceProvider Services => _app.Services;

    internal PostOffice Office => Services.GetRequiredService<PostOffice>();

    internal ChatRoom Room => Services.GetRequiredService<ChatRoom>();

    internal SubmissionHandler Submissions => Services.GetRequiredService<SubmissionHandler>();

    /// <summary>The clock to advance. Only available for a server that was started with one.</summary>
    internal ManualTimeProvider Clock => ClockOrNull ?? throw new InvalidOperationException("The server has the system's clock.");

    private ManualTimeProvider? ClockOrNull { get; }

    /// <summary>Starts a server with the system's clock and these options, for example <c>Chat:PollTimeout=00:00:01</c>.</summary>
    internal static Task<ChatServerHost> StartAsync(params string[] options) => StartAsync(null, null, options);

    /// <summary>Starts a server whose clock does not run by itself.</summary>
    internal static Task<ChatServerHost> StartStillAsync(params string[] options) => StartAsync(new ManualTimeProvider(), null, options);

    internal static async Task<ChatServerHost> StartAsync(
        ManualTimeProvider? clock, Action<WebApplicationBuilder>? configure, params string[] options)
    {
        var logs = new CollectingLogs();
        string[] args =
        [
            "--urls", "http://127.0.0.1:0", "--Log:Kind=Memory", "--Peer:Port=0", "--Chat:TrimHeap=false",
            .. options.Select(option => "--" + option),
        ];
        WebApplication app = ChatServer.Build(args, builder =>
        {
            builder.Logging.ClearProviders().AddProvider(logs);
            if (clock is not null)
                builder.Services.AddSingleton<TimeProvider>(clock);
            configure?.Invoke(builder);
        });
        await app.StartAsync().WithinAsync();
        return new ChatServerHost(app, logs, clock);
    }

    /// <summary>Options that let every client talk as fast and log in as often as it can.</summary>
    internal static string[] NoLimits =>
        ["Chat:RateLimitCount=100000", "Chat:RateLimitWindow=00:00:00.010", "Chat:MaxSessionsPerHost=1000000", "Limits:Enabled=false"];

    /// <summary>A client that is not logged in.</summary>
    internal CometClient Stranger(string nick = "") => new(_http, nick);

    /// <summary>Logs in and calls start. The cursor is at the position after the client's own join.</summary>
    internal async Task<CometClient> LoginAsync(string nick, bool keeps = false)
    {
        var client = new CometClient(_http, nick) { Keeps = keeps };
        await client.LoginAsync(nick);
        await client.StartAsync();
        return client;
    }

    /// <summary>
    /// Logs in as an administrator. The server must have <see cref="AdminPassword"/>. The answers to the command are already read.
    /// </summary>
    internal async Task<CometClient> LoginAdminAsync(string nick)
    {
        CometClient admin = await LoginAsync(nick);
        Assert.True((await admin.SendAsync("/auth demopass")).IsOk);
        IReadOnlyList<CometItemView> items = await admin.ReadAsync();
        Assert.Equal("admin_logged_in", items[^1].Type);
        return admin;
    }

    internal const string AdminPassword = "Chat:AdminPassword=demopass";

    /// <summary>A separate HTTP client, with as many connections as it likes, which keeps no cookies and follows no redirects.</summary>
    internal HttpClient NewHttp() => new(
        new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, UseProxy = false, MaxConnectionsPerServer = int.MaxValue })
    {
        BaseAddress = Address,
        Timeout = TimeSpan.FromSeconds(30),
    };

    internal Task ParkedAsync(long count) =>
        Eventually.BeTrueAsync(() => Office.Parked == count, what: $"Parked == {count}, is {Office.Parked}");

    /// <summary>The visible state of the chat, and the position of its log. A request that does nothing leaves it unchanged.</summary>
    internal string Picture()
    {
        // There is no other caller, so the list is available at once.
        Task<PeopleListed?> people = Room.PeopleAsync(RoomName.Lobby);
        Assert.True(people.IsCompletedSuccessfully);
        return $"head {Office.Head}, sessions {Room.SessionCount}, boxes {Office.Count}, parked {Office.Parked}, sent {Office.Sent}, "
            + string.Join(", ", Room.Rooms()) + ", " + string.Join(", ", people.GetAwaiter().GetResult()!.People.Select(who => who.Nick))
                + $", bans {Room.ActiveBans().Count}";
    }

    internal async Task StopAsync()
    {
        _stopped = true;
        await _app.StopAsync().WithinAsync(TimeSpan.FromSeconds(20));
    }

    public async ValueTask DisposeAsync()
    {
        // The clients go first, because a stop waits a moment for open connections.
        _http.Dispose();
        if (!_stopped)
            await StopAsync();
        await _app.DisposeAsync().WithinAsync();
        Logs.Verify();
    }
}
