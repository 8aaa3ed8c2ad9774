namespace ErlChat.Web.Tests.Comet;

/// <summary>Who is away, over HTTP.</summary>
public class AwayTests
{
    [Fact]
    public async Task Others_are_told_and_the_lists_know_until_the_user_is_back()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        (CometClient ann, CometClient bob) = (await server.LoginAsync("ann"), await server.LoginAsync("bob"));
        string annId = (await ann.GetAsync("/chat/me/")).Response.GetProperty("user_id").GetString()!;
        Assert.DoesNotContain("away\"", (await bob.GetAsync("/chat/online/?joins=all")).Body, StringComparison.Ordinal);
        Assert.True((await ann.PostAsync("/chat/away/", ("on", "1"))).IsOk);
        CometItemView told = Assert.Single((await bob.WaitAsync($"?msg_id={bob.Cursor}&joins=all")).Items!);
        Assert.Equal("away", told.Type);
        Assert.Equal($$"""{"nick":"ann","user_id":"{{annId}}","on":true}""", told.Data.GetRawText());
        Assert.True((await ann.GetAsync("/chat/me/")).Response.GetProperty("away").GetBoolean());
        CometAnswer list = await bob.GetAsync("/chat/online/?joins=all");
        Assert.Equal("""["ann"]""", list.Json.GetProperty("away").GetRawText());

        // Once more changes nothing, and writes nothing.
        long written = (await bob.GetAsync("/chat/start/?joins=all")).Response.GetInt64();
        Assert.True((await ann.PostAsync("/chat/away/", ("on", "1"))).IsOk);
        Assert.Equal(written, (await bob.GetAsync("/chat/start/?joins=all")).Response.GetInt64());

        Assert.True((await ann.PostAsync("/chat/away/", ("on", "0"))).IsOk);
        told = Assert.Single((await bob.WaitAsync($"?msg_id={told.Id + 1}&joins=all")).Items!);
        Assert.False(told.Data.GetProperty("on").GetBoolean());
        Assert.DoesNotContain("away\"", (await bob.GetAsync("/chat/online/?joins=all")).Body, StringComparison.Ordinal);
        Assert.Equal("bad_request", (await ann.PostAsync("/chat/away/", ("on", "yes"))).Response.GetString());
    }

    [Fact]
    public async Task The_original_client_hears_nothing_of_it()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        (CometClient ann, CometClient bob) = (await server.LoginAsync("ann"), await server.LoginAsync("bob"));
        await ann.PostAsync("/chat/away/", ("on", "1"));
        await ann.PostAsync("/chat/away/", ("on", "0"));
        await ann.SendAsync("hello");
        Assert.DoesNotContain(await bob.ReadUntilAsync(item => item.Type == "chat_msg"), item => item.Type == "away");
    }

    [Fact]
    public async Task Commands_say_it_too()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:AwayAfter=00:00:00");
        CometClient ann = await server.LoginAsync("ann");
        Assert.Contains("Usage: /away", await ann.AskAsync("/away for lunch"));
        Assert.Contains("You are away. Type /back when you are back.", await ann.AskAsync("/away"));
        Assert.Equal("""["ann"]""", (await ann.GetAsync("/chat/online/?joins=all")).Json.GetProperty("away").GetRawText());
        Assert.Contains("You are back.", await ann.AskAsync("/back"));
        Assert.Equal(0, (await ann.GetAsync("/chat/me/")).Response.GetProperty("limits").GetProperty("away_after").GetDouble());
    }
}
