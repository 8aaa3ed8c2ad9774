using System.Text.Json;

namespace ErlChat.Web.Tests.Comet;

/// <summary>Whom a person ignores, and what it is told of, over HTTP.</summary>
public class PreferencesTests
{
    [Fact]
    public async Task Preferences_follow_the_person_and_the_page_hears_of_changes()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient bob = await server.LoginAsync("bob");
        CometClient amy = await server.LoginAsync("amy", keeps: true);
        Assert.False((await amy.GetAsync("/chat/me/")).Response.TryGetProperty("preferences", out _));

        Assert.True((await amy.PostAsync("/chat/ignore/", ("nick", "bob"))).IsOk);
        Assert.Equal("preferences", (await amy.ReadAsync())[0].Type);
        JsonElement ignored = (await PreferencesAsync(amy)).GetProperty("ignored")[0];
        Assert.Equal("bob", ignored.GetProperty("nick").GetString());
        Assert.False(ignored.TryGetProperty("until", out _));

        // The server still delivers: the page hides.
        await bob.SendAsync("hello");
        Assert.Equal("chat_msg bob hello", (await amy.ReadAsync())[0].ToString());
        string id = ignored.GetProperty("user_id").GetString()!;

        Assert.True((await amy.PostAsync("/chat/preferences/", ("quiet", "1"))).IsOk);
        Assert.True((await amy.PostAsync("/chat/preferences/", ("room", "lobby"), ("muted", "1"), ("joins", "off"))).IsOk);
        JsonElement all = await PreferencesAsync(amy);
        Assert.True(all.GetProperty("quiet").GetBoolean());
        Assert.Equal("""[{"room":"lobby","muted":true,"joins":"off"}]""", all.GetProperty("rooms").GetRawText());

        Assert.True((await amy.PostAsync("/chat/unignore/", ("user_id", id))).IsOk);
        Assert.Equal(0, (await PreferencesAsync(amy)).GetProperty("ignored").GetArrayLength());
    }

    // A guest who is ignored leaves, and a stranger takes the nick: the stranger is not hidden.
    [Fact]
    public async Task The_next_holder_of_an_ignored_nick_is_told_apart_by_when_it_came()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient bob = await server.LoginAsync("bob");
        CometClient amy = await server.LoginAsync("amy", keeps: true);
        await amy.PostAsync("/chat/ignore/", ("nick", "bob"));
        await bob.SendAsync("old");
        await bob.LeaveAsync();
        CometClient stranger = await server.LoginAsync("bob");
        await stranger.SendAsync("new");
        JsonElement ignored = (await PreferencesAsync(amy)).GetProperty("ignored")[0];
        (long from, long until) = (ignored.GetProperty("from").GetInt64(), ignored.GetProperty("until").GetInt64());
        long[] said = [.. (await amy.ReadUntilAsync(item => item.Text == "new"))
            .Where(item => item.Type == "chat_msg").Select(item => item.Json.GetProperty("id").GetInt64())];
        Assert.InRange(said[0], from, until - 1);
        Assert.True(said[1] >= until);
    }

    [Theory]
    [InlineData("/chat/ignore/", "nick", "nobody", "no_such_user")]
    [InlineData("/chat/ignore/", "nick", "amy", "not_allowed")]
    [InlineData("/chat/ignore/", "user_id", "no id!", "no_such_user")]
    [InlineData("/chat/unignore/", "nick", "bob", "no_such_user")]
    [InlineData("/chat/preferences/", "quiet", "yes", "bad_request")]
    [InlineData("/chat/preferences/", "muted", "1", "bad_request")]
    [InlineData("/chat/preferences/", "joins", "on", "bad_request")]
    [InlineData("/chat/preferences/", "room", "elsewhere", "not_in_room")]
    public async Task Bad_calls_change_nothing(string path, string name, string value, string error)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient amy = await server.LoginAsync("amy", keeps: true);
        await server.LoginAsync("bob");
        Assert.Equal(error, (await amy.PostAsync(path, (name, value))).Error);
        Assert.False((await amy.GetAsync("/chat/me/")).Response.TryGetProperty("preferences", out _));
        Assert.Equal("bad_session", (await server.Stranger().PostAsync(path, (name, value))).Error);
    }

    private static async Task<JsonElement> PreferencesAsync(CometClient client) =>
        (await client.GetAsync("/chat/me/")).Response.GetProperty("preferences");
}
