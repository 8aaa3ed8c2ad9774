using System.Net.Sockets;
using ErlChat.Logging;
using Microsoft.Extensions.Hosting.Systemd;

namespace ErlChat.Web.Systemd;

/// <summary>
/// Notifies systemd (<c>Type=notify</c>) when the server has started and when it stops. While the chat is alive, also notifies the watchdog
/// (<c>WatchdogSec</c>). If these notices stop, systemd restarts the server.
/// </summary>
/// <param name="systemd">Sends the notices.</param>
/// <param name="pulse">Checks whether the chat is alive.</param>
/// <param name="every">The time between two watchdog notices; null if systemd does not expect any.</param>
internal sealed partial class SystemdNotices(
    ISystemdNotifier systemd,
    Pulse pulse,
    TimeSpan? every,
    IHostApplicationLifetime life,
    TimeProvider time,
    ILogger<SystemdNotices> logger) : BackgroundService
{
    private static readonly ServiceState s_alive = new("WATCHDOG=1");

    private readonly Outage _failing = new(time, logger, Log.ToldAgain);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        life.ApplicationStarted.Register(() => Tell(ServiceState.Ready));
        life.ApplicationStopping.Register(() => Tell(ServiceState.Stopping));
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _failing.Dispose();
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
    /// Sends a notice. Each needs a descriptor for a moment. If none is free, the server continues, and the next notice is the next
    /// attempt.
    /// </summary>
    private void Tell(ServiceState state)
    {
        try
        {
            systemd.Notify(state);
            _failing.Succeeded();
        }
        catch (SocketException e)
        {
            if (_failing.Failed())
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
