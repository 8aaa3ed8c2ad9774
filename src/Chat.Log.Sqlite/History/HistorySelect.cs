using System.Globalization;
using System.Text;
using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;
using ErlChat.Serialization;
using ErlChat.Sessions;
using ErlChat.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.History;

/// <summary>Reads pages of history. It reads no more rows than fit on the page.</summary>
/// <remarks>For connections of a <see cref="ReaderPool"/>.</remarks>
internal static class HistorySelect
{
    private const string Columns =
        "m.sequence, m.kind, m.at, m.room_name, m.nick, m.name, m.user_id, m.to_nick, m.to_name, m.to_user_id, m.text, "
        + "c.sequence, c.at, c.kind, m.reply_to";

    /// <summary>The table of what was done to the messages, joined to them.</summary>
    private const string Changes = "LEFT JOIN message_change c ON c.message = m.sequence";

    /// <summary>The index of the sequence of the last change among the columns.</summary>
    private const int Change = 11;

    /// <summary>The index of the sequence of the message that it answers.</summary>
    private const int Parent = 14;

    /// <summary>The index of the column after them, which says whether it is the reader's own copy.</summary>
    private const int Own = 15;

    /// <summary>The index of the text among the columns.</summary>
    private const int Text = 10;

    /// <summary>The condition for a private message that was exchanged with a user.</summary>
    private const string With =
        "($nick IS NULL OR CASE WHEN p.own THEN m.to_nick ELSE m.nick END = $nick COLLATE nick) "
        + "AND ($id IS NULL OR CASE WHEN p.own THEN m.to_user_id ELSE m.user_id END = $id)";

    internal static MailPage Room(SqliteConnection connection, string room, PageStart start, PageSize size)
    {
        using SqliteCommand command = connection.Command(
            $"SELECT {Columns}, 0 FROM message m {Changes} WHERE m.room = $room AND {Next("m.sequence", start)}",
            ("$room", HistoryRow.Canonical(room)),
            ("$start", start.Sequence),
            ("$limit", size.Items + 1L));
        return Read(command, size, start.IsUpward);
    }

    internal static MailPage Private(SqliteConnection connection, SessionKey reader, Correspondent with, PageStart start, PageSize size)
    {
        using SqliteCommand command = connection.Command(
            $"""
            SELECT {Columns}, p.own FROM participant p JOIN message m ON m.sequence = p.sequence {Changes}
            WHERE p.session = $reader AND {With} AND {Next("p.sequence", start)}
            """,
            ("$reader", HistoryRow.KeyOf(reader)),
            ("$nick", with.Nick ?? (object)DBNull.Value),
            ("$id", with.UserId ?? (object)DBNull.Value),
            ("$start", start.Sequence),
            ("$limit", size.Items + 1L));
        return Read(command, size, start.IsUpward);
    }

    /// <summary>The end of a query that reads a page: its limits and its order.</summary>
    private static string Next(string sequence, PageStart start) => start.IsUpward
        ? $"{sequence} > $start ORDER BY {sequence} LIMIT $limit"
        : $"{sequence} < $start ORDER BY {sequence} DESC LIMIT $limit";

    /// <summary>What a person wrote in rooms, among the newest messages below a sequence.</summary>
    internal static AuthorPage Of(SqliteConnection connection, string userId, long before)
    {
        const string some = "(SELECT * FROM message WHERE sequence < $before ORDER BY sequence DESC LIMIT $span) m";
        (string, object?)[] parameters = [("$before", before), ("$span", AuthorPage.Span), ("$user", userId)];

        // One transaction, so that messages that are added between the two reads push no others out of the second.
        using SqliteTransaction moment = connection.BeginTransaction(deferred: true);
        long first = connection.Scalar<long>("SELECT min(sequence) FROM " + some, parameters);
        using SqliteCommand command = connection.Command(
            $"SELECT {Columns}, 0 FROM {some} {Changes} WHERE m.user_id = $user AND m.room IS NOT NULL ORDER BY m.sequence DESC",
            parameters);
        MailPage page = Read(command, PageSize.FromInt32(AuthorPage.Span));
        return new AuthorPage([.. page.Reverse()], first);
    }

    /// <summary>A message in a room, or the reader's copy of a private message; null if there is none.</summary>
    internal static Mail? Find(SqliteConnection connection, long sequence, SessionKey reader)
    {
        using SqliteCommand command = connection.Command(
            $"""
            SELECT {Columns}, p.own FROM message m {Changes}
                LEFT JOIN participant p ON p.session = $reader AND p.sequence = m.sequence
            WHERE m.sequence = $sequence AND m.kind <> 'topic' AND (m.room IS NOT NULL OR p.own IS NOT NULL)
            """,
            ("$sequence", sequence),
            ("$reader", HistoryRow.KeyOf(reader)));
        return Read(command, PageSize.FromInt32(1)) is [var found] ? found : null;
    }

