using ErlChat.Load.Drivers.Comet;

namespace ErlChat.Load.Servers;

/// <summary>
/// Our server with a durable log in a separate folder, in one process after another. Disposing stops it and deletes the folder.
/// </summary>
internal sealed class DurableServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("erlchat-storm-");
    private readonly PeerSettings _settings;
    private Task<ServerProcess>? _running;

    /// <param name="settings">Returns the settings to start it with, given the folder of its log.</param>
    internal DurableServer(Func<string, PeerSettings> settings) => _settings = settings(_folder.FullName);

    /// <summary>The port, which is the same for all of its processes.</summary>
    internal int Port => _settings.Port;

    internal Task<ServerProcess> StartAsync(CancellationToken cancellationToken) =>
        _running = ChatServer.StartAsync(_settings, cancellationToken);

    /// <summary>Kills the server as a crash would.</summary>
    internal Task CrashAsync() => EndAsync();

    /// <summary>Asks the server to stop. Returns how long that took.</summary>
    internal async Task<TimeSpan> StopAsync(CancellationToken cancellationToken)
    {
        TimeSpan took = _running is null ? TimeSpan.Zero : await (await _running).StopAsync(cancellationToken);
        await EndAsync();
        return took;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _folder.Delete(recursive: true);
    }

    private async Task EndAsync()
    {
        if (_running is not { } running)
            return;
        _running = null;
        try
        {
            await (await running).DisposeAsync();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The server did not start, and was stopped when that was noticed.
        }
    }
}
