namespace ErlChat.Client;

/// <summary>
/// Retries a request for as long as the caller allows: at once while another server can be asked, otherwise with pauses.
/// </summary>
internal static class Retry
{
    /// <summary>The first result of <paramref name="attempt"/>, which is told whether an earlier try may have taken effect.</summary>
    /// <param name="attempt">Makes one try.</param>
    /// <param name="patience">How long to retry. Each server gets one try in any case.</param>
    /// <param name="options">The pauses and the clock.</param>
    /// <param name="call">The call.</param>
    /// <param name="over">When it completes, a pause ends early, and the next try finds out why.</param>
    /// <exception cref="ChatUnavailableException">The time has run out.</exception>
    internal static async Task<T> RunAsync<T>(
        Func<bool, Task<T>> attempt,
        TimeSpan patience,
        ChatClientOptions options,
        Call call,
        Task? over = null)
    {
        long started = options.Time.GetTimestamp();
        var backoff = new Backoff(options);
        HashSet<Server>? failed = null;
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
                bool isNew = fault.Server is { } server && (failed ??= []).Add(server);
                TimeSpan pause = fault.HasAlternative ? TimeSpan.Zero : backoff.Next(fault.RetryAfter);
                bool isOver = options.Time.GetElapsedTime(started) + pause > patience && !(isNew && fault.HasAlternative);
                if (fault.IsTooLarge || isOver)
                    throw new ChatUnavailableException(fault.Message, mayHaveHappened, fault) { RetryAfter = fault.RetryAfter };
                if (!fault.HasAlternative)
                    await PauseAsync(pause, options.Time, over, call.Token).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc cref="RunAsync{T}(Func{bool, Task{T}}, TimeSpan, ChatClientOptions, Call, Task?)"/>
    internal static Task<T> RunAsync<T>(
        Func<bool, Task<T>> attempt,
        TimeSpan patience,
        ChatClientOptions options,
        CancellationToken cancellationToken) =>
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
