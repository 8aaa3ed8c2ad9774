using System.Threading.Channels;
using ErlChat.Client;
using ErlChat.Terminal.Output;

namespace ErlChat.Terminal.Chatting;

/// <summary>
/// The actions that wait for the server. They run one after the other, so that the user can keep typing while the server is slow or
/// unreachable.
/// </summary>
internal sealed class Outbox : IDisposable
{
    /// <summary>How many lines may wait. A script that writes faster is read more slowly.</summary>
    private const int MaxWaiting = 256;

    private readonly Channel<Func<CancellationToken, Task>> _waiting = Channel.CreateBounded<Func<CancellationToken, Task>>(MaxWaiting);
    private readonly CancellationTokenSource _abandoned = new();
    private readonly ITerminalOutput _output;
    private readonly Task _worker;
    private volatile bool _finishing;
    private int _givenUp;

    internal Outbox(ITerminalOutput output)
    {
        _output = output;
        _worker = RunAsync();
    }

    /// <summary>How many actions have failed.</summary>
    internal int Failures { get; private set; }

    public void Dispose() => _abandoned.Dispose();

    /// <summary>Queues an action. Waits only if the queue is full.</summary>
    internal ValueTask PostAsync(Func<CancellationToken, Task> action, CancellationToken cancellationToken) =>
        _waiting.Writer.WriteAsync(action, cancellationToken);

    /// <summary>Waits until all actions have run, or gives up the rest when the token is cancelled.</summary>
    internal async Task FinishAsync(CancellationToken cancellationToken)
    {
        _finishing = true;
        _waiting.Writer.TryComplete();
        await using CancellationTokenRegistration registration = cancellationToken.Register(_abandoned.Cancel);
        await _worker;
        if (_givenUp > 0)
            _output.Problem("unavailable", $"Not done either: {_givenUp} more.");
    }

    private async Task RunAsync()
    {
        bool isGone = false;
        await foreach (Func<CancellationToken, Task> action in _waiting.Reader.ReadAllAsync())
        {
            // Input has ended and the server is unreachable: do not wait again for each remaining line.
            if (isGone && _finishing)
            {
                Failures++;
                _givenUp++;
                continue;
            }

            isGone = false;
            try
            {
                await action(_abandoned.Token);
            }
            catch (OperationCanceledException)
            {
                Failures++;
                _output.Problem("unsure", "Quit before the server had taken all that was typed.");
            }
            catch (NotDoneException e)
            {
                Failures++;
                _output.Problem(e.Word, e.Message);
            }
            catch (ChatRefusedException e)
            {
                Failures++;
                _output.Problem(e.Word, Refusals.Sentence(e));
            }
            catch (ChatException e)
            {
                Failures++;
                isGone = e is ChatUnavailableException;
                bool unsure = e is ChatUnavailableException { MayHaveHappened: true };
                _output.Problem(unsure ? "unsure" : "unavailable", (unsure ? "Perhaps not done: " : "Not done: ") + e.Message);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // A bug. The actions after it still run.
                Failures++;
                _output.Problem("failed", "Not done: " + e.Message);
            }
        }
    }
}
