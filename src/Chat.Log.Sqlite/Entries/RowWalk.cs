using ErlChat.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Entries;

/// <summary>
/// Reads the rows of a table in the order of their sequences, and goes on behind what cannot be read: a page that makes no sense hides the
/// rows in it, or in the pages that it leads to, not those on either side.
/// </summary>
/// <remarks>Runs once.</remarks>
internal abstract class RowWalk<T>
    where T : struct
{
    /// <summary>No log gives a higher one.</summary>
    private const long Most = 1L << 53;

    private readonly SqliteConnection _connection;
    private readonly CancellationToken _cancelled;
    private readonly string _select;
    private readonly List<(long From, long To)> _lost = [];
    private SqliteCommand? _command;
    private SqliteDataReader? _rows;

    /// <summary>The first sequence that has not been read yet, as far as rows that are sound tell.</summary>
    private long _next;

    /// <param name="connection">To the file.</param>
    /// <param name="columns">What to select; the first is the sequence.</param>
    /// <param name="table">Of which table.</param>
    /// <param name="cancelled">Gives it up.</param>
    private protected RowWalk(SqliteConnection connection, string columns, string table, CancellationToken cancelled)
    {
        (_connection, _cancelled) = (connection, cancelled);
        _select = $"SELECT {columns} FROM {table} WHERE sequence >= $next ORDER BY sequence";
    }

    /// <summary>The stretches that could not be read, ends included; there need not have been rows everywhere in them.</summary>
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

    /// <summary>What a row has.</summary>
    private protected abstract T Take(SqliteDataReader row);

    /// <summary>The sequence of a row; null when it is not to be trusted.</summary>
    private protected abstract long? SequenceOf(T row);

    /// <summary>False at the end. True without a row when something was skipped.</summary>
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
    /// Goes on at the lowest sequence from which something can be read: looked for in growing steps, then by halves. False when there is
    /// none.
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

    /// <summary>Whether the first row from there on can be read, or the table's end be found.</summary>
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
