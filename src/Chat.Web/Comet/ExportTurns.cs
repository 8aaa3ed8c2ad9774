using ErlChat.Settings;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Comet;

/// <summary>
/// Limits how often people's data are exported, because an export reads the whole history: to <see cref="ChatOptions.MaxExports"/> at a
/// time, and for each person to one in an <see cref="ChatOptions.ExportPause"/>.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ExportTurns(IOptions<ChatOptions> options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _begun = new(StringComparer.Ordinal);
    private int _running;

    /// <summary>Begins an export.</summary>
    /// <param name="userId">Whose data are exported.</param>
    /// <param name="wait">How long to wait if it is refused.</param>
    /// <returns>To be disposed at the end of the export; null if it is refused.</returns>
    internal IDisposable? TryBegin(string userId, out TimeSpan wait)
    {
        TimeSpan pause = options.Value.ExportPause;
        lock (_gate)
        {
            long now = time.GetTimestamp();
            foreach ((string one, long begun) in _begun)
            {
                // Removing an entry of a dictionary does not disturb its enumeration.
                if (time.GetElapsedTime(begun, now) >= pause)
                    _begun.Remove(one);
            }

            wait = _begun.TryGetValue(userId, out long before) ? pause - time.GetElapsedTime(before, now)
                : _running >= options.Value.MaxExports ? TimeSpan.FromSeconds(1)
                : TimeSpan.Zero;
            if (wait > TimeSpan.Zero)
                return null;
            _begun.Add(userId, now);
            _running++;
            return new Turn(this);
        }
    }

    private void End()
    {
        lock (_gate)
            _running--;
    }

    private sealed class Turn(ExportTurns turns) : IDisposable
    {
        private bool _isOver;

        public void Dispose()
        {
            if (!_isOver)
                turns.End();
            _isOver = true;
        }
    }
}
