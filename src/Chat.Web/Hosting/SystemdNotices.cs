using System.Net.Sockets;
using ErlChat.Logging;
using Microsoft.Extensions.Hosting.Systemd;

namespace ErlChat.Web.Hosting;

/// <summary>
/// Tells systemd (<c>Type=notify</c>) that the server is up and that it stops, and, while the chat is alive, that it is
/// (<c>WatchdogSec</c>). systemd restarts a server that says nothing for so long.
/// </summary>
/// <param name="systemd">Where to tell it.</param>
/// <param name="pulse">Whether the chat is alive.</param>
/// <param name="every">The time between two signs of life; null when systemd wants none.</param>
internal sealed partial class SystemdNotices(
    ISystemdNotifier systemd,
    Pulse pulse,
    TimeSpan? every,
    IHostApplicationLifetime life,
    TimeProvider time,
    ILogger<SystemdNotices> logger) : BackgroundService
{
    private static readonly ServiceState s_alive = new("WATCHDOG=1");

    private readonly Outage _untold = new(time, logger, Log.ToldAgain);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        life.ApplicationStarted.Register(() => Tell(ServiceState.Ready));
        life.ApplicationStopping.Register(() => Tell(ServiceState.Stopping));
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _untold.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (every is not { } period)
            return;
        using var timer = new PeriodicTimer(period, time);
        bool wasAlive = true;
        do
        {
            bool alive = pulse.Beats();
            if (alive)
                Tell(s_alive);
            else if (wasAlive)
                Log.NoPulse(logger);
            wasAlive = alive;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>
    /// Each notice takes a descriptor for a moment. When there is none, the next notice is the next try; the server goes on.
    /// </summary>
    private void Tell(ServiceState state)
    {
        try
        {
            systemd.Notify(state);
            _untold.Succeeded();
        }
        catch (SocketException e)
        {
            if (_untold.Failed())
                Log.NotTold(logger, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            770,
            LogLevel.Critical,
            "The chat has stopped making progress. The server no longer notifies systemd, which will restart it.",
            EventName = "NoPulse")]
        public static partial void NoPulse(ILogger logger);

        [LoggerMessage(771, LogLevel.Warning, "systemd cannot be notified of the server's state: {Cause}", EventName = "SystemdNotTold")]
        public static partial void NotTold(ILogger logger, string cause);

        [LoggerMessage(
            772,
            LogLevel.Warning,
            "systemd can be notified again: {Count} notices failed within {Seconds:F1} s.",
            EventName = "SystemdToldAgain")]
        public static partial void ToldAgain(ILogger logger, long count, double seconds);
    }
}
