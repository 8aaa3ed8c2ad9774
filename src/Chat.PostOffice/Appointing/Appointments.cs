using ErlChat.Log;
using ErlChat.Logging;
using ErlChat.Members;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ErlChat.Appointing;

/// <summary>
/// Carries out the operator's appointments, which a program on the server's machine writes into the store of credentials: the members
/// become administrators for good.
/// </summary>
/// <remarks>
/// Every node looks for them. The fold takes the second entry for the same member as no change, so no node has to be the one.
/// </remarks>
public sealed partial class Appointments(ChatRoom room, ICredentialStore store, TimeProvider time, ILogger<Appointments> logger)
    : BackgroundService
{
    /// <summary>How often a server looks for them.</summary>
    public static TimeSpan Period { get; } = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var failing = new Outage(time, logger, Log.Found);
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!room.IsReady)
                continue;
            try
            {
                foreach (Appointment appointment in await store.AppointmentsAsync(stoppingToken))
                    await CarryOutAsync(appointment);
                failing.Succeeded();
            }
            catch (LogUnavailableException)
            {
                // The log has reported it. The appointments wait.
            }
            catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
            {
                if (failing.Failed())
                    Log.Failed(logger, e);
            }
        }
    }

    private async Task CarryOutAsync(Appointment appointment)
    {
        bool isOver = time.GetUtcNow() - appointment.MadeAt > Appointment.Lifetime;
        if (!isOver && room.FindMember(appointment.Nick, appointment.MadeAt) is { } member)
        {
            Outcome outcome = await room.Administration.AppointAsync(member.UserId);
            if (outcome is Accepted)
                Log.Appointed(logger, member.UserId);
            isOver = outcome is Accepted;
        }

        if (isOver)
            await store.RemoveAppointmentAsync(appointment);
    }

    private static partial class Log
    {
        [LoggerMessage(
            130,
            LogLevel.Error,
            "The operator's appointments of administrators cannot be read. Further failures are counted.",
            EventName = "AppointmentsFailed")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(
            131,
            LogLevel.Warning,
            "The operator's appointments of administrators can be read again: it failed {Count} times within {Seconds:F1} s.",
            EventName = "AppointmentsFailedOver")]
        public static partial void Found(ILogger logger, long count, double seconds);

        [LoggerMessage(
            132,
            LogLevel.Information,
            "The operator has made the member with the user id {UserId} an administrator.",
            EventName = "AdminAppointed")]
        public static partial void Appointed(ILogger logger, string userId);
    }
}
