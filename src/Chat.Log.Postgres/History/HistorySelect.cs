using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;
using ErlChat.Serialization;
using ErlChat.Sessions;
using Npgsql;
using NpgsqlTypes;

namespace ErlChat.Postgres.History;

/// <summary>Reads pages of history.</summary>
internal static class HistorySelect
{
    private const string Columns =
        "m.sequence, m.kind, m.at, m.room_name, m.nick, m.name, m.user_id, m.to_nick, m.to_name, m.to_user_id, m.text, "
        + "c.sequence, c.at, c.kind, m.reply_to";

    /// <summary>The table of what was done to the messages, joined to them.</summary>
    private const string Changes = "LEFT JOIN message_change c ON c.message = m.sequence";

    /// <summary>The user id of the other person of a private message.</summary>
    private const string OtherId = "CASE WHEN p.own THEN m.to_user_id ELSE m.user_id END";

    /// <summary>The place of the sequence of the last change among the columns.</summary>
    private const int Change = 11;

    /// <summary>The place of the sequence of the message that it answers.</summary>
    private const int Parent = 14;

    /// <summary>The place of the column after them, which says whether it is the reader's own copy.</summary>
    private const int Own = 15;

    /// <summary>The place of the text among them.</summary>
    private const int Text = 10;

    /// <summary>The most rows that a search reads at a time.</summary>
    private const int MaxStep = 1000;

    /// <summary>
    /// How many of the newest entries are searched first, without the index: a few milliseconds. A common word fills its page there, where
    /// the index would name every message that has it.
    /// </summary>
    private const int Newest = 4096;

