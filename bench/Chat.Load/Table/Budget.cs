namespace ErlChat.Load.Table;

/// <summary>The time that the whole table may take. What does not fit any more is left out, and said.</summary>
internal sealed class Budget(TimeSpan whole)
{
    private readonly long _started = Clock.Now;

    internal TimeSpan Spent => TimeProvider.System.GetElapsedTime(_started);

    /// <summary>What a phase gets of it: its own limit, or what is left.</summary>
    internal TimeSpan For(TimeSpan limit)
    {
        TimeSpan left = whole - Spent;
        return left < limit ? left : limit;
    }
}
