using ErlChat.Log;
using ErlChat.Nodes;
using ErlChat.Postgres.Connections;
using ErlChat.Postgres.History;
using ErlChat.Postgres.Log;
using ErlChat.Postgres.Nodes;
using ErlChat.Postgres.Schema;
using ErlChat.Snapshots;
using ErlChat.State;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ErlChat.Postgres.Snapshots;

/// <summary>Snapshots in tables beside the log. The node that leads <see cref="ElectedWork.Snapshots"/> saves them, for all.</summary>
/// <remarks>Used by one chat room.</remarks>
internal sealed partial class PostgresSnapshots(
    PostgresDatabase database,
    Primary primary,
    PostgresLog chatLog,
    PostgresHistory history,
    PostgresLogOptions options,
    ILeases leases,
    TimeProvider time,
    ILogger<PostgresSnapshots> logger) : ISnapshotStore
{
    /// <summary>How long reading or checking a whole snapshot may take: 50 MB take some 200 ms.</summary>
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(30);

    /// <summary>The pause after each part, so that appends need not wait for more than one.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);

    private volatile bool _wanted;
    private volatile bool _wantedNow;

    /// <summary>
    /// 0 on the nodes that do not save any. Retention asks for one earlier, since the oldest kept snapshot holds entries back.
    /// </summary>
    public int Interval => leases.TermOf(ElectedWork.Snapshots) is null ? 0
        : _wantedNow ? 1
        : _wanted ? Math.Max(1, MinInterval)
        : options.SnapshotEvery;

    public int MinInterval => options.RestoreMail;

    /// <summary>Opens the database too, and waits for it as long as it takes.</summary>
    /// <exception cref="DatabaseRefusedException">There is no place from which the state is known.</exception>
    public async ValueTask<ReplayStart> OpenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await database.OpenAsync(cancellationToken);
                (ReplayStart? start, long removed) = await primary.UseAsync(FindStartAsync, cancellationToken, s_long);
                return start ?? throw new DatabaseRefusedException(
                    $"No snapshot can be read, and the entries up to {removed} were removed by retention. "
                    + "Restore a backup of the database, "
                    + "or start with Log:AcceptLostState=true and lose the sessions, rooms and bans of that time.");
            }
            catch (DatabaseAwayException e)
            {
                Log.OpensLater(logger, e.Message);
                await Task.Delay(options.RetryAfter, time, cancellationToken);
            }
        }
    }

    public async Task SaveAsync(ChatStateImage image, CancellationToken cancellationToken)
    {
        // Off the caller, who is the log's reader: encoding ten thousand sessions takes longer than a message may.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        ArgumentNullException.ThrowIfNull(image);
        (byte[] bytes, byte[] checksum) = SnapshotCodec.Encode(image);

        // A replay from this snapshot would never come across what the history has not written yet.
        await history.WrittenAsync(image.Sequence, s_long, cancellationToken);
        WorkTerm term = leases.TermOf(ElectedWork.Snapshots)
            ?? throw new LogUnavailableException("This node does not save the snapshots any more.");
        int parts = (bytes.Length + SnapshotRows.PartSize - 1) / SnapshotRows.PartSize;
        for (int part = 0; part < parts; part++)
        {
            int from = part * SnapshotRows.PartSize, number = part;
            ReadOnlyMemory<byte> some = bytes.AsMemory(from, Math.Min(SnapshotRows.PartSize, bytes.Length - from));
            await primary.UseAsync(
                connection => SnapshotRows.WritePartAsync(connection, image.Sequence, number, some), cancellationToken);
            if (part + 1 < parts)
                await Task.Delay(s_pause, time, cancellationToken);
        }

        bool isDone = await primary.UseAsync(
            connection => SnapshotRows.CompleteAsync(
                connection, ReadPosition.Of(image), SnapshotCodec.FormatOf(image), parts, checksum, term),
            cancellationToken,
            s_long);
        if (!isDone)
        {
            throw new LogUnavailableException(
                $"The snapshot of entry {image.Sequence} is not one of the log as it is now, or another node writes it.");
        }

        (_wanted, _wantedNow) = (false, false);
        await primary.UseAsync(PruneAsync, cancellationToken, s_long);
        Log.Saved(logger, image.Sequence, bytes.Length);
    }

    /// <summary>Asks for a snapshot at the next entry, unless that is too close to the previous snapshot.</summary>
    /// <param name="now">Whether to save one even then.</param>
    internal void RequestSnapshot(bool now = false)
    {
        _wanted = true;
        if (now)
            _wantedNow = true;
    }

    /// <summary>The first of some snapshots that can be read; null if there is none.</summary>
    internal async Task<ChatStateImage?> FindAsync(NpgsqlConnection connection, IEnumerable<long> candidates)
    {
        foreach (long sequence in candidates)
        {
            (ChatStateImage? image, string? problem) = await SnapshotRows.ReadAsync(connection, sequence);
            if (image is not null && await ReadPosition.Of(image).ProblemAsync(connection) is not null)
                (image, problem) = (null, "its last entry is not in the log");
            if (image is not null)
                return image;
            Log.Unusable(logger, sequence, problem!);
        }

        return null;
    }

    private async Task<int> PruneAsync(NpgsqlConnection connection) =>
        await SnapshotRows.PruneAsync(connection, (await LogBounds.ReadAsync(connection)).MailAfter(options.RestoreMail));

    /// <summary>
    /// Chooses the newest readable snapshot that is older than the mail to restore. If there is none, the start reads the whole log; if
    /// entries, or what was in them, were removed from that, it uses a newer snapshot, which costs readers a resync but no state. Null if
    /// there is none of those either and retention has removed entries.
    /// </summary>
    private async Task<(ReplayStart? Start, long Removed)> FindStartAsync(NpgsqlConnection connection)
    {
        LogBounds bounds = await LogBounds.ReadAsync(connection);
        long mailAfter = bounds.MailAfter(options.RestoreMail);
        long[] all = [.. (await SnapshotRows.ListAsync(connection)).Where(one => one >= bounds.Removed && one <= bounds.Newest)];
        ChatStateImage? image = await FindAsync(connection, all.Where(one => one <= mailAfter).OrderDescending());
        if (image is null && (bounds.Removed > 0 || bounds.Redacted > 0))
            image = await FindAsync(connection, all.Where(one => one > mailAfter));
        if (image is null && bounds.Removed > 0)
        {
            if (!options.AcceptLostState)
                return (null, bounds.Removed);
            Log.LostState(logger, bounds.Removed);
        }

        if (image is not null)
            chatLog.BeginAfter(ReadPosition.Of(image));
        await history.BeginAsync(connection, image?.Sequence ?? 0);
        var start = new ReplayStart(image, Math.Max(mailAfter, image?.Sequence ?? 0), bounds.Newest, all.DefaultIfEmpty().Max());
        return (start, bounds.Removed);
    }

    private static partial class Log
    {
        [LoggerMessage(660, LogLevel.Information, "Saved a snapshot of entry {Sequence}, {Bytes} bytes.", EventName = "SnapshotSaved")]
        public static partial void Saved(ILogger logger, long sequence, int bytes);

        [LoggerMessage(
            661,
            LogLevel.Warning,
            "The snapshot of entry {Sequence} cannot be used: {Problem}. The server tries the previous one, and in the end the whole log.",
            EventName = "SnapshotUnusable")]
        public static partial void Unusable(ILogger logger, long sequence, string problem);

        [LoggerMessage(
            662,
            LogLevel.Warning,
            "Started without the state that was recorded only in the removed entries up to {Sequence}, because Log:AcceptLostState is set.",
            EventName = "StateLost")]
        public static partial void LostState(ILogger logger, long sequence);

        [LoggerMessage(663, LogLevel.Warning, "The snapshots cannot be read yet: {Problem}. The start waits for the database.",
            EventName = "SnapshotsWait")]
        public static partial void OpensLater(ILogger logger, string problem);
    }
}
