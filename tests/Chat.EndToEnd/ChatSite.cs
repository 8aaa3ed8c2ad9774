using ErlChat.Settings;
using ErlChat.Testing;
using ErlChat.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ErlChat.EndToEnd;

/// <summary>A real server on a free port. Disposing stops it, and fails the test if the server logged an error.</summary>
public sealed class ChatSite : IAsyncDisposable
{
    private readonly CollectingLogs _logs = new();
    private readonly RequestLog _requests = new();
    private WebApplication _app;

    private ChatSite(WebApplication app) => _app = app;

    public string Address { get; private set; } = "";

    public IServiceProvider Services => _app.Services;

    /// <summary>The requests that reached the ordinary pipeline.</summary>
    internal RequestLog Requests => _requests;

    /// <param name="options">As on the command line: <c>--Chat:IdleLimit=00:00:03</c>.</param>
    public static Task<ChatSite> StartAsync(params string[] options) => ListenAsync("http://127.0.0.1:0", options);

    /// <summary>Starts a server at an address other than the usual one of this machine.</summary>
    internal static async Task<ChatSite> ListenAsync(string url, params string[] options)
    {
        var site = new ChatSite(null!);
        await site.RunAsync(url, options);
        return site;
    }

    /// <summary>Options of a site whose log is in a folder and survives a restart. Pages poll often and come back soon.</summary>
    internal static string[] Durable(string folder) =>
    [
        "--Log:Kind=Sqlite", $"--Log:Path={folder}/chat.db", "--Chat:RetryFirst=00:00:00.2", "--Chat:RetryLongest=00:00:00.5",
        .. ShortPolls,
    ];

    /// <summary>Options with which <see cref="ShortenIdleLimit"/> has an effect soon.</summary>
    internal static string[] ShortPolls => ["--Chat:PollTimeout=1s", "--Chat:PollJitter=100ms", "--Chat:CheckIdle=100ms"];

    /// <summary>
    /// Until the next restart, whoever has not polled for four seconds is offline. Not from the start, because a page that is being loaded
    /// on a busy machine may take longer than that.
    /// </summary>
    internal void ShortenIdleLimit() => Services.GetRequiredService<IOptions<ChatOptions>>().Value.IdleLimit = TimeSpan.FromSeconds(4);

    /// <summary>Stops the server and starts another at the same address.</summary>
    public async Task RestartAsync(params string[] options)
    {
        await StopAsync();
        await RunAsync(Address, options);
    }

    /// <summary>Starts another server at the address of the one that was stopped.</summary>
    public Task StartAgainAsync(params string[] options) => RunAsync(Address, options);

    public async Task StopAsync()
    {
        await _app.StopAsync().WithinAsync();
        await _app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _logs.Verify();
        _logs.Dispose();
    }

    private async Task RunAsync(string url, string[] options)
    {
        _app = ChatServer.Build(["--urls", url, "--Log:Kind=Memory", "--Peer:Port=0", "--Chat:TrimHeap=false", .. options], builder =>
        {
            builder.Logging.ClearProviders().AddProvider(_logs);
            builder.Services.AddSingleton<IStartupFilter>(_requests);
        });
        await _app.StartAsync().WithinAsync();
        Address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }
}
