using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ErlChat.Web.Tests.FastLane;

/// <summary>A real server that counts the polls that the ordinary pipeline sees, which are those that did not come over the lane.</summary>
internal sealed class LaneServer : IAsyncDisposable
{
    private readonly OrdinaryPolls _polls;

    private LaneServer(ChatServerHost host, OrdinaryPolls polls) => (Host, _polls) = (host, polls);

    internal ChatServerHost Host { get; }

    /// <summary>Polls that the ordinary pipeline has seen.</summary>
    internal int Ordinary => _polls.Count;

    internal static Task<LaneServer> StartAsync(bool lane, params string[] options) => StartAsync(lane, null, null, options);

    internal static Task<LaneServer> StartStillAsync(bool lane, params string[] options) =>
        StartAsync(lane, new ManualTimeProvider(), null, options);

    /// <param name="keepAlive">Kestrel's time-out for quiet connections, which is also the lane's.</param>
    internal static async Task<LaneServer> StartAsync(bool lane, ManualTimeProvider? clock, TimeSpan? keepAlive, params string[] options)
    {
        var polls = new OrdinaryPolls();
        ChatServerHost host = await ChatServerHost.StartAsync(
            clock,
            builder =>
            {
                builder.Services.AddSingleton<IStartupFilter>(polls);
                if (keepAlive is { } limit)
                    builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.KeepAliveTimeout = limit);
            },
            [$"Chat:FastLane={lane}", .. options]);
        return new LaneServer(host, polls);
    }

    internal async Task<LaneClient> ConnectAsync() => new(await RawHttp.ConnectAsync(Host));

    /// <summary>Opens a new connection for a user who logged in elsewhere.</summary>
    internal async Task<LaneClient> ConnectAsync(CometClient who) =>
        new(await RawHttp.ConnectAsync(Host)) { Token = who.Token, Cursor = who.Cursor };

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    private sealed class OrdinaryPolls : IStartupFilter
    {
        private int _count;

        internal int Count => Volatile.Read(ref _count);

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(following => context =>
            {
                if (context.Request.Path.StartsWithSegments("/chat/wait", StringComparison.OrdinalIgnoreCase))
                    Interlocked.Increment(ref _count);
                return following(context);
            });
            next(app);
        };
    }
}

/// <summary>A client that does everything on one connection, and writes every byte itself.</summary>
internal sealed class LaneClient(RawHttp raw) : IDisposable
{
    internal RawHttp Raw => raw;

    internal string? Token { get; set; }

    internal long Cursor { get; set; }

    /// <summary>Logs in and calls start.</summary>
    internal async Task LoginAsync(string nick)
    {
        CometAnswer login = await PostAsync("/login/", $"nick={nick}");
        Token = login.Token ?? throw new InvalidOperationException(login.Body);
        Cursor = (await GetAsync("/chat/start/")).Response.GetInt64();
    }

    internal Task<CometAnswer> SendMessageAsync(string text) => PostAsync("/chat/send_msg/", "msg=" + Uri.EscapeDataString(text));

    internal Task<CometAnswer> GetAsync(string path) => AskAsync($"GET {path} HTTP/1.1\r\nHost: h\r\n{Cookie}\r\n");

    internal Task<CometAnswer> PostAsync(string path, string body) =>
        AskAsync(
            $"POST {path} HTTP/1.1\r\nHost: h\r\n{Cookie}Content-Type: application/x-www-form-urlencoded\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n{body}");

    /// <summary>The bytes of the next poll.</summary>
    internal string Poll => PollFrom(Cursor);

    internal string PollFrom(long cursor) =>
        string.Create(CultureInfo.InvariantCulture, $"GET /chat/wait/?msg_id={cursor} HTTP/1.1\r\nHost: h\r\n{Cookie}\r\n");

    /// <summary>Sends a poll without waiting for its answer.</summary>
    internal Task BeginPollAsync() => raw.SendAsync(Poll);

    /// <summary>One poll. The cursor moves to the position after the items it returned.</summary>
    internal async Task<CometAnswer> PollAsync()
    {
        await BeginPollAsync();
        return await ReadAsync();
    }

    /// <summary>The next answer. The cursor moves to the position after its items, if there are any.</summary>
    internal async Task<CometAnswer> ReadAsync(TimeSpan? limit = null)
    {
        RawAnswer answer = await raw.ReadAnswerAsync(limit) ?? throw new InvalidOperationException("The server closed.");
        var comet = new CometAnswer((HttpStatusCode)answer.Status, answer.Headers, answer.Body);
        if (comet.Items is [.., var last])
            Cursor = last.Id + 1;
        return comet;
    }

    public void Dispose() => raw.Dispose();

    private string Cookie => Token is null ? "" : $"Cookie: chat_sess={Token}\r\n";

    private async Task<CometAnswer> AskAsync(string request)
    {
        await raw.SendAsync(request);
        return await ReadAsync();
    }
}