    /// <summary>The messages of a room, or a reader's private ones, that were changed after an entry.</summary>
    internal static ChangesPage ReadChanges(SqliteConnection connection, string? room, SessionKey reader, long since, PageSize size)
    {
        // A reader's own messages are looked through, not the private ones of the whole chat. A CROSS JOIN keeps its order.
        string some = room is not null
            ? "0 FROM message_change c JOIN message m ON m.sequence = c.message WHERE c.room = $room AND m.room = $room"
            : "p.own FROM participant p CROSS JOIN message_change c ON c.message = p.sequence "
                + "CROSS JOIN message m ON m.sequence = p.sequence WHERE p.session = $reader AND m.room IS NULL";
        using SqliteCommand command = connection.Command(
            $"SELECT {Columns}, {some} AND c.sequence > $since ORDER BY c.sequence LIMIT $limit",
            ("$room", room is null ? null : HistoryRow.Canonical(room)),
            ("$reader", HistoryRow.KeyOf(reader)),
            ("$since", since),
            ("$limit", size.Items + 1L));
        MailPage page = Read(command, size);
        return new ChangesPage([.. page.Reverse()], page.More);
    }

    /// <summary>The newest earlier texts of a message, oldest first; none if it was deleted.</summary>
    internal static IReadOnlyList<EarlierText> Earlier(SqliteConnection connection, long sequence)
    {
        using SqliteCommand command = connection.Command(
            """
            SELECT e.at, e.text FROM earlier_text e JOIN message_change c ON c.message = e.message
            WHERE e.message = $sequence AND c.kind = 0 ORDER BY e.sequence DESC LIMIT $limit
            """,
            ("$sequence", sequence),
            ("$limit", EarlierText.Most));
        using SqliteDataReader rows = command.ExecuteReader();
        var texts = new List<EarlierText>();
        while (rows.Read())
            texts.Insert(0, new EarlierText(UnixTime.At(rows.GetInt64(0)), rows.GetString(1)));
        return texts;
    }

    /// <summary>
    /// The newest messages that match. The index tells which may match, and their text tells which do. Some messages cannot be found by the
    /// index, because it is being rebuilt or because every phrase is shorter than a trigram. These are read one by one, newest first; the
    /// caller limits the time.
    /// </summary>
    internal static MailPage Search(SqliteConnection connection, SearchQuery query, SearchScope scope, long before, PageSize size)
    {
        // One transaction, so that the index cannot change between the two reads.
        using SqliteTransaction moment = connection.BeginTransaction(deferred: true);
        if (query.Until is { } until)
            before = Below(connection, until, before);
        var page = new PageBuilder(size);
        string match = MatchOf(query);
        long through = match.Length > 0 ? SearchIndex.Through(connection) : -1;
        bool hasRoom = through == long.MaxValue || TryRead(
            $"FROM message m NOT INDEXED {Changes} WHERE m.sequence > $through AND m.kind <> 'topic' "
            + $"AND m.sequence < $before AND {Readable(scope)}");
        if (hasRoom && through > 0)
        {
            // FTS5 looks at one limit only; it would go through all that the other one leaves out.
            before = through < before ? through + 1 : before;
            TryRead(
                "FROM message_text f CROSS JOIN message m ON m.sequence = f.rowid "
                + $"{Changes} WHERE f.message_text MATCH $match AND f.rowid < $before AND {Readable(scope)}",
                "f.rowid");
        }

        return page.Build();

        bool TryRead(string from, string order = "m.sequence")
        {
            using SqliteCommand command = connection.Command(
                $"SELECT {Columns}, CASE WHEN m.room IS NULL "
                + "THEN (SELECT own FROM participant WHERE session = $reader AND sequence = m.sequence) END "
                + $"{from} ORDER BY {order} DESC",
                ("$match", match),
                ("$through", through),
                ("$before", before),
                ("$reader", scope.Private is { } reader ? HistoryRow.KeyOf(reader) : null),
                ("$nick", scope.With.Nick),
                ("$id", scope.With.UserId));
            for (int i = 0; i < scope.Rooms.Count; i++)
                command.Parameters.AddWithValue(Room(i), HistoryRow.Canonical(scope.Rooms[i]));
            for (int i = 0; i < scope.Sealed.Count; i++)
            {
                command.Parameters.AddWithValue(SealedRoom(i), HistoryRow.Canonical(scope.Sealed[i].Room));
                command.Parameters.AddWithValue(SealedThrough(i), scope.Sealed[i].Through);
            }

            using SqliteDataReader rows = command.ExecuteReader();
            while (rows.Read())
            {
                if (query.Matches(rows.GetString(Text)) && MailOf(rows) is var mail && query.Allows(mail) && !page.TryAdd(mail))
                    return false;
            }

            return true;
        }
    }