    internal static async Task<MailPage> RoomAsync(
        NpgsqlConnection connection, string room, PageStart start, long below, PageSize size, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(null, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = HistoryRow.Canonical(room) });
        command.CommandText =
            $"SELECT {Columns}, false FROM message m {Changes} WHERE m.room = $1 AND {Next(command, "m.sequence", start, below, size)}";
        return await ReadAsync(command, size, cancellationToken, start.IsUpward);
    }

    /// <summary>The end of a query that reads a page: its limits and its order.</summary>
    /// <param name="command">Gets the parameters.</param>
    /// <param name="sequence">The column of the items' sequences.</param>
    /// <param name="start">Where the page begins.</param>
    /// <param name="below">The exclusive upper limit of the whole read.</param>
    /// <param name="size">The limits of the page.</param>
    private static string Next(NpgsqlCommand command, string sequence, PageStart start, long below, PageSize size)
    {
        foreach (long value in new[] { start.IsUpward ? below : start.Sequence, size.Items + 1L, start.Sequence })
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        int first = command.Parameters.Count - 2;
        return start.IsUpward
            ? $"{sequence} < ${first} AND {sequence} > ${first + 2} ORDER BY {sequence} LIMIT ${first + 1}"
            : $"{sequence} < ${first} ORDER BY {sequence} DESC LIMIT ${first + 1}";
    }

    internal static async Task<MailPage> PrivateAsync(
        NpgsqlConnection connection,
        SessionKey reader,
        Correspondent with,
        PageStart start,
        long below,
        PageSize size,
        CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(null, connection);
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = HistoryRow.KeyOf(reader) });
        string others = "";
        if (with.Nick is { } nick)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = HistoryInsert.OtherOf(nick) });
            others += $" AND p.other = ${command.Parameters.Count}";
        }

        if (with.UserId is { } id)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id });
            others += $" AND {OtherId} = ${command.Parameters.Count}";
        }

        command.CommandText =
            $"SELECT {Columns}, p.own FROM participant p JOIN message m ON m.sequence = p.sequence {Changes} "
            + $"WHERE p.session = $1{others} AND {Next(command, "p.sequence", start, below, size)}";
        return await ReadAsync(command, size, cancellationToken, start.IsUpward);
    }

    /// <summary>What a person wrote in rooms, among the newest messages below a sequence.</summary>
    internal static async Task<AuthorPage> OfAsync(
        NpgsqlConnection connection, string userId, long before, CancellationToken cancellationToken)
    {
        string some = $"(SELECT * FROM message WHERE sequence < $1 ORDER BY sequence DESC LIMIT {AuthorPage.Span}) AS m";
        await using var command = new NpgsqlCommand(
            $"SELECT {Columns}, false FROM {some} {Changes} WHERE m.user_id = $2 AND m.room IS NOT NULL ORDER BY m.sequence DESC",
            connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = before });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = userId });
        MailPage page = await ReadAsync(command, PageSize.FromInt32(AuthorPage.Span), cancellationToken);
        await using var first = new NpgsqlCommand($"SELECT coalesce(min(sequence), 0) FROM {some}", connection);
        first.Parameters.Add(new NpgsqlParameter<long> { TypedValue = before });
        return new AuthorPage([.. page.Reverse()], (long)(await first.ExecuteScalarAsync(cancellationToken))!);
    }

    /// <summary>A message in a room, or the reader's copy of a private message; null if there is none.</summary>
    internal static async Task<Mail?> FindAsync(
        NpgsqlConnection connection, long sequence, SessionKey reader, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT {Columns}, coalesce(p.own, false) FROM message m {Changes}
                LEFT JOIN participant p ON p.session = $2 AND p.sequence = m.sequence
            WHERE m.sequence = $1 AND m.kind <> 'topic' AND (m.room IS NOT NULL OR p.own IS NOT NULL)
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = sequence });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = HistoryRow.KeyOf(reader) });
        return await ReadAsync(command, PageSize.FromInt32(1), cancellationToken) is [var found] ? found : null;
    }

    /// <summary>The messages of a room, or a reader's private ones, that were changed after an entry and up to another one.</summary>
    internal static async Task<ChangesPage> ChangesAsync(
        NpgsqlConnection connection,
        string? room,
        SessionKey reader,
        long since,
        long through,
        PageSize size,
        CancellationToken cancellationToken)
    {
        // A reader's own messages are looked through, not the private ones of the whole chat. OFFSET keeps the planner from joining in
        // another order.
        string some = room is null
            ? "p.own FROM participant p CROSS JOIN LATERAL (SELECT * FROM message_change WHERE message = p.sequence OFFSET 0) c "
                + "JOIN message m ON m.sequence = p.sequence WHERE p.session = $1 AND m.room IS NULL"
            : "false FROM message_change c JOIN message m ON m.sequence = c.message WHERE c.room = $1 AND m.room = $1";
        await using var command = new NpgsqlCommand(
            $"SELECT {Columns}, {some} AND c.sequence > $2 AND c.sequence <= $3 ORDER BY c.sequence LIMIT $4", connection);
        NpgsqlParameter whose = room is null
            ? new NpgsqlParameter<byte[]> { TypedValue = HistoryRow.KeyOf(reader) }
            : new NpgsqlParameter<string> { TypedValue = HistoryRow.Canonical(room) };
        command.Parameters.Add(whose);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = since });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = through });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = size.Items + 1L });
        MailPage page = await ReadAsync(command, size, cancellationToken);
        return new ChangesPage([.. page.Reverse()], page.More);
    }

    /// <summary>The newest earlier texts of a message, oldest first; none if it was deleted.</summary>
    internal static async Task<IReadOnlyList<EarlierText>> EarlierAsync(
        NpgsqlConnection connection, long sequence, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT e.at, e.text FROM earlier_text e JOIN message_change c ON c.message = e.message
            WHERE e.message = $1 AND c.kind = 0 ORDER BY e.sequence DESC LIMIT $2
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = sequence });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = EarlierText.Most });
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        var texts = new List<EarlierText>();
        while (await rows.ReadAsync(cancellationToken))
            texts.Insert(0, new EarlierText(UnixTime.At(rows.GetInt64(0)), rows.GetString(1)));
        return texts;
    }

    /// <summary>
    /// The newest messages that match. The index tells which may match, and their text which do. So a page may need several steps.
    /// </summary>
    internal static async Task<MailPage> SearchAsync(
        NpgsqlConnection connection,
        SearchQuery query,
        SearchScope scope,
        long before,
        PageSize size,
        CancellationToken cancellationToken)
    {
        if (query.Until is { } until)
            before = await BelowAsync(connection, until, before, cancellationToken);
        var page = new PageBuilder(size);
        string isReadable = scope.Private is null
            ? "m.room = ANY ($1)"
            : "(m.room = ANY ($1) OR (m.room IS NULL AND EXISTS (SELECT FROM participant p "
                + "WHERE p.session = $2 AND p.sequence = m.sequence AND ($9 IS NULL OR p.other = $9) "
                + $"AND ($10 IS NULL OR {OtherId} = $10))))";
        await using var command = new NpgsqlCommand(
            $"""
            SELECT {Columns}, coalesce((SELECT own FROM participant WHERE session = $2 AND sequence = m.sequence AND m.room IS NULL), false)
            FROM message m {Changes}
            WHERE m.words @@ $3::tsquery AND m.sequence < $4 AND m.sequence >= $5 AND {isReadable}
                AND NOT EXISTS (SELECT FROM unnest($7::text[], $8::bigint[]) AS one (room, through)
                    WHERE one.room = m.room AND m.sequence <= one.through)
            ORDER BY m.sequence DESC LIMIT $6
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. scope.Rooms.Select(HistoryRow.Canonical)] });
        command.Parameters.Add(new NpgsqlParameter
        {
            NpgsqlDbType = NpgsqlDbType.Bytea,
            Value = scope.Private is { } reader ? HistoryRow.KeyOf(reader) : DBNull.Value,
        });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = SearchTokens.QueryOf(query), NpgsqlDbType = NpgsqlDbType.Text });
        var below = new NpgsqlParameter<long> { TypedValue = before };
        var from = new NpgsqlParameter<long> { TypedValue = Math.Max(before - Newest, 0) };
        var limit = new NpgsqlParameter<long>();
        command.Parameters.Add(below);
        command.Parameters.Add(from);
        command.Parameters.Add(limit);
        string[] sealedRooms = [.. scope.Sealed.Select(static one => HistoryRow.Canonical(one.Room))];
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = sealedRooms });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. scope.Sealed.Select(one => one.Through)] });
        if (scope.Private is not null)
        {
            foreach (string? value in new[] { scope.With.Nick is { } nick ? HistoryInsert.OtherOf(nick) : null, scope.With.UserId })
                command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = value ?? (object)DBNull.Value });
        }

        for (int step = Math.Min(size.Items, MaxStep - 1) + 1; ; step = Math.Min(step * 4, MaxStep))
        {
            limit.TypedValue = step;
            int count = 0;
            await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                count++;
                below.TypedValue = rows.GetInt64(0);
                if (query.Matches(rows.GetString(Text)) && MailOf(rows) is var mail && query.Allows(mail) && !page.TryAdd(mail))
                    return page.Build();
            }

            if (count == step)
                continue;
            if (from.TypedValue == 0)
                return page.Build();
            (below.TypedValue, from.TypedValue) = (from.TypedValue, 0);
        }
    }

    /// <summary>The exclusive upper limit of a search for what is older than a time.</summary>
    private static async Task<long> BelowAsync(
        NpgsqlConnection connection, DateTimeOffset until, long before, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT sequence, at FROM message WHERE sequence >= $1 ORDER BY sequence LIMIT 1", connection);
        await using var last = new NpgsqlCommand("SELECT coalesce(max(sequence), 0) FROM message", connection);
        var from = new NpgsqlParameter<long>();
        command.Parameters.Add(from);
        var end = new TimeBisection(
            await FirstAsync() is { } first ? first.Position : 0,
            Math.Min(before, (long)(await last.ExecuteScalarAsync(cancellationToken))! + 1),
            until);
        while (!end.IsDone)
        {
            from.TypedValue = end.Middle;
            end.Take(await FirstAsync());
        }

        return end.End;

        async Task<(long Position, DateTimeOffset At)?> FirstAsync()
        {
            await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
            return await row.ReadAsync(cancellationToken) ? (row.GetInt64(0), UnixTime.At(row.GetInt64(1))) : null;
        }
    }

    private static async Task<MailPage> ReadAsync(
        NpgsqlCommand command, PageSize size, CancellationToken cancellationToken, bool isUpward = false)
    {
        var page = new PageBuilder(size, isUpward);
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken) && page.TryAdd(MailOf(rows)))
        {
        }

        return page.Build();
    }

    private static Mail MailOf(NpgsqlDataReader row)
    {
        string? room = row.IsDBNull(3) ? null : row.GetString(3);
        var who = new Person(row.GetString(4), row.GetString(5), row.GetString(6));
        Person? to = row.IsDBNull(7) ? null : new Person(row.GetString(7), row.GetString(8), row.GetString(9));
        return new Mail(
            row.GetInt64(0),
            UnixTime.At(row.GetInt64(2)),
            new StoredMessage(row.GetString(1), who, to, row.GetString(Text))
            {
                Change = ChangeOf(row),
                Parent = row.IsDBNull(Parent) ? null : row.GetInt64(Parent),
            }
                .ToContent(room, own: row.GetBoolean(Own)));
    }

    private static MessageChange? ChangeOf(NpgsqlDataReader row) => row.IsDBNull(Change)
        ? null
        : new MessageChange(
            row.GetInt64(Change), UnixTime.At(row.GetInt64(Change + 1)), (MessageChangeKind)row.GetInt32(Change + 2));
}
