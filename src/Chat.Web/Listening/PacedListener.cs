using System.Net;
using Microsoft.AspNetCore.Connections;

namespace ErlChat.Web.Listening;

/// <summary>A listener that waits for <see cref="AcceptPace"/> before it accepts.</summary>
internal sealed class PacedListener(IConnectionListener listener, AcceptPace pace) : IConnectionListener
{
    /// <summary>Ends the wait when the listener is unbound, so that unbinding takes effect at once.</summary>
    private readonly CancellationTokenSource _unbound = new();

    public EndPoint EndPoint => listener.EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await pace.WaitAsync(_unbound.Token);
        }
        catch (OperationCanceledException)
        {
            // The listener has been unbound, so the call below returns null.
        }

        return await listener.AcceptAsync(cancellationToken);
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await _unbound.CancelAsync();
        await listener.UnbindAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await listener.DisposeAsync();
        _unbound.Dispose();
    }
}
