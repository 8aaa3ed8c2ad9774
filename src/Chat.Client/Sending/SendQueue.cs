using ErlChat.Protocol.Comet;

namespace ErlChat.Client;

/// <summary>Sends commands one at a time, in the order of the calls, because parallel requests could overtake each other.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SendQueue(CometHttp http, SessionKeeper keeper, OpenCalls calls, ChatClientOptions options) : IDisposable
{
    /// <summary>Lets waiting callers in, first come, first served.</summary>
    private readonly SemaphoreSlim _turn = new(1, 1);
    private int _pending;

    public void Dispose() => _turn.Dispose();

    /// <summary>Posts a form until it is answered, with a new session if needed.</summary>
    /// <param name="path">The path.</param>
    /// <param name="form">The form.</param>
    /// <param name="repeatable">
    /// Whether repeating the request does no harm. Otherwise the server recognises a repetition only by its key, within the same session.
    /// </param>
    /// <param name="cancellationToken">Ends the tries. It is then unknown whether the command was carried out.</param>
    /// <returns>The answer, which may be a refusal, and whether an earlier try may have taken effect.</returns>
    internal async Task<(CometAnswer Answer, bool Repeated)> PostAsync(
        string path,
        IReadOnlyDictionary<string, string> form,
        bool repeatable,
        CancellationToken cancellationToken)
    {
        keeper.ThrowIfEnded();
        if (Interlocked.Increment(ref _pending) > options.MaxPendingSends)
        {
            Interlocked.Decrement(ref _pending);
            throw new ChatRefusedException(ChatRefusal.TooManyPending, "too_many_pending");
        }

        try
        {
            return await InTurnAsync(
                call => Retry.RunAsync(
                    lost => OnceAsync(path, form, repeatable, lost, call.Token),
                    options.CallPatience,
                    options,
                    call,
                    keeper.Over),
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _pending);
        }
    }

    /// <summary>Runs an action after all actions that were queued before it, and before all that are queued after it.</summary>
    internal Task<T> InTurnAsync<T>(Func<Call, Task<T>> action, CancellationToken cancellationToken) => calls.RunAsync(
        async call =>
        {
            await _turn.WaitAsync(call.Token).ConfigureAwait(false);
            try
            {
                return await action(call).ConfigureAwait(false);
            }
            finally
            {
                _turn.Release();
            }
        },
        cancellationToken);

    private async Task<(CometAnswer Answer, bool Repeated)> OnceAsync(
        string path,
        IReadOnlyDictionary<string, string> form,
        bool repeatable,
        bool lost,
        CancellationToken cancellationToken)
    {
        bool renewed = false;
        while (true)
        {
            if (lost && !repeatable && keeper.Ended is not null)
                throw Unsure();
            keeper.ThrowIfEnded();
            ClientSession session = keeper.Current;
            CometAnswer answer = await http.AskAsync(path, session.Token, form, options.RequestTimeout, cancellationToken)
                .ConfigureAwait(false);
            switch (answer.Error)
            {
                case CometErrors.BadSession when lost && !repeatable:
                    // The server forgot the keys with the session, so sending again could send the message twice.
                    throw Unsure();
                case CometErrors.BadSession when renewed:
                    throw new ServerFault("The server ends the session as soon as it has begun.", mayHaveHappened: false);
                case CometErrors.BadSession:
                    await keeper.RenewAsync(session, answer, cancellationToken).ConfigureAwait(false);
                    renewed = true;
                    break;
                default:
                    return (answer, lost);
            }
        }
    }

    private static ChatUnavailableException Unsure() => new("The session ended while the answer was outstanding.", mayHaveHappened: true);
}
