using ErlChat.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Entries;

/// <summary>
/// Reads the rows of a table in the order of their sequences, and continues after a part that cannot be read. A damaged page hides the rows
/// on it, or on the pages that it points to, but not those before and after.
/// </summary>
/// <remarks>An object can be enumerated only once.</remarks>
internal abstract class RowWalk<T>
    where T : struct
{
    /// <summary>No log assigns a higher sequence.</summary>
    private const long Most = 1L << 53;

    private readonly SqliteConnection _connection;
    private readonly CancellationToken _cancelled;
    private readonly string _select;
    private readonly List<(long From, long To)> _lost = [];
    private SqliteCommand? _command;
    private SqliteDataReader? _rows;

    /// <summary>The first sequence that has not been read yet, judging by the sound rows.</summary>
    private long _next;

    /// <param name="connection">A connection to the file.</param>
    /// <param name="columns">The columns to select; the first is the sequence.</param>
    /// <param name="table">The table to read.</param>
    /// <param name="cancelled">Cancels the walk.</param>
    private protected RowWalk(SqliteConnection connection, string columns, string table, CancellationToken cancelled)
    {
        (_connection, _cancelled) = (connection, cancelled);
        _select = $"SELECT {columns} FROM {table} WHERE sequence >= $next ORDER BY sequence";
    }

    /// <summary>The ranges of sequences that could not be read, both ends included. They need not have contained rows everywhere.</summary>
    internal IReadOnlyList<(long From, long To)> Lost => _lost;

    internal IEnumerable<T> Run()
    {
        try
        {
            while (TryRead(out T? row))
            {
                if (row is not { } read)
                    continue;
                if (SequenceOf(read) is { } sequence && sequence >= _next)
                    _next = sequence + 1;
                yield return read;
            }
        }
        finally
        {
            Close();
        }
    }

    /// <summary>Reads the contents of a row.</summary>
    private protected abstract T Take(SqliteDataReader row);

    /// <summary>The sequence of a row; null if it cannot be trusted.</summary>
    private protected abstract long? SequenceOf(T row);

    /// <summary>Moves to the next row. Returns false at the end. Returns true without a row if something was skipped.</summary>
    private bool TryRead(out T? row)
    {
        row = null;
        _cancelled.ThrowIfCancellationRequested();
        try
        {
            if (_rows is null)
            {
                _command = _connection.Command(_select, ("$next", _next));
                _rows = _command.ExecuteReader();
            }

            if (!_rows.Read())
                return false;
            row = Take(_rows);
            return true;
        }
        catch (SqliteException e) when (DatabaseCheck.IsDamage(e) && !_cancelled.IsCancellationRequested)
        {
            Close();
            return Skip();
        }
    }

    /// <summary>
    /// Continues at the lowest sequence from which something can be read. It searches in growing steps, then by halving. Returns false if
    /// there is none.
    /// </summary>
    private bool Skip()
    {
        long bad = _next;
        long good = bad + 1;
        for (long step = 1; !CanRead(good); step *= 2)
        {
            _cancelled.ThrowIfCancellationRequested();
            if (good >= Most)
            {
                _lost.Add((_next, long.MaxValue));
                return false;
            }

            bad = good;
            good = Math.Min(Most, good + step);
        }

        while (good - bad > 1)
        {
            long middle = bad + ((good - bad) / 2);
            if (CanRead(middle))
                good = middle;
            else
                bad = middle;
        }

        _lost.Add((_next, good - 1));
        _next = good;
        return true;
    }

    /// <summary>Whether the first row from that sequence on, or the end of the table, can be read.</summary>
    private bool CanRead(long from)
    {
        try
        {
            using SqliteCommand command = _connection.Command(_select + " LIMIT 1", ("$next", from));
            using SqliteDataReader rows = command.ExecuteReader();
            rows.Read();
            return true;
        }
        catch (SqliteException e) when (DatabaseCheck.IsDamage(e) && !_cancelled.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Close()
    {
        _rows?.Dispose();
        _command?.Dispose();
        (_rows, _command) = (null, null);
    }
}
