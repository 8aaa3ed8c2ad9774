using System.Text.Json;
using ErlChat.Sqlite;

namespace ErlChat.Tests;

/// <summary>The operators' commands.</summary>
public sealed class LogToolTests : IAsyncDisposable
{
    private readonly SqliteParts _parts = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public ValueTask DisposeAsync()
    {
        _output.Dispose();
        _error.Dispose();
        return _parts.DisposeAsync();
    }

    [Fact]
    public async Task Export_writes_an_entry_a_line_also_while_a_server_runs()
    {
        TestChat chat = await TalkAsync();
        Assert.Equal(0, Run("export"));
        string[] lines = _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        using JsonDocument last = JsonDocument.Parse(lines[^1]);
        Assert.Equal(4, last.RootElement.GetProperty("sequence").GetInt64());
        Assert.Equal("said", last.RootElement.GetProperty("kind").GetString());
        Assert.Equal("2026-11-20T07:00:00+00:00", last.RootElement.GetProperty("at").GetString());
        Assert.Equal("hello \"world\" Ä", last.RootElement.GetProperty("body").GetProperty("text").GetString());
        await _parts.StopAsync(chat);
    }

    [Fact]
    public async Task Verify_says_that_all_is_well_also_while_a_server_runs()
    {
        TestChat chat = await TalkAsync();
        Assert.Equal(0, Run("verify"));
        Assert.Contains("4 entries, 1 to 4.", _output.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("All is well.\n", _output.ToString(), StringComparison.Ordinal);
        await _parts.StopAsync(chat);
    }

    [Theory]
    [InlineData("UPDATE entry SET body = '{' WHERE sequence = 2", "Entry 2: ")]
    [InlineData("INSERT INTO snapshot (sequence, format, sha256, image) VALUES (3, 1, zeroblob(32), zeroblob(9))",
        "Snapshot of 3: its checksum is wrong.")]
    [InlineData("INSERT INTO message_text (message_text) VALUES ('delete-all')", "Message 3 is not in the search index.")]
    public async Task Verify_names_what_is_wrong(string damage, string finding)
    {
        await _parts.StopAsync(await TalkAsync());
        _parts.Execute(damage);
        Assert.Equal(1, Run("verify"));
        Assert.Contains(finding, _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compact_shrinks_the_file_but_not_under_a_server()
    {
        TestChat chat = await TalkAsync();
        Assert.Equal(1, Run("compact"));
        Assert.Contains("in use by another server", _error.ToString(), StringComparison.Ordinal);
        await _parts.StopAsync(chat);
        _parts.Execute("CREATE TABLE filler (bytes)");
        _parts.Execute("INSERT INTO filler VALUES (zeroblob(1000000))");
        _parts.Execute("DROP TABLE filler");
        long before = new FileInfo(_parts.File).Length;
        Assert.Equal(0, Run("compact"));
        Assert.True(new FileInfo(_parts.File).Length < before - 900_000);
        chat = await _parts.StartChatAsync();
        Assert.Equal(2, chat.Room.SessionCount);
        await _parts.StopAsync(chat);
    }

    [Theory]
    [InlineData]
    [InlineData("shred")]
    [InlineData("export", "--file", "x")]
    public void Anything_else_is_told_what_there_is(params string[] args)
    {
        Assert.Equal(2, LogTool.Run(args, _parts.File, _output, _error));
        Assert.Contains("log export", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_not_made()
    {
        Assert.Equal(1, LogTool.Run(["verify", "--path", Path.Combine(_parts.Folder, "none.db")], _parts.File, _output, _error));
        Assert.Empty(Directory.GetFiles(_parts.Folder));
    }

    private int Run(params string[] args) => LogTool.Run(args, _parts.File, _output, _error);

    private async Task<TestChat> TalkAsync()
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice");
        await chat.LoginAsync("bob");
        await alice.SubmitAsync("psst", to: "bob");
        await alice.SubmitAsync("hello \"world\" Ä");
        await _parts.History.FlushWithAsync(_ => { });
        return chat;
    }
}
