using ErlChat.Eviction;
using ErlChat.Rooms;

namespace ErlChat.Web.Hosting;

/// <summary>
/// Feels whether the chat is alive: the log is read, what follows from an entry is delivered, the state's lock is free, the pool has threads,
/// and idle sessions are looked for. A log that takes no entries is no sign of death: a restart would not mend the disk. For one caller.
/// </summary>
internal sealed class Pulse(ChatRoom room, IdleEviction eviction)
{
    private Task<(long Applied, long Delivered)?> _looking = Task.FromResult<(long, long)?>((0, 0));
    private (long Applied, long Delivered) _last;

    /// <summary>Whether there has been a sign of life since the last call. The first call knows of none yet and says yes.</summary>
    internal bool Beats()
    {
        if (!_looking.IsCompletedSuccessfully || _looking.GetAwaiter().GetResult() is not { } now)
            return false;
        if (eviction.ExecuteTask is { IsCompleted: true })
            return false;
        bool standsStill = now.Applied > now.Delivered && now == _last;
        _last = now;

        // Elsewhere, since it may never come back.
        _looking = Task.Run(room.Progress);
        return !standsStill;
    }
}
