using System.Net;
using Microsoft.AspNetCore.Connections;

namespace ErlChat.Web.Listening;

/// <summary>A listener that accepts no more than there are descriptors for.</summary>
internal sealed class PacedListener(IConnectionListener listener, AcceptPace pace) : IConnectionListener
{
    /// <summary>An unbound listener has to say so at once, also while it waits.</summary>
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
            // What it accepts from here on is the end.
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
