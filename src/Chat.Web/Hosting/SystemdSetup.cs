using System.Globalization;
using ErlChat.Eviction;
using ErlChat.Rooms;
using Microsoft.Extensions.Hosting.Systemd;

namespace ErlChat.Web.Hosting;

/// <summary>The server as a service of systemd; without systemd there is nothing of this.</summary>
internal static class SystemdSetup
{
    internal static void AddSystemdNotices(this WebApplicationBuilder builder)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is { Length: > 0 })
            builder.AddSystemdNotices(new SystemdNotifier(), WatchdogPeriod());
    }

    internal static void AddSystemdNotices(this WebApplicationBuilder builder, ISystemdNotifier systemd, TimeSpan? every) =>
        builder.Services.AddHostedService(provider => new SystemdNotices(
            systemd,
            new Pulse(provider.GetRequiredService<ChatRoom>(), provider.GetRequiredService<IdleEviction>()),
            every,
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SystemdNotices>>()));

    /// <summary>Twice within the time that systemd waits, as it recommends; null when it does not wait, or not for this process.</summary>
    private static TimeSpan? WatchdogPeriod()
    {
        string own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        if (Environment.GetEnvironmentVariable("WATCHDOG_PID") is { Length: > 0 } process && process != own)
            return null;
        string? text = Environment.GetEnvironmentVariable("WATCHDOG_USEC");
        bool waits = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds) && microseconds > 0;
        return waits ? TimeSpan.FromMicroseconds(microseconds / 2.0) : null;
    }
}
