using ErlChat.Postgres.Connections;
using Npgsql;

namespace ErlChat.Postgres.Log;

/// <summary>
/// Asks for the newest entry of any node. Requests with an unknown session lead to this question, and anybody can send those, so it must
/// cost the database little.
/// </summary>
/// <remarks>Thread-safe. Disposing gives the connection up.</remarks>
internal sealed class NewestEntry(Primary primary, TimeProvider time) : IDisposable
{
    /// <summary>
    /// How long a connection is used before all hosts are asked again: a primary of the past still answers reads. Opening a connection
    /// takes PostgreSQL many times as long as the question itself.
    /// </summary>
    private static readonly TimeSpan s_keep = TimeSpan.FromSeconds(1);

    private Kept? _kept;

    /// <summary>The newest entry that is visible, whether it is certain to stay or not. 0 for an empty log.</summary>
    internal async Task<long> AskAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            long now = time.GetTimestamp();
            Kept? kept = Take(now);
            bool isNew = kept is null;
            kept ??= new Kept(await primary.OpenAsync(cancellationToken), now);
            try
            {
                long newest = await kept.Connection.AnswerAsync(DurableHead.LookAsync(kept.Connection.Connection), cancellationToken);
                Interlocked.Exchange(ref _kept, kept)?.Connection.Dispose();
                return newest;
            }
            catch (Exception e)
            {
                kept.Connection.Dispose();
                if (isNew || e is not (NpgsqlException or IOException or TimeoutException))
                    throw;
            }
        }
    }

    public void Dispose() => Interlocked.Exchange(ref _kept, null)?.Connection.Dispose();

    /// <summary>Takes the connection of an earlier question, if there is one that is still good.</summary>
    private Kept? Take(long now)
    {
        Kept? kept = Interlocked.Exchange(ref _kept, null);
        if (kept is null || (!kept.Connection.IsOutdated && time.GetElapsedTime(kept.Opened, now) < s_keep))
            return kept;
        kept.Connection.Dispose();
        return null;
    }

    /// <summary>A connection that nobody uses at the moment.</summary>
    /// <param name="Opened">Before the hosts were asked which one is the primary.</param>
    private sealed record Kept(PrimaryConnection Connection, long Opened);
}
