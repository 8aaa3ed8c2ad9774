namespace ErlChat.Client;

/// <summary>The pauses of one run of failures: doubled each time, shortened at random, so that many clients do not come back in step. Not thread-safe.</summary>
internal sealed class Backoff(ChatClientOptions options)
{
    /// <summary>Longest pause that a server may ask for.</summary>
    private static readonly TimeSpan s_longestAsked = TimeSpan.FromMinutes(10);

    /// <summary>Failures since the last <see cref="Reset"/>.</summary>
    internal int Failures { get; private set; }

    internal void Reset() => Failures = 0;

    /// <summary>The pause before the next try; never shorter than what the server asked for.</summary>
    internal TimeSpan Next(TimeSpan? asked = null)
    {
        double doubled = options.FirstPause.TotalSeconds * Math.Pow(2, Math.Min(Failures++, 30));
        double pause = Math.Min(doubled, options.LongestPause.TotalSeconds) * (0.5 + Random.Shared.NextDouble() / 2);
        if (asked is { } wanted && wanted.TotalSeconds > 0)
        {
            // Up to a tenth more: a header of whole seconds would bring everybody back at once.
            double least = Math.Min(wanted.TotalSeconds, s_longestAsked.TotalSeconds);
            pause = Math.Max(pause, least * (1 + Random.Shared.NextDouble() / 10));
        }

        return TimeSpan.FromSeconds(pause);
    }
}
