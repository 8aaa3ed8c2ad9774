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

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        life.ApplicationStarted.Register(() => systemd.Notify(ServiceState.Ready));
        life.ApplicationStopping.Register(() => systemd.Notify(ServiceState.Stopping));
        return base.StartAsync(cancellationToken);
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
                systemd.Notify(s_alive);
            else if (wasAlive)
                Log.NoPulse(logger);
            wasAlive = alive;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(720, LogLevel.Critical, "The chat stands still, so systemd is told nothing any more and will restart it.",
            EventName = "NoPulse")]
        public static partial void NoPulse(ILogger logger);
    }
}
