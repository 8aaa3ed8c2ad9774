namespace ErlChat.Web.Tests.Comet;

/// <summary>Ids are sequence numbers of the log, and reading a message does not remove it (docs/comet.md, clause 3).</summary>
public class MessageIdTests
{
    [Fact]
    public async Task Ids_increase_strictly_and_the_oldest_comes_first()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob");
        for (int i = 0; i < 50; i++)
            await (i % 3 == 0 ? alice : bob).SendAsync($"{i}");
        IReadOnlyList<CometItemView> items = await alice.ReadAsync();
        Assert.Equal(
            Enumerable.Range(0, 50).Select(i => $"{i}"),
            items.Where(item => item.Type.EndsWith("chat_msg", StringComparison.Ordinal)).Select(item => item.Text));
        Assert.All(items.Zip(items.Skip(1)), pair => Assert.True(pair.First.Id < pair.Second.Id));
    }

    [Fact]
    public async Task The_id_in_the_answer_to_a_send_is_the_id_that_everybody_reads()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob");
        long id = (await bob.SendAsync("hi")).Id!.Value;
        Assert.Equal(id, (await alice.ReadAsync())[^1].Id);
        Assert.Equal(id, (await bob.ReadAsync())[^1].Id);
    }

    [Fact]
    public async Task The_same_id_gives_the_same_answer_again()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        await alice.SendAsync("one");
        await alice.SendAsync("two");
        string first = (await alice.WaitAsync("?msg_id=0")).Body;
        Assert.Equal(first, (await alice.WaitAsync("?msg_id=0")).Body);
        Assert.Equal(first, (await alice.Tab().WaitAsync("?msg_id=0")).Body);
    }

    [Fact]
    public async Task An_answer_that_never_arrived_can_be_read_again()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        using (RawHttp raw = await RawHttp.ConnectAsync(server))
        {
            await raw.SendAsync(
                $"GET /chat/wait/?msg_id={alice.Cursor} HTTP/1.1\r\nHost: localhost\r\nCookie: chat_sess={alice.Token}\r\n\r\n");
            await server.ParkedAsync(1);
            raw.Reset();
        }

        await alice.SendAsync("hi");
        await server.ParkedAsync(0);
        Assert.Equal("sent_chat_msg alice hi", (await alice.ReadAsync()).Single().ToString());
    }

    [Theory]
    [InlineData("?msg_id=0")]
    [InlineData("?msg_id=")]
    [InlineData("?msg_id=abc")]
    [InlineData("?msg_id=%202")]
    [InlineData("?msg_id=+2")]
    [InlineData("?msg_id")]
    [InlineData("")]
    [InlineData("?MSG_ID=9999")]
    [InlineData("?msg_id=0xyz")]
    [InlineData("?msg_id=1.9")]
    [InlineData("?msg_id=%2B1")]
    [InlineData("?msg_id=0&msg_id=99999")]
    [InlineData("?a=b&msg_id=0")]
    [InlineData("?%6dsg_id=0")]
    [InlineData("?msg_id=0&epoch=&epoch=x")]
    public async Task A_missing_or_malformed_id_counts_as_0_or_as_its_leading_number(string query)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        await alice.SendAsync("hi");
        string path = query.Contains("epoch", StringComparison.Ordinal)
            ? $"?msg_id=0&epoch={Uri.EscapeDataString(alice.Epoch!)}&epoch=x"
            : query;
        Assert.Equal("sent_chat_msg alice hi", (await alice.WaitAsync(path)).Items!.Single().ToString());
    }

    [Fact]
    public async Task A_leading_integer_counts()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        await alice.SendAsync("one");
        long two = (await alice.SendAsync("two")).Id!.Value;
        Assert.Equal("two", (await alice.WaitAsync($"?msg_id={two}xyz")).Items!.Single().Text);
        Assert.Equal("two", (await alice.WaitAsync($"?msg_id=%2B{two}.9")).Items!.Single().Text);
    }
}
