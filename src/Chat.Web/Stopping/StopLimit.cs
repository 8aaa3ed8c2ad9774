using ErlChat.Settings;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Stopping;

/// <summary>
/// Ends the process when a stop takes longer than <see cref="ChatOptions.StopTimeout"/> all the same: every part of the stop has a limit of
/// its own, but none of them has a disk, or a library, that does not answer.
/// </summary>
internal static class StopLimit
{
    private const int Failure = 1;

    /// <summary>Runs until the process ends.</summary>
    private static ITimer? s_timer;

    internal static void Watch(WebApplication app)
    {
        TimeSpan limit = app.Services.GetRequiredService<IOptions<ChatOptions>>().Value.StopTimeout;
        app.Lifetime.ApplicationStopping.Register(
            () => s_timer = TimeProvider.System.CreateTimer(_ => End(limit), null, limit, Timeout.InfiniteTimeSpan));
    }

    private static void End(TimeSpan limit)
    {
        Console.Error.WriteLine(
            $"The stop took longer than Chat:StopTimeout ({limit}). The process exits now. Nothing that was acknowledged is lost.");
        Environment.Exit(Failure);
    }
}
