namespace ErlChat.Client;

/// <summary>
/// The open calls. Closing ends each of them with an error and completes when the last one has ended. So no caller waits forever, and
/// nothing is disposed that a call still uses.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class OpenCalls : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _allEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open;
    private bool _closed;

    /// <summary>Cancelled when the client closes.</summary>
    internal CancellationToken Closing => _closing.Token;

    /// <summary>Runs a call. Its token is cancelled by the caller and by closing.</summary>
    /// <exception cref="ChatRefusedException">Closed before anything was sent.</exception>
    /// <exception cref="ChatUnavailableException">Closed while the answer was outstanding.</exception>
    internal async Task<T> RunAsync<T>(Func<Call, Task<T>> work, CancellationToken caller)
    {
        Enter();
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(caller, _closing.Token);
            var call = new Call(either.Token);
            try
            {
                return await work(call).ConfigureAwait(false);
            }
            catch (OperationCanceledException e) when (caller.IsCancellationRequested)
            {
                throw new OperationCanceledException(e.Message, e, caller);
            }
            catch (OperationCanceledException e) when (_closing.IsCancellationRequested)
            {
                throw call.MayHaveHappened
                    ? new ChatUnavailableException("The client was disposed while the answer was outstanding.", mayHaveHappened: true, e)
                    : Refusal();
            }
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Ends every call and refuses new ones.</summary>
    internal async Task CloseAsync()
    {
        lock (_gate)
        {
            _closed = true;
            if (_open == 0)
                _allEnded.TrySetResult();
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        await _allEnded.Task.ConfigureAwait(false);
    }

    public void Dispose() => _closing.Dispose();

    private static ChatRefusedException Refusal() => new(ChatRefusal.SessionEnded, "left");

    private void Enter()
    {
        lock (_gate)
        {
            if (_closed)
                throw Refusal();
            _open++;
        }
    }

    private void Exit()
    {
        lock (_gate)
        {
            if (--_open == 0 && _closed)
                _allEnded.TrySetResult();
        }
    }
}
