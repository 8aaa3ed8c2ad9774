using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Entries;
using ErlChat.Sqlite.Tool;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ErlChat.Sqlite.Salvage;

/// <summary>
/// Copies rows from a damaged history that the new one lacks. Their entries are lost, or the fold does not accept them because an entry
/// they depend on is lost, such as the sender's login.
/// </summary>
internal static class SalvagedHistory
{
    private const string Columns = "sequence, kind, at, room, room_name, nick, name, user_id, to_nick, to_name, to_user_id, text";

    /// <summary>Copies the rows that the new history lacks. The triggers of the search index must be in place.</summary>
    /// <returns>The number of messages copied whose entries are lost, and the number whose entries the fold does not accept.</returns>
    internal static (long Lost, long Unaccepted) Take(SqliteConnection old, SqliteConnection @new, ToolCall call)
    {
        (long lost, long unaccepted) = (0, 0);
        using var message = new Statement(@new, $"INSERT OR IGNORE INTO message ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        using var participant = new Statement(@new, "INSERT OR IGNORE INTO participant (session, sequence, own) VALUES (?, ?, ?)");
        using var change = new Statement(
            @new, "INSERT OR IGNORE INTO message_change (message, room, sequence, at, kind) VALUES (?, ?, ?, ?, ?)");
        using var earlier = new Statement(@new, "INSERT OR IGNORE INTO earlier_text (message, sequence, at, text) VALUES (?, ?, ?, ?)");
        using var reaction = new Statement(
            @new, "INSERT OR IGNORE INTO reaction (message, user_id, emoji, nick, since, at) VALUES (?, ?, ?, ?, ?, ?)");
        using var reacted = new Statement(@new, "INSERT OR IGNORE INTO message_reacted (message, room, sequence, at) VALUES (?, ?, ?, ?)");
        foreach (long sequence in Keys(old, "message", call.Cancelled))
        {
            if (@new.Scalar<long>("SELECT count(*) FROM message WHERE sequence = $sequence", ("$sequence", sequence)) > 0)
                continue;
            try
            {
                bool? agrees = AgreesWithEntry(old, @new, sequence);
                if (agrees is false || !TryCopy(old, message, $"SELECT {Columns} FROM message WHERE sequence = $sequence", sequence))
                    continue;
                if (agrees is null)
                    lost++;
                else
                    unaccepted++;
                TryCopy(old, participant, "SELECT session, sequence, own FROM participant WHERE sequence = $sequence", sequence);

                // A database of an older version does not have these tables.
                TryCopy(old, change, "SELECT message, room, sequence, at, kind FROM message_change WHERE message = $sequence", sequence);
                TryCopy(old, earlier, "SELECT message, sequence, at, text FROM earlier_text WHERE message = $sequence", sequence);
                TryCopy(
                    old, reaction, "SELECT message, user_id, emoji, nick, since, at FROM reaction WHERE message = $sequence", sequence);
                TryCopy(old, reacted, "SELECT message, room, sequence, at FROM message_reacted WHERE message = $sequence", sequence);
            }
            catch (SqliteException e) when (IsUnreadable(e) || e.SqliteErrorCode == raw.SQLITE_CONSTRAINT)
            {
                // This row is lost; the next may be readable.
            }
        }

        return (lost, unaccepted);
    }

    /// <summary>Whether the entry of a message has the same text, as far as that can be said; null if the entry is lost.</summary>
    private static bool? AgreesWithEntry(SqliteConnection old, SqliteConnection @new, long sequence)
    {
        using SqliteCommand command = @new.Command(
            $"SELECT {EntryRows.Columns} FROM entry WHERE sequence = $sequence", ("$sequence", sequence));
        using SqliteDataReader rows = command.ExecuteReader();
        return rows.Read()
            ? WasChanged(old, sequence) || EntryWords.Are(
                EntryWalk.Of(rows).Entry,
                old.Scalar<string>("SELECT text FROM message WHERE sequence = $sequence", ("$sequence", sequence)) ?? "")
            : null;
    }

    /// <summary>Whether a message was edited or deleted, so that its text is not that of its entry.</summary>
    private static bool WasChanged(SqliteConnection old, long sequence)
    {
        try
        {
            return old.Scalar<long>("SELECT count(*) FROM message_change WHERE message = $sequence", ("$sequence", sequence)) > 0;
        }
        catch (SqliteException e) when (IsUnreadable(e))
        {
            return false;
        }
    }

    /// <summary>The readable keys of a table, before and after any damage.</summary>
    internal static IEnumerable<long> Keys(SqliteConnection? old, string table, CancellationToken cancelled) =>
        old is null || !IsThere(old, table) ? [] : new KeyWalk(old, table, cancelled).Run();

    /// <summary>
    /// Whether a failure was caused by the old file: by its pages, or by the names of its tables and columns, which are on the first page.
    /// </summary>
    internal static bool IsUnreadable(SqliteException failure) =>
        DatabaseCheck.IsDamage(failure) || failure.SqliteErrorCode == raw.SQLITE_ERROR;

    private static bool IsThere(SqliteConnection old, string table)
    {
        try
        {
            old.Scalar<long>($"SELECT sequence FROM {table} LIMIT 0");
            return true;
        }
        catch (SqliteException e) when (IsUnreadable(e))
        {
            return DatabaseCheck.IsDamage(e);
        }
    }

    private static bool TryCopy(SqliteConnection old, Statement insert, string select, long sequence)
    {
        using SqliteCommand command = old.Command(select, ("$sequence", sequence));
        using SqliteDataReader rows = command.ExecuteReader();
        bool any = false;
        while (rows.Read())
        {
            for (int i = 0; i < rows.FieldCount; i++)
            {
                _ = rows.GetValue(i) switch
                {
                    long number => insert.Bind(i + 1, number),
                    byte[] bytes => insert.Bind(i + 1, bytes),
                    string text => insert.Bind(i + 1, text),
                    _ => insert.Bind(i + 1, (string?)null),
                };
            }

            insert.Run();
            any = true;
        }

        return any;
    }
}
