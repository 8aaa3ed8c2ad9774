namespace ErlChat.Testing;

/// <summary>
/// The system's clock, which counts how often its timestamp is read: what checks its time after every so many steps has then done that many
/// times as many, however fast the machine is.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class CountedTime : TimeProvider
{
    private long _reads;

    public override long GetTimestamp()
    {
        Interlocked.Increment(ref _reads);
        return base.GetTimestamp();
    }

    /// <summary>How often the timestamp is read until something is done.</summary>
    public async Task<long> ReadsAsync(Func<Task> doing)
    {
        ArgumentNullException.ThrowIfNull(doing);
        long before = Interlocked.Read(ref _reads);
        await doing();
        return Interlocked.Read(ref _reads) - before;
    }
}
