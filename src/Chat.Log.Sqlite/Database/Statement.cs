using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ErlChat.Sqlite.Database;

/// <summary>
/// A prepared statement without results, for statements that run thousands of times a second. SqliteCommand looks up its parameters by name
/// and creates a reader for each execution, which costs as much as SQLite itself.
/// </summary>
/// <remarks>Not thread-safe. Dispose it before its connection.</remarks>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;
    private byte[] _utf8 = new byte[1024];

    internal Statement(SqliteConnection connection, string sql)
    {
        _connection = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_connection, sql, out _statement), _connection);
    }

    /// <summary>Sets a parameter by its position, counted from 1.</summary>
    internal Statement Bind(int place, long value)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_int64(_statement, place, value), _connection);
        return this;
    }

    /// <inheritdoc cref="Bind(int, long)"/>
    internal Statement Bind(int place, string? value)
    {
        if (value is null)
        {
            SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_null(_statement, place), _connection);
            return this;
        }

        if (value.Length == 0)
        {
            // SQLite takes a null pointer for NULL. This overload passes a pointer to a terminator for an empty text.
            SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_text(_statement, place, value), _connection);
            return this;
        }

        int most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (_utf8.Length < most)
            _utf8 = new byte[most];
        int length = Encoding.UTF8.GetBytes(value, _utf8);
        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_text(_statement, place, _utf8.AsSpan(0, length)), _connection);
        return this;
    }

    /// <inheritdoc cref="Bind(int, long)"/>
    internal Statement Bind(int place, long? value) => value is { } number ? Bind(place, number) : Bind(place, (string?)null);

    /// <inheritdoc cref="Bind(int, long)"/>
    internal Statement Bind(int place, byte[] value)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_blob(_statement, place, value), _connection);
        return this;
    }

    /// <summary>Executes the statement and resets it for the next execution.</summary>
    /// <exception cref="SqliteException">The statement failed.</exception>
    internal void Run()
    {
        int result = raw.sqlite3_step(_statement);
        SqliteException? failure = null;
        if (result is not raw.SQLITE_DONE and not raw.SQLITE_ROW)
        {
            int extended = raw.sqlite3_extended_errcode(_connection);
            failure = new SqliteException(
                $"SQLite Error {result}: '{raw.sqlite3_errmsg(_connection).utf8_to_string()}'.", result, extended);
        }

        raw.sqlite3_reset(_statement);
        if (failure is not null)
            throw failure;
    }

    public void Dispose() => _statement.Dispose();
}
