namespace ErlChat.Load.Table;

/// <summary>The time that the whole table may take. Phases that no longer fit are skipped and reported.</summary>
internal sealed class Budget(TimeSpan whole)
{
    private readonly long _started = Clock.Now;

    internal TimeSpan Spent => TimeProvider.System.GetElapsedTime(_started);

    /// <summary>The time that a phase gets: its own limit, or what is left if that is less.</summary>
    internal TimeSpan For(TimeSpan limit)
    {
        TimeSpan left = whole - Spent;
        return left < limit ? left : limit;
    }
}
