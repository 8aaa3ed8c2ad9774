using System.Runtime.CompilerServices;

namespace ErlChat;

/// <summary>One token bucket per session: <see cref="ChatOptions.RateLimitCount"/> at once, refilled evenly over <see cref="ChatOptions.RateLimitWindow"/>.</summary>
/// <remarks>Thread-safe. Local to the process, living as long as the session's mailbox: a limit is no fact of the chat.</remarks>
internal sealed class RateLimits(ChatOptions options, TimeProvider time)
{
    private readonly ConditionalWeakTable<Mailbox, Bucket> _buckets = [];

    /// <summary>Takes a token. Without one, says how long until the next, and whether this is the first refusal since the last success.</summary>
    internal bool TryTake(Mailbox box, out TimeSpan wait, out bool firstRefusal)
    {
        Bucket bucket = _buckets.GetValue(box, _ => NewBucket());
        lock (bucket)
        {
            // A tick refills Count drops and a message takes Window.Ticks of them: whole numbers, so that who waits as long as told is not refused by a rounding.
            long now = time.GetTimestamp();
            long passed = Math.Min(options.RateLimitWindow.Ticks, time.GetElapsedTime(bucket.Filled, now).Ticks);
            bucket.Drops = Math.Min(Full, bucket.Drops + passed * options.RateLimitCount);
            bucket.Filled = now;
            long missing = options.RateLimitWindow.Ticks - bucket.Drops;
            if (missing <= 0)
            {
                bucket.Drops = -missing;
                (wait, firstRefusal, bucket.Refusing) = (TimeSpan.Zero, false, false);
                return true;
            }

            wait = TimeSpan.FromTicks((missing + options.RateLimitCount - 1) / options.RateLimitCount);
            firstRefusal = !bucket.Refusing;
            bucket.Refusing = true;
            return false;
        }
    }

    /// <summary>At most 3.6 · 10¹⁵, by the options' ranges.</summary>
    private long Full => options.RateLimitWindow.Ticks * options.RateLimitCount;

    private Bucket NewBucket() => new() { Drops = Full, Filled = time.GetTimestamp() };

    private sealed class Bucket
    {
        internal long Drops;
        internal long Filled;
        internal bool Refusing;
    }
}
