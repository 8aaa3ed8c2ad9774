using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Sqlite.Database;

namespace ErlChat.Tests;

/// <summary>Export and import of the log as JSON lines, and rebuilding the history.</summary>
public sealed class ImportTests : IAsyncDisposable
{
    private readonly SqliteParts _parts = new();
    private readonly Tools _tools;

    public ImportTests() => _tools = new Tools(_parts);

    private string Lines => _tools.Named("lines.jsonl");

    private string New => _tools.Named("new.db");

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    [Fact]
    public async Task What_was_exported_and_imported_is_exported_the_same()
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAdminAsync("alice", "192.0.2.7");
        TestSession bob = await chat.LoginAsync("bob");
        foreach (string text in (string[])["hello \"world\" Ä 😀", "/me waves", "/join tea", "/topic a topic",
            "back\\slash </script> \u2028", "/mute bob 60"])
            await alice.SubmitAsync(text);
        await alice.SubmitAsync("psst", to: "bob");
        await _parts.History.FlushWithAsync(_ => { });
        await _parts.StopAsync(chat);
        string whole = Export(_parts.File);
        Assert.True(whole.Split('\n').Length > 8);
        File.WriteAllText(Lines, whole);
        _tools.Do("import", Lines, "--path", New);
        Assert.Equal(whole, Export(New));
        _tools.Do("verify", "--path", New);
        foreach (string table in (string[])["message", "participant"])
            Assert.Equal(RowsOf(_parts.File, table), RowsOf(New, table));

