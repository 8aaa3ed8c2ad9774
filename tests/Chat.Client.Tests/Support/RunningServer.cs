using ErlChat.Delivery;
using ErlChat.Rooms;
using ErlChat.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ErlChat.Client.Tests;

/// <summary>
/// The real server on a port that it keeps across restarts. Disposing stops it, and fails the test if the server logged an error.
/// </summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly string[] _options;
    private WebApplication? _app;

    private RunningServer(string[] options)
    {
        _options = options;
        Port = LoopbackPort.Free();
    }

    internal int Port { get; }

    internal Uri Address => new($"http://127.0.0.1:{Port}");

    internal CollectingLogs Logs { get; } = new();

    internal ChatRoom Room => _app!.Services.GetRequiredService<ChatRoom>();

    internal PostOffice Office => _app!.Services.GetRequiredService<PostOffice>();

    /// <summary>
    /// Starts a server with options such as <c>Chat:PollTimeout=00:00:01</c>. There are no rate limits unless the options set them.
    /// </summary>
    internal static async Task<RunningServer> StartAsync(params string[] options)
    {
        var server = new RunningServer(options);
        await server.StartAgainAsync();
        return server;
    }

    internal async Task StartAgainAsync()
    {
        string[] always =
        [
            "--urls", Address.ToString(), "--Peer:Port=0", "--Log:Kind=Memory",
            "--Chat:MaxSessionsPerHost=1000", "--Chat:RateLimitCount=100000", "--Chat:RateLimitWindow=00:00:00.010",
        ];
        if (!_options.Any(option => option.StartsWith("Limits:", StringComparison.Ordinal)))
            always = [.. always, "--Limits:Enabled=false"];
        _app = ChatServer.Build(
            [.. always, .. _options.Select(option => "--" + option)], builder => builder.Logging.ClearProviders().AddProvider(Logs));
        await _app.StartAsync().WithinAsync();
    }

    /// <summary>Makes an invitation, as an administrator does. Returns the secret in its link.</summary>
    internal async Task<string> InviteAsync() =>
        (await _app!.Services.GetRequiredService<MemberAccounts>().InviteAsync().WithinAsync()).Link!.Token;

    internal async Task StopAsync()
    {
        if (_app is not { } app)
            return;
        _app = null;
        await app.StopAsync().WithinAsync(TimeSpan.FromSeconds(20));
        await app.DisposeAsync().WithinAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Logs.Verify();
    }
}
