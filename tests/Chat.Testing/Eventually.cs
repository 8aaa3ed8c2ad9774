using System.Runtime.CompilerServices;

namespace ErlChat.Testing;

/// <summary>Waits for the effects of other threads, without guessing how long they take.</summary>
public static class Eventually
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// Checks until the condition is true. Fails, naming the condition, if that takes longer than the deadline (10 s by default).
    /// </summary>
    public static async Task BeTrueAsync(
        Func<bool> condition,
        TimeSpan? limit = null,
        [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        ArgumentNullException.ThrowIfNull(condition);
        TimeSpan deadline = limit ?? Deadlines.Default;
        long started = TimeProvider.System.GetTimestamp();
        for (int looks = 0; !condition(); looks++)
        {
            if (TimeProvider.System.GetElapsedTime(started) > deadline)
                throw new TimeoutException($"Not true within {deadline.TotalSeconds} s: {what}");
            if (looks < 50)
                await Task.Yield();
            else
                await Task.Delay(s_pause, TimeProvider.System);
        }
    }
}
