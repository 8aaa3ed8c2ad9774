namespace ErlChat.State;

/// <summary>When the users of a slow room last spoke. Kept by user, so that leaving the room does not help. Part of the fold.</summary>
internal sealed class SlowSpeakers
{
    /// <summary>How many users are remembered. One more replaces the one who has been silent for longest.</summary>
    internal const int Limit = 1000;

    private readonly Dictionary<string, DateTimeOffset> _last = new(StringComparer.Ordinal);

    /// <summary>By user id.</summary>
    internal IEnumerable<SpeakerImage> All =>
        _last.OrderBy(static one => one.Key, StringComparer.Ordinal).Select(static one => new SpeakerImage(one.Key, one.Value));

    /// <summary>How long a user still has to wait; 0 or less if the user may speak.</summary>
    internal TimeSpan WaitOf(string userId, DateTimeOffset now, TimeSpan pause)
    {
        if (!_last.TryGetValue(userId, out DateTimeOffset last))
            return TimeSpan.Zero;

        // The clocks of nodes differ, so the last message may be from the future.
        TimeSpan wait = last + pause - now;
        return wait < pause ? wait : pause;
    }

    internal void Record(string userId, DateTimeOffset now, TimeSpan pause)
    {
        _last[userId] = now;
        if (_last.Count <= Limit)
            return;
        foreach (string silent in _last.Where(one => one.Value + pause <= now).Select(static one => one.Key).ToArray())
            _last.Remove(silent);
        if (_last.Count > Limit)
            _last.Remove(_last.MinBy(static one => (one.Value, one.Key), ByTimeAndId.Instance).Key);
    }

    internal void Restore(SpeakerImage one) => _last.Add(one.UserId, one.At);

    internal void Clear() => _last.Clear();

    private sealed class ByTimeAndId : IComparer<(DateTimeOffset At, string Id)>
    {
        internal static ByTimeAndId Instance { get; } = new();

        public int Compare((DateTimeOffset At, string Id) x, (DateTimeOffset At, string Id) y) =>
            x.At != y.At ? x.At.CompareTo(y.At) : string.CompareOrdinal(x.Id, y.Id);
    }
}
