using ErlChat.Delivery;
using ErlChat.Log;

namespace ErlChat.Rooms;

/// <summary>
/// Waits until this node has applied what all nodes had written when the caller asked: what another node has told a client a moment ago.
/// </summary>
/// <remarks>Thread-safe. The log is asked once for all callers that come while it is being asked.</remarks>
internal sealed class LogCatchUp(IChatLog log, PostOffice office)
{
    private readonly Lock _gate = new();
    private Task<long> _asked = Task.FromResult(0L);
    private Task<long>? _next;

    /// <summary>
    /// Returns whether this node has caught up: false if that takes longer than <paramref name="limit"/>. Always true in a chat with one
    /// unnamed node.
    /// </summary>
    /// <exception cref="LogUnavailableException">The log cannot be asked now.</exception>
    internal async ValueTask<bool> CatchUpAsync(TimeSpan limit) =>
        !office.HasSeveralNodes || await office.ArriveAsync(await AskAsync(), limit);

    /// <summary>The newest position of the log, asked for after this call began.</summary>
    private Task<long> AskAsync()
    {
        lock (_gate)
        {
            if (_asked.IsCompleted && _next is null)
                return _asked = log.NewestAsync(CancellationToken.None).AsTask();
            return _next ??= AskAfterAsync(_asked);
        }
    }

    private async Task<long> AskAfterAsync(Task<long> before)
    {
        await ((Task)before).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        Task<long> asked;
        lock (_gate)
        {
            _next = null;
            _asked = asked = log.NewestAsync(CancellationToken.None).AsTask();
        }

        return await asked;
    }
}
