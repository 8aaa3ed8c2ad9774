using System.Threading.Channels;
using ErlChat.Client;
using ErlChat.Terminal.Output;

namespace ErlChat.Terminal.Chatting;

/// <summary>What was typed and waits for the server: done one after the other, so that typing goes on while a server is slow or gone.</summary>
internal sealed class Outbox : IDisposable
{
    /// <summary>Lines that may wait; a script that writes faster is read more slowly.</summary>
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

    /// <summary>Things that did not work out.</summary>
    internal int Failures { get; private set; }

    public void Dispose() => _abandoned.Dispose();

    /// <summary>Does something when its turn comes. Waits only when too much is waiting.</summary>
    internal ValueTask PostAsync(Func<CancellationToken, Task> action, CancellationToken cancellationToken) => _waiting.Writer.WriteAsync(action, cancellationToken);

    /// <summary>Waits until all is done, or gives the rest up when the token is cancelled.</summary>
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
                // A bug; what waits behind it is done all the same.
                Failures++;
                _output.Problem("failed", "Not done: " + e.Message);
            }
        }
    }
}
