using System.Text.Json;
using ErlChat.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace ErlChat.Tests;

/// <summary>The server is killed while it carries out a command, so that the client does not know whether it did.</summary>
public sealed class LostAnswerTests : IDisposable
{
    private static readonly string[] s_quickPolls = ["--Chat:PollTimeout=00:00:00.200", "--Chat:PollJitter=00:00:00"];

    private readonly string _folder = Directory.CreateTempSubdirectory("erlchat-lost-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Database => Path.Combine(_folder, "data", "chat.db");

    // Nobody knows whether the edit was written before the kill. The client repeats it.
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(40)]
    public async Task An_edit_whose_answer_was_lost_is_there_once(int milliseconds)
    {
        (Browser loggedIn, long id) = await KillWhileAsync(static (alice, id) => alice.EditAsync(id, "two"), milliseconds);
        using Browser alice = loggedIn;
        (ServerProcess server, alice.Address) = await ServerProcess.StartAsync(Database);
        await using (server)
        {
            Assert.Equal("ok", (await alice.EditAsync(id, "two")).GetProperty("status").GetString());
            Assert.Equal([(id, "two")], await alice.HistoryAsync());
            Assert.Equal(0, await server.StopAsync());
        }

        using SqliteConnection connection = FileConnection.Open(Database, SqliteOpenMode.ReadOnly);
        Assert.Equal(1, connection.Scalar<long>("SELECT count(*) FROM entry WHERE kind = 'message_edited'"));
        Assert.Equal(1, connection.Scalar<long>("SELECT count(*) FROM earlier_text WHERE text = 'one'"));
    }

    // Whoever waited for mail when the server was killed, whoever comes later and the history must agree on whether there was an edit. If
    // it is repeated, everybody hears of it once in all.
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(40)]
    public async Task An_edit_whose_answer_was_lost_is_there_for_all_clients_or_for_none(int milliseconds)
    {
        (ServerProcess server, Uri address) = await ServerProcess.StartAsync(Database, s_quickPolls);
        using Browser alice = new(address), bob = new(address), carol = new(address);
        Transcript bobs = new(), carols = new();
        List<string> heardByBob = [], heardByCarol = [];
        long id;
        await using (server)
        {
            await bob.LoginAsync("bob", isNewer: true);
            await carol.LoginAsync("carol", isNewer: true);
            await alice.LoginAsync("alice", isNewer: true);
            id = (await alice.SayAsync("one")).GetProperty("id").GetInt64();
            await CatchUpAsync(bob, bobs, heardByBob);
            Task waiting = CatchUpAsync(bob, bobs, heardByBob);
            Task<JsonElement> editing = alice.EditAsync(id, "two");
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);
            await server.KillAsync();
            await Task.WhenAny(editing).WithinAsync();
            await Task.WhenAny(waiting).WithinAsync();
        }

        (server, address) = await ServerProcess.StartAsync(Database, s_quickPolls);
        await using (server)
        {
            alice.Address = bob.Address = carol.Address = address;
            await AssertAlikeAsync();
            Assert.Equal("ok", (await alice.EditAsync(id, "two")).GetProperty("status").GetString());
            await AssertAlikeAsync();
            Assert.Equal([Transcript.Line(id, "two", [])], bobs.Lines);
            Assert.Equal(["chat_msg", "message_edited"], heardByBob);
            Assert.Equal(["chat_msg", "message_edited"], heardByCarol);
        }

        async Task AssertAlikeAsync()
        {
            await CatchUpAsync(bob, bobs, heardByBob);
            await CatchUpAsync(carol, carols, heardByCarol);
            Transcript history = Transcript.Of(await alice.HistoryItemsAsync());
            Assert.Equal(history.Lines, bobs.Lines);
            Assert.Equal(history.Lines, carols.Lines);
            Assert.Equal(heardByBob, heardByCarol);
            JsonElement changes = (await alice.GetAsync($"chat/changes/?since={id}")).GetProperty("response");
            Assert.Equal(heardByBob.Count - 1, changes.GetArrayLength());
        }
    }

    // As for edits. The reaction is gathered for 100 ms, so the later kills come while it is written or after it.
    [Theory]
    [InlineData(0)]
    [InlineData(102)]
    [InlineData(150)]
    public async Task A_reaction_whose_answer_was_lost_is_there_once(int milliseconds)
    {
        (Browser loggedIn, long id) = await KillWhileAsync(static (alice, id) => alice.ReactAsync(id, "👍"), milliseconds);
        using Browser alice = loggedIn;
        (ServerProcess server, alice.Address) = await ServerProcess.StartAsync(Database);
        await using (server)
        {
            Assert.Equal("ok", (await alice.ReactAsync(id, "👍")).GetProperty("status").GetString());
            JsonElement item = Assert.Single((await alice.GetAsync("chat/history/")).GetProperty("response").EnumerateArray());
            JsonElement reaction = Assert.Single(item.GetProperty("reactions").EnumerateArray());
            Assert.Equal(1, reaction.GetProperty("count").GetInt32());
            Assert.Equal(0, await server.StopAsync());
        }

        using SqliteConnection connection = FileConnection.Open(Database, SqliteOpenMode.ReadOnly);
        Assert.Equal(1, connection.Scalar<long>("SELECT count(*) FROM entry WHERE kind = 'reacted'"));
        Assert.Equal(1, connection.Scalar<long>("SELECT count(*) FROM reaction WHERE emoji = '👍'"));
    }

    /// <summary>Polls until nothing comes any more, or the server is gone.</summary>
    /// <param name="heard">Gets the types of the items that came, without joins.</param>
    private static async Task CatchUpAsync(Browser browser, Transcript transcript, List<string> heard)
    {
        while (await browser.PollItemsAsync() is { Count: > 0 } items)
        {
            foreach (JsonElement item in items)
            {
                transcript.Apply(item);
                if (item.GetProperty("t").GetString() is ("chat_msg" or "message_edited") and var type)
                    heard.Add(type);
            }
        }
    }

    /// <summary>Kills a server while it changes the message "one" of alice, who has logged in there.</summary>
    private async Task<(Browser Alice, long Id)> KillWhileAsync(Func<Browser, long, Task<JsonElement>> change, int milliseconds)
    {
        (ServerProcess server, Uri address) = await ServerProcess.StartAsync(Database);
        var alice = new Browser(address);
        await using (server)
        {
            await alice.LoginAsync("alice");
            long id = (await alice.SayAsync("one")).GetProperty("id").GetInt64();
            Task<JsonElement> changing = change(alice, id);
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);
            await server.KillAsync();
            await Task.WhenAny(changing);
            return (alice, id);
        }
    }
}
