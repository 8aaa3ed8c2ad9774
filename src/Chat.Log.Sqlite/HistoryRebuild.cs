using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite;

/// <summary>
/// Makes the tables of the history and the search index anew from the entries, in a transaction of the caller's. Rows whose entry is not
/// there, or that were said before the state is known, stay as they are.
/// </summary>
internal sealed class HistoryRebuild
{
    /// <summary>Rows collected before they are written: a few megabytes.</summary>
    private const int Batch = 5000;

    private readonly SqliteConnection _connection;
    private readonly Collector _collector = new();

    private HistoryRebuild(SqliteConnection connection) => _connection = connection;

    /// <summary>Makes all anew.</summary>
    /// <param name="connection">To a database of this version, in a transaction.</param>
    /// <param name="progress">Told how many entries of how many are folded.</param>
    /// <param name="cancelled">Gives it up; the caller then rolls back.</param>
    /// <returns>How many messages there are.</returns>
    internal static long Run(SqliteConnection connection, Action<long, long> progress, CancellationToken cancelled)
    {
        SearchIndex.Detach(connection);
        new HistoryRebuild(connection).Fold(progress, cancelled);
        SearchIndex.Rebuild(connection);
        return connection.Scalar<long>("SELECT count(*) FROM message");
    }

    private void Fold(Action<long, long> progress, CancellationToken cancelled)
    {
        // A snapshot knows what became of entries that are lost or were removed: from there on the fold is right, whatever it was before.
        Queue<ChatStateImage> snapshots = new(Snapshots());
        long removed = SqliteSnapshots.RemovedThrough(_connection);
        if (removed > 0 && snapshots.Count == 0)
            return;
        var fold = new HistoryFold(_collector);
        long from = removed > 0 ? snapshots.Peek().Sequence : 0;
        _connection.Execute("DELETE FROM participant WHERE sequence > $from AND sequence IN (SELECT sequence FROM entry)", ("$from", from));
        _connection.Execute("DELETE FROM message WHERE sequence > $from AND sequence IN (SELECT sequence FROM entry)", ("$from", from));
        if (removed > 0)
            fold.Restart(snapshots.Dequeue());
        long all = _connection.Scalar<long>("SELECT count(*) FROM entry WHERE sequence > $from", ("$from", from));
        long done = 0;
        using SqliteCommand command = _connection.Command(
            $"SELECT {EntryRows.Columns} FROM entry WHERE sequence > $from ORDER BY sequence", ("$from", from));
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (++done % 1000 == 0)
            {
                progress(done, all);
                cancelled.ThrowIfCancellationRequested();
            }

            StoredEntry stored = EntryWalk.Of(rows);
            while (snapshots.TryPeek(out ChatStateImage? image) && image.Sequence < stored.Sequence)
                fold.Restart(snapshots.Dequeue());
            if (stored.Entry is { } entry)
                fold.Apply(new LogEntry(stored.Sequence, entry));
            if (_collector.Rows.Count >= Batch)
                Write();
        }

        Write();
    }

    private void Write()
    {
        HistoryInsert.Run(_connection, _collector.Rows.ToArray());
        _collector.Rows.Clear();
    }

    private List<ChatStateImage> Snapshots()
    {
        var images = new List<ChatStateImage>();
        using SqliteCommand command = _connection.Command(
            "SELECT format, CAST(sha256 AS BLOB), CAST(image AS BLOB) FROM snapshot ORDER BY sequence");
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (SnapshotCodec.TryDecode(rows.GetInt64(0), (byte[])rows[2], (byte[])rows[1], out _) is { } image)
                images.Add(image);
        }

        return images;
    }

    /// <summary>Takes what the fold gives to the history.</summary>
    private sealed class Collector : IChatHistory
    {
        internal List<HistoryRow> Rows { get; } = [];

        public void Add(string room, Mail mail) => Rows.Add(new HistoryRow(mail, room, default));

        public void AddPrivate(SessionKey reader, Mail mail) => Rows.Add(new HistoryRow(mail, null, reader));

        public void Forget(string room)
        {
        }

        public void Forget(SessionKey reader)
        {
        }

        public ValueTask<MailPage> ReadAsync(string room, long before, PageSize size, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<MailPage> ReadPrivateAsync(
            SessionKey reader, Correspondent with, long before, PageSize size, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<MailPage> SearchAsync(
            SearchQuery query, SearchScope scope, long before, PageSize size, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
