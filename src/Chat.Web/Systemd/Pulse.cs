using ErlChat.Eviction;
using ErlChat.Rooms;

namespace ErlChat.Web.Systemd;

/// <summary>
/// Checks whether the chat is making progress: log entries are read and delivered, the state's lock is free, the pool has threads, and the
/// idle check runs. A log that accepts no entries does not count as a hang, because a restart would not repair the disk. Not thread-safe.
/// </summary>
internal sealed class Pulse(ChatRoom room, IdleEviction eviction)
{
    private Task<(long Applied, long Delivered)?> _looking = Task.FromResult<(long, long)?>((0, 0));
    private (long Applied, long Delivered) _last;

    /// <summary>Whether the chat has made progress, or had nothing to do, since the last call. The first call returns true.</summary>
    internal bool Beats()
    {
        if (!_looking.IsCompletedSuccessfully || _looking.GetAwaiter().GetResult() is not { } now)
            return false;
        if (eviction.ExecuteTask is { IsCompleted: true })
            return false;
        bool standsStill = now.Applied > now.Delivered && now == _last;
        _last = now;

        // On another thread, because the call may hang.
        _looking = Task.Run(room.Progress);
        return !standsStill;
    }
}
