namespace ErlChat.Client;

/// <summary>Tries again, with pauses, for as long as the caller is patient.</summary>
internal static class Retry
{
    /// <summary>The first result of <paramref name="attempt"/>, which is told whether an earlier try may have had its effect.</summary>
    /// <exception cref="ChatUnavailableException">Patience ran out.</exception>
    internal static async Task<T> RunAsync<T>(Func<bool, Task<T>> attempt, TimeSpan patience, ChatClientOptions options, CancellationToken cancellationToken)
    {
        long started = options.Time.GetTimestamp();
        var backoff = new Backoff(options);
        bool mayHaveHappened = false;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await attempt(mayHaveHappened).ConfigureAwait(false);
            }
            catch (ServerFault fault)
            {
                mayHaveHappened |= fault.MayHaveHappened;
                TimeSpan pause = backoff.Next(fault.RetryAfter);
                if (fault.IsTooLarge || options.Time.GetElapsedTime(started) + pause > patience)
                    throw new ChatUnavailableException(fault.Message, mayHaveHappened, fault);
                await Task.Delay(pause, options.Time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