        // Its readers learn that it is a different log, as after a restore.
        _parts.Options.Path = New;
        chat = await _parts.StartChatAsync();
        Mailbox box = chat.Office.Find(bob.Key)!;
        for (long cursor = 2; cursor < 20; cursor++)
            Assert.Equal(MailStatus.Resync, (await box.ReadAsync(cursor, hideListed: true, TimeSpan.Zero, CancellationToken.None)).Status);
        await _parts.StopAsync(chat);
    }

    [Theory]
    [InlineData("{\"sequence\":3,\"kind\":\"left\"", "line 2:")]
    [InlineData("{\"sequence\":3,\"kind\":\"left\"}", "line 2: It is no entry: something is missing.")]
    [InlineData("{\"sequence\":1,\"kind\":\"left\",\"origin\":\"x\",\"counter\":1,\"at\":\"2026-11-20T07:00:00Z\",\"body\":{}}",
        "line 2: Entry 1 does not come after 1.")]
    [InlineData("{\"sequence\":3,\"kind\":\"danced\",\"origin\":\"x\",\"counter\":1,\"at\":\"2026-11-20T07:00:00Z\",\"body\":{}}",
        "line 2: Unknown kind 'danced'.")]
    [InlineData("{\"sequence\":3,\"kind\":\"left\",\"origin\":\"x\",\"counter\":1,\"at\":\"yesterday\",\"body\":{}}", "line 2:")]
    [InlineData(
        "{\"sequence\":3,\"kind\":\"left\",\"origin\":\"x\",\"counter\":1,\"at\":\"2026-11-20T07:00:00Z\","
            + "\"body\":\"{\",\"problem\":\"torn\"}",
        "line 2: The entry was damaged when it was exported (torn)")]
    [InlineData("[]", "line 2:")]
    public void A_bad_line_is_named_and_nothing_is_imported(string line, string complaint)
    {
        LogFiles.Create(_parts.File, 3, 20);
        string[] good = Export(_parts.File).Split('\n');
        File.WriteAllLines(Lines, [good[0], line, good[2]]);
        Assert.Equal(1, _tools.Run("import", Lines, "--path", New));
        Assert.StartsWith($"{Lines}, {complaint}", _tools.Error, StringComparison.Ordinal);
        Assert.EndsWith("Nothing was imported.\n", _tools.Error, StringComparison.Ordinal);
        Assert.Equal(1, _tools.Error.Count(letter => letter == '\n'));
        Assert.False(File.Exists(New));
        Assert.Empty(Directory.GetFiles(_parts.Folder, "*.partial"));
    }

    [Fact]
    public void An_import_never_touches_a_database_that_is_there()
    {
        LogFiles.Create(_parts.File, 3, 20);
        File.WriteAllText(Lines, Export(_parts.File));
        byte[] before = File.ReadAllBytes(_parts.File);
        Assert.Equal(2, _tools.Run("import", Lines));
        Assert.Equal(before, File.ReadAllBytes(_parts.File));
        File.WriteAllText(Lines, "");
        Assert.Equal(1, _tools.Run("import", Lines, "--path", New));
        Assert.Equal(1, _tools.Run("import", _tools.Named("none.jsonl"), "--path", New));
        Assert.False(File.Exists(New));
    }

    // The tables can be rebuilt from the entries alone: after all rows are deleted, they come back unchanged, and searches find the same.
    [Fact]
    public async Task A_reindex_rebuilds_the_history_and_its_index()
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice");
        await chat.LoginAsync("bob");
        await alice.SubmitAsync("psst", to: "bob");
        await alice.SubmitAsync("hello world");
        await alice.SubmitAsync("/topic weather");
        await _parts.History.FlushWithAsync(_ => { });
        await _parts.StopAsync(chat);
        string[] messages = RowsOf(_parts.File, "message"), participants = RowsOf(_parts.File, "participant");
        Assert.Equal(3, messages.Length);
        foreach (string damage in (string[])
            ["DELETE FROM participant; DELETE FROM message", "UPDATE message SET text = 'x', nick = 'mallory'",
                "INSERT INTO message_text (message_text) VALUES ('delete-all')", "DROP TABLE message_text_data"])
        {
            _parts.Execute(damage);
            Assert.True(damage.StartsWith("DELETE", StringComparison.Ordinal) || _tools.Run("verify") == 1, damage);
            _tools.Do("reindex");
            Assert.Equal(messages, RowsOf(_parts.File, "message"));
            Assert.Equal(participants, RowsOf(_parts.File, "participant"));
            _tools.Do("verify");
        }

        chat = await _parts.StartChatAsync();
        Assert.True(SearchQuery.TryParse("world", out SearchQuery? query));
        MailPage found = (await chat.Room.SearchAsync(
            alice.Key, query!, null, long.MaxValue, new PageSize(10, 10_000), CancellationToken.None))!;
        Assert.Single(found);
        await _parts.StopAsync(chat);
    }

    // A changed entry has no effect in the fold. A reindex used to remove its consequences from the history and report success.
    [Fact]
    public void A_reindex_keeps_what_the_history_has_of_entries_that_are_not_sound()
    {
        LogFiles.Create(_parts.File, 10, 20);
        _parts.Execute("UPDATE entry SET body = replace(body, 'alice', 'alicf') WHERE sequence = 1");
        _parts.Execute("UPDATE entry SET body = replace(body, 'message 7', 'massage 7') WHERE sequence = 7");
        _parts.Execute("UPDATE message SET text = 'x' WHERE sequence = 5");
        Assert.Equal(1, _tools.Run("reindex"));
        Assert.Contains("2 entries are not what was written", _tools.Error, StringComparison.Ordinal);
        Assert.Equal(["2", "3", "4", "6", "7", "8", "9", "10"], RowsOf(_parts.File, "message").Select(row => row.Split('|')[0]));
    }

    // The tool used to leave the target of a link unchanged and replace the link with a database, while the WAL of the old one lay
    // elsewhere.
    [Fact]
    public void A_database_behind_a_link_is_itself_what_the_tool_works_on()
    {
        LogFiles.Create(_parts.File, 3, 20);
        File.WriteAllText(Lines, Export(_parts.File));
        LogFiles.Create(New, 2, 20);
        string link = _tools.Named("link.db");
        File.CreateSymbolicLink(link, New);
        _tools.Do("import", Lines, "--path", link, "--force");
        Assert.Equal(New, new FileInfo(link).LinkTarget);
        Assert.Equal(2, Tools.Said(New).Count);
    }

    [Theory]
    [InlineData("backup", "FILE")]
    [InlineData("restore", "FILE")]
    [InlineData("verify", "--path")]
    [InlineData("salvage", "FILE")]
    [InlineData("import", "FILE")]
    [InlineData("export", "--path")]
    [InlineData("reindex", "--path")]
    [InlineData("compact", "--path")]
    public void Each_command_has_its_help_and_the_whole_names_the_exit_codes(string command, string word)
    {
        _tools.Do(command, "--help");
        Assert.Contains($"log {command}", _tools.Output, StringComparison.Ordinal);
        Assert.Contains(word, _tools.Output, StringComparison.Ordinal);
        _tools.Do("--help");
        Assert.Contains(command, _tools.Output, StringComparison.Ordinal);
        Assert.Contains("Exit codes: 0 success, 1", _tools.Output, StringComparison.Ordinal);
    }

    private string Export(string file)
    {
        _tools.Do("export", "--path", file);
        return _tools.Output;
    }

    private static string[] RowsOf(string file, string table)
    {
        using var connection = FileConnection.Open(file, Microsoft.Data.Sqlite.SqliteOpenMode.ReadOnly);
        using var command = connection.Command($"SELECT * FROM {table} ORDER BY sequence, 1");
        using var rows = command.ExecuteReader();
        var all = new List<string>();
        while (rows.Read())
            all.Add(string.Join('|', Enumerable.Range(0, rows.FieldCount).Select(
                i => rows.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : rows.GetValue(i).ToString())));
        return [.. all];
    }
}
