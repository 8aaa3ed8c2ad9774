namespace ErlChat.Client;

/// <summary>
/// The pauses in a run of failures: doubled each time and shortened at random, so that many clients do not return at the same time. Not
/// thread-safe.
/// </summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest)
{
    /// <summary>The longest pause that a server may ask for.</summary>
    private static readonly TimeSpan s_longestAsked = TimeSpan.FromMinutes(10);

    internal Backoff(ChatClientOptions options)
        : this(options.FirstPause, options.LongestPause)
    {
    }

    /// <summary>How many failures there were since the last <see cref="Reset"/>.</summary>
    internal int Failures { get; private set; }

    internal void Reset() => Failures = 0;

    /// <summary>The pause before the next try. Never shorter than what the server asked for, up to 10 min.</summary>
    internal TimeSpan Next(TimeSpan? asked = null)
    {
        double doubled = first.TotalSeconds * Math.Pow(2, Math.Min(Failures++, 30));
        double pause = Math.Min(doubled, longest.TotalSeconds) * (0.5 + Random.Shared.NextDouble() / 2);
        if (asked is { } wanted && wanted.TotalSeconds > 0)
        {
            // Up to a tenth more: a header in whole seconds would bring all clients back at once.
            double least = Math.Min(wanted.TotalSeconds, s_longestAsked.TotalSeconds);
            pause = Math.Max(pause, least * (1 + Random.Shared.NextDouble() / 10));
        }

        return TimeSpan.FromSeconds(pause);
    }
}
