using ErlChat.Delivery;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Submissions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ErlChat.Web.Tests;

/// <summary>The real server on a free port of 127.0.0.1. Disposing it stops it, and fails the test when it logged an error.</summary>
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

    /// <summary>The clock to move; only of a server that was started with one.</summary>
    internal ManualTimeProvider Clock => ClockOrNull ?? throw new InvalidOperationException("The server has the system's clock.");

    private ManualTimeProvider? ClockOrNull { get; }

    /// <summary>A server with the system's clock and these options: <c>Chat:PollTimeout=00:00:01</c>.</summary>
    internal static Task<ChatServerHost> StartAsync(params string[] options) => StartAsync(null, null, options);

    /// <summary>A server whose clock stands still.</summary>
    internal static Task<ChatServerHost> StartStillAsync(params string[] options) => StartAsync(new ManualTimeProvider(), null, options);

    internal static async Task<ChatServerHost> StartAsync(ManualTimeProvider? clock, Action<WebApplicationBuilder>? configure, params string[] options)
    {
        var logs = new CollectingLogs();
        string[] args = ["--urls", "http://127.0.0.1:0", "--Log:Kind=Memory", "--Peer:Port=0", "--Chat:TrimHeap=false", .. options.Select(option => "--" + option)];
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

    /// <summary>Options that let anybody talk as fast and log in as often as they can.</summary>
    internal static string[] NoLimits => ["Chat:RateLimitCount=100000", "Chat:RateLimitWindow=00:00:00.010", "Chat:MaxSessionsPerHost=1000000", "Limits:Enabled=false"];

    /// <summary>Somebody who is not logged in.</summary>
    internal CometClient Stranger(string nick = "") => new(_http, nick);

    /// <summary>Somebody who is, and has called start: its cursor stands behind its own coming.</summary>
    internal async Task<CometClient> LoginAsync(string nick)
    {
        CometClient client = Stranger(nick);
        await client.LoginAsync(nick);
        await client.StartAsync();
        return client;
    }

    /// <summary>An administrator, whose server has <see cref="AdminPassword"/>, and whose answers to that are read.</summary>
    internal async Task<CometClient> LoginAdminAsync(string nick)
    {
        CometClient admin = await LoginAsync(nick);
        Assert.True((await admin.SendAsync("/auth demopass")).IsOk);
        IReadOnlyList<CometItemView> items = await admin.ReadAsync();
        Assert.Equal("admin_logged_in", items[^1].Type);
        return admin;
    }

    internal const string AdminPassword = "Chat:AdminPassword=demopass";

    /// <summary>An HTTP client of its own, with as many connections as it likes, which keeps no cookies and follows nothing.</summary>
    internal HttpClient NewHttp() => new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, UseProxy = false, MaxConnectionsPerServer = int.MaxValue })
    {
        BaseAddress = Address,
        Timeout = TimeSpan.FromSeconds(30),
    };

    internal Task ParkedAsync(long count) => Eventually.BeTrueAsync(() => Office.Parked == count, what: $"Parked == {count}, is {Office.Parked}");

    /// <summary>What can be seen of the chat, and where its log is: a request that does nothing leaves it as it was.</summary>
    internal string Picture()
    {
        // Nobody else asks, so the list is there at once.
        Task<PeopleListed?> people = Room.PeopleAsync(RoomName.Lobby);
        Assert.True(people.IsCompletedSuccessfully);
        return $"head {Office.Head}, sessions {Room.SessionCount}, boxes {Office.Count}, parked {Office.Parked}, sent {Office.Sent}, "
            + string.Join(", ", Room.Rooms()) + ", " + string.Join(", ", people.GetAwaiter().GetResult()!.People.Select(who => who.Nick)) + $", bans {Room.ActiveBans().Count}";
    }

    internal async Task StopAsync()
    {
        _stopped = true;
        await _app.StopAsync().WithinAsync(TimeSpan.FromSeconds(20));
    }

    public async ValueTask DisposeAsync()
    {
        // The clients go first: a stop waits a moment for what open connections may still send.
        _http.Dispose();
        if (!_stopped)
            await StopAsync();
        await _app.DisposeAsync().WithinAsync();
        Logs.Verify();
    }
}
