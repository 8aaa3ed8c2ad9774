namespace ErlChat.Client;

/// <summary>Tries again, with pauses, for as long as the caller is patient.</summary>
internal static class Retry
{
    /// <summary>The first result of <paramref name="attempt"/>, which is told whether an earlier try may have had its effect.</summary>
    /// <param name="over">Ends a pause early when it completes: the next try then finds out why.</param>
    /// <exception cref="ChatUnavailableException">Patience ran out.</exception>
    internal static async Task<T> RunAsync<T>(Func<bool, Task<T>> attempt, TimeSpan patience, ChatClientOptions options, Call call, Task? over = null)
    {
        long started = options.Time.GetTimestamp();
        var backoff = new Backoff(options);
        bool mayHaveHappened = false;
        while (true)
        {
            call.Token.ThrowIfCancellationRequested();
            try
            {
                call.MayHaveHappened = true;
                return await attempt(mayHaveHappened).ConfigureAwait(false);
            }
            catch (ServerFault fault)
            {
                mayHaveHappened |= fault.MayHaveHappened;
                call.MayHaveHappened = mayHaveHappened;
                TimeSpan pause = backoff.Next(fault.RetryAfter);
                if (fault.IsTooLarge || options.Time.GetElapsedTime(started) + pause > patience)
                    throw new ChatUnavailableException(fault.Message, mayHaveHappened, fault) { RetryAfter = fault.RetryAfter };
                await PauseAsync(pause, options.Time, over, call.Token).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc cref="RunAsync{T}(Func{bool, Task{T}}, TimeSpan, ChatClientOptions, Call, Task?)"/>
    internal static Task<T> RunAsync<T>(Func<bool, Task<T>> attempt, TimeSpan patience, ChatClientOptions options, CancellationToken cancellationToken) =>
        RunAsync(attempt, patience, options, new Call(cancellationToken));

    private static async Task PauseAsync(TimeSpan pause, TimeProvider time, Task? over, CancellationToken cancellationToken)
    {
        if (over is null)
        {
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            return;
        }

        await over.WaitAsync(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