    /// <summary>The exclusive upper limit of a search for what is older than a time.</summary>
    private static long Below(SqliteConnection connection, DateTimeOffset until, long before)
    {
        var end = new TimeBisection(
            connection.Scalar<long>("SELECT min(sequence) FROM message"),
            Math.Min(before, connection.Scalar<long>("SELECT max(sequence) FROM message") + 1),
            until);
        using SqliteCommand command = connection.Command(
            "SELECT sequence, at FROM message WHERE sequence >= $from ORDER BY sequence LIMIT 1", ("$from", 0L));
        while (!end.IsDone)
        {
            command.Parameters[0].Value = end.Middle;
            using SqliteDataReader row = command.ExecuteReader();
            end.Take(row.Read() ? (row.GetInt64(0), UnixTime.At(row.GetInt64(1))) : null);
        }

        return end.End;
    }

    /// <summary>The condition for messages that are in one of the rooms, or that the reader has a copy of.</summary>
    private static string Readable(SearchScope scope) =>
        $"(m.room IN ({string.Join(", ", Enumerable.Range(0, scope.Rooms.Count).Select(Room))}) "
        + $"OR (m.room IS NULL AND EXISTS (SELECT 1 FROM participant p WHERE p.session = $reader AND p.sequence = m.sequence AND {With})))"
        + string.Concat(Enumerable.Range(0, scope.Sealed.Count).Select(static number =>
            $" AND (m.room IS NOT {SealedRoom(number)} OR m.sequence > {SealedThrough(number)})"));

    private static string Room(int number) => string.Create(CultureInfo.InvariantCulture, $"$room{number}");

    private static string SealedRoom(int number) => string.Create(CultureInfo.InvariantCulture, $"$sealed{number}");

    private static string SealedThrough(int number) => string.Create(CultureInfo.InvariantCulture, $"$through{number}");

    /// <summary>
    /// The query for FTS5: every trigram of every phrase, in quotes. Empty if all phrases are shorter than that. They consist of letters,
    /// digits, marks and blanks, so nothing in them is syntax of MATCH.
    /// </summary>
    internal static string MatchOf(SearchQuery query)
    {
        var trigrams = new HashSet<string>(StringComparer.Ordinal);
        foreach (string phrase in query.Phrases)
        {
            Rune[] runes = [.. phrase.EnumerateRunes()];
            for (int i = 0; i + 2 < runes.Length; i++)
                trigrams.Add($"\"{runes[i]}{runes[i + 1]}{runes[i + 2]}\"");
        }

        return string.Join(" AND ", trigrams);
    }

    private static MailPage Read(SqliteCommand command, PageSize size, bool isUpward = false)
    {
        var page = new PageBuilder(size, isUpward);
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read() && page.TryAdd(MailOf(rows)))
        {
        }

        return page.Build();
    }

    private static Mail MailOf(SqliteDataReader row) => new(row.GetInt64(0), UnixTime.At(row.GetInt64(2)), ContentOf(row));

    private static MailContent ContentOf(SqliteDataReader row)
    {
        var who = new Person(row.GetString(4), row.GetString(5), row.GetString(6));
        string text = row.GetString(Text);
        string kind = row.GetString(1);
        bool isPrivate = kind == HistoryKind.Private;
        Person? to = isPrivate ? new Person(row.GetString(7), row.GetString(8), row.GetString(9)) : null;
        long? parent = row.IsDBNull(Parent) ? null : row.GetInt64(Parent);
        return new StoredMessage(kind, who, to, text) { Change = ChangeOf(row), Parent = parent }
            .ToContent(isPrivate ? null : row.GetString(3), own: isPrivate && row.GetInt64(Own) != 0);
    }

    private static MessageChange? ChangeOf(SqliteDataReader row) => row.IsDBNull(Change)
        ? null
        : new MessageChange(
            row.GetInt64(Change), UnixTime.At(row.GetInt64(Change + 1)), (MessageChangeKind)row.GetInt64(Change + 2));
}
