using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ErlChat.Sqlite.Database;

/// <summary>
/// A prepared statement that returns nothing, for what runs thousands of times a second: SqliteCommand looks its parameters up by name each
/// time and makes a reader for every execution, which costs as much as SQLite itself.
/// </summary>
/// <remarks>Not thread-safe. Ends before its connection does.</remarks>
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

    /// <summary>Sets the parameter at a place, from 1.</summary>
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
            // A pointer to nothing is NULL to SQLite; this form of the call has a pointer to a terminator.
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
    internal Statement Bind(int place, byte[] value)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_blob(_statement, place, value), _connection);
        return this;
    }

    /// <summary>Executes it and makes it ready for the next time.</summary>
    /// <exception cref="SqliteException">SQLite refused.</exception>
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
