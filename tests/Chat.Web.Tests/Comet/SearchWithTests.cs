namespace ErlChat.Web.Tests.Comet;

/// <summary>A search in one private conversation, in memory and in a database.</summary>
public sealed class SearchWithTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("erlchat-with-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("Memory")]
    [InlineData("Sqlite")]
    public async Task Only_what_the_two_wrote_to_each_other_is_found(string log)
    {
        await using ChatServerHost server = await StartAsync(log);
        CometClient amy = await server.LoginAsync("amy"), bob = await server.LoginAsync("bob"), eve = await server.LoginAsync("eve");
        (string amys, string bobs, string eves) = (await IdOf(amy), await IdOf(bob), await IdOf(eve));
        await amy.SendAsync("apple in the lobby");
        await amy.SendAsync("apple 1", to: "bob");
        await eve.SendAsync("apple of eve", to: "amy");
        await bob.SendAsync("apple 2", to: "amy");
        await bob.SendAsync("pear", to: "amy");
        await bob.SendAsync("apple of bob", to: "eve");
        Assert.Equal(["apple 1", "apple 2"], await FindAsync(amy, "with_id=" + bobs));
        Assert.Equal(["apple 1", "apple 2"], await FindAsync(amy, $"with=BOB&with_id={bobs}"));
        Assert.Equal(["apple 1", "apple 2"], await FindAsync(bob, "with=amy"));
        Assert.Equal(["apple of eve"], await FindAsync(amy, "with_id=" + eves));
        Assert.Equal(["apple of bob"], await FindAsync(eve, "with_id=" + bobs));
        Assert.Equal(["apple 1", "apple of eve", "apple 2"], await FindAsync(amy, "with=*"));

        // With a room that the reader is in too, as in the history.
        Assert.Equal(["apple 1", "apple 2"], await FindAsync(amy, $"with_id={bobs}&room=lobby"));
        Assert.Equal(["apple 2"], await FindAsync(amy, $"with_id={bobs}&nick=bob"));
        Assert.Empty(await FindAsync(amy, $"with_id={bobs}&until=2001-01-01"));

        // Nobody finds what others wrote to each other, whichever of them is named.
        Assert.Equal(["apple of eve"], await FindAsync(eve, "with_id=" + amys));
        Assert.Empty(await FindAsync(eve, "with_id=" + eves));
        Assert.Empty(await FindAsync(amy, "with=eve&with_id=" + bobs));
        Assert.Empty(await FindAsync(amy, "with=nobody"));
        Assert.Empty(await FindAsync(amy, "with_id=" + new string('0', bobs.Length)));
    }

    [Theory]
    [InlineData("Memory")]
    [InlineData("Sqlite")]
    public async Task The_id_decides_and_not_the_nick(string log)
    {
        await using ChatServerHost server = await StartAsync(log);
        CometClient amy = await server.LoginAsync("amy"), bob = await server.LoginAsync("bob");
        string first = await IdOf(bob);
        await bob.SendAsync("apple of the first", to: "amy");
        await bob.LeaveAsync();
        CometClient stranger = await server.LoginAsync("Bob");
        string second = await IdOf(stranger);
        await stranger.SendAsync("apple of the second", to: "amy");
        Assert.Equal(["apple of the first"], await FindAsync(amy, "with_id=" + first));
        Assert.Equal(["apple of the second"], await FindAsync(amy, "with_id=" + second));
        Assert.Equal(["apple of the second"], await FindAsync(amy, "with=bob&with_id=" + second));
        Assert.Equal(["apple of the first", "apple of the second"], await FindAsync(amy, "with=bob"));

        // The new owner of the nick is not who wrote the first.
        Assert.Equal(["apple of the second"], await FindAsync(stranger, "with=amy"));
    }

    [Theory]
    [InlineData("Memory")]
    [InlineData("Sqlite")]
    public async Task A_conversation_is_searched_page_by_page_and_as_it_was_edited(string log)
    {
        await using ChatServerHost server = await StartAsync(log);
        CometClient amy = await server.LoginAsync("amy"), bob = await server.LoginAsync("bob"), eve = await server.LoginAsync("eve");
        string bobs = await IdOf(bob);
        for (int i = 1; i <= 5; i++)
        {
            await bob.SendAsync($"apple {i}", to: "amy");
            await eve.SendAsync($"apple of eve {i}", to: "amy");
        }

        CometAnswer page = await SearchAsync(amy, $"with_id={bobs}&limit=3");
        Assert.Equal(["apple 3", "apple 4", "apple 5"], page.Items!.Select(TextOf));
        Assert.True(page.Json.GetProperty("more").GetBoolean());
        page = await SearchAsync(amy, $"with_id={bobs}&limit=3&before={page.Items![0].Id}");
        Assert.Equal(["apple 1", "apple 2"], page.Items!.Select(TextOf));
        Assert.False(page.Json.TryGetProperty("more", out _));

        // What was edited a moment ago is still in memory, with a database too.
        long pear = (await SearchAsync(amy, "with_id=" + bobs)).Items![^1].Id;
        Assert.True((await bob.PostAsync("/chat/edit_msg/", ("id", $"{pear}"), ("msg", "pear"))).IsOk);
        await eve.SendAsync("plum", to: "amy");
        long apple = (await SearchAsync(amy, "with=*", "plum")).Items![0].Id;
        Assert.True((await eve.PostAsync("/chat/edit_msg/", ("id", $"{apple}"), ("msg", "one more apple"))).IsOk);
        Assert.Equal(["apple 1", "apple 2", "apple 3", "apple 4"], await FindAsync(amy, "with_id=" + bobs));
        Assert.Contains("one more apple", await FindAsync(amy, "with=eve"));
    }

    [Theory]
    [InlineData("with_id=no%20id")]
    [InlineData("with=NICK")]
    public async Task Whoever_cannot_be_a_user_is_refused(string query)
    {
        await using ChatServerHost server = await StartAsync("Memory");
        CometClient amy = await server.LoginAsync("amy");
        CometAnswer answer = await SearchAsync(amy, query.Replace("NICK", new string('x', 129), StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("bad_request", answer.Error);
        await amy.LeaveAsync();
        Assert.Equal("bad_session", (await SearchAsync(amy, "with=bob")).Error);
    }

    private Task<ChatServerHost> StartAsync(string log) => ChatServerHost.StartAsync(
    [
        .. log == "Memory" ? [] : (string[])[$"Log:Kind={log}", $"Log:Path={Path.Combine(_folder.FullName, "chat.db")}"],
        .. ChatServerHost.NoLimits,
    ]);

    private static Task<CometAnswer> SearchAsync(CometClient one, string query, string words = "apple") =>
        one.GetAsync($"/chat/search/?q={words}&{query}");

    private static async Task<string[]> FindAsync(CometClient one, string query)
    {
        CometAnswer found = await SearchAsync(one, query);
        Assert.True(found.IsOk, found.Body);
        return [.. found.Items!.Select(TextOf)];
    }

    private static string TextOf(CometItemView item) => item.Json.GetProperty("data").GetProperty("msg").GetString()!;

    private static async Task<string> IdOf(CometClient one) =>
        (await one.GetAsync("/chat/me/")).Response.GetProperty("user_id").GetString()!;
}
