using System.Globalization;

namespace ErlChat.Web.Tests.Comet;

/// <summary>Messages that are pinned to rooms, over HTTP.</summary>
public sealed class PinTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("erlchat-pins-");

    [Theory]
    [InlineData("Memory")]
    [InlineData("Sqlite")]
    public async Task A_moderator_pins_and_everyone_is_told(string log)
    {
        await using ChatServerHost server = await StartAsync(log, "Chat:MaxPinsPerRoom=2");
        (CometClient amy, CometClient bob) = (await server.LoginAsync("amy"), await server.LoginAsync("bob"));
        await amy.SendAsync("/join den");
        await bob.SendAsync("/join den");
        long[] ids = [await SayAsync(bob, "one"), await SayAsync(bob, "two"), await SayAsync(bob, "three")];
        Assert.Empty(await PinsAsync(bob));
        CometAnswer pinned = await PinAsync(amy, ids[1]);
        Assert.True(pinned.Id > ids[2], pinned.Body);
        await PinAsync(amy, ids[0]);
        Assert.Equal([ids[1], ids[0]], await PinsAsync(bob));

        CometAnswer newer = await bob.WaitAsync($"?msg_id={pinned.Id}&joins=all");
        Assert.Equal("message_pinned", newer.Items![0].Type);
        Assert.Equal($$$"""{"message":{{{ids[1]}}},"nick":"amy","on":true}""", newer.Items[0].Data.GetRawText());

        // The original's client hears nothing of it, and goes on.
        Assert.DoesNotContain(await bob.ReadUntilAsync(item => item.Id == ids[2]), item => item.Type == "message_pinned");

        // Once more is once. One more than fits takes the oldest away.
        Assert.Null((await PinAsync(amy, ids[0])).Id);
        CometAnswer third = await PinAsync(amy, ids[2]);
        Assert.Equal([ids[0], ids[2]], await PinsAsync(bob));
        Assert.Equal("""{"den":2}""", (await bob.GetAsync("/chat/me/")).Response.GetProperty("pins").GetRawText());
        newer = await bob.WaitAsync($"?msg_id={third.Id}&joins=all");
        Assert.Equal(
            $$$"""{"message":{{{ids[2]}}},"nick":"amy","on":true,"unpinned":{{{ids[1]}}}}""",
            Assert.Single(newer.Items!).Data.GetRawText());

        Assert.NotNull((await PinAsync(amy, ids[0], "0")).Id);
        Assert.Null((await PinAsync(amy, ids[0], "0")).Id);
        Assert.Equal([ids[2]], await PinsAsync(bob));
        await bob.PostAsync("/chat/delete_msg/", ("id", Text(ids[2])));
        Assert.Empty(await PinsAsync(bob));
        Assert.DoesNotContain("\"pins\"", (await bob.GetAsync("/chat/me/")).Body, StringComparison.Ordinal);
        Assert.Contains("no_such_message", (await PinAsync(amy, ids[2])).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_else_can_pin()
    {
        await using ChatServerHost server = await StartAsync("Memory");
        (CometClient amy, CometClient bob) = (await server.LoginAsync("amy"), await server.LoginAsync("bob"));
        await amy.SendAsync("/join den");
        await bob.SendAsync("/join den");
        long id = await SayAsync(bob, "mine");
        long secret = (await amy.PostAsync("/chat/send_msg/", ("msg", "psst"), ("to", "bob"))).Id!.Value;
        long lobby = (await amy.PostAsync("/chat/send_msg/", ("msg", "hello"))).Id!.Value;
        Assert.Contains("no_such_message", (await PinAsync(bob, id)).Body, StringComparison.Ordinal);
        Assert.Contains("no_such_message", (await PinAsync(amy, secret)).Body, StringComparison.Ordinal);
        Assert.Contains("no_such_message", (await PinAsync(amy, lobby)).Body, StringComparison.Ordinal);
        Assert.Contains("no_such_message", (await PinAsync(amy, 99_999)).Body, StringComparison.Ordinal);
        Assert.Contains("bad_request", (await PinAsync(amy, id, "perhaps")).Body, StringComparison.Ordinal);
        Assert.Empty(await PinsAsync(amy));
        CometClient cat = await server.LoginAsync("cat");
        Assert.Contains("not_in_room", (await cat.GetAsync("/chat/pins/?room=den")).Body, StringComparison.Ordinal);
        CometClient root = await server.LoginAdminAsync("root1");
        Assert.NotNull((await PinAsync(root, lobby)).Id);
        Assert.Equal(lobby, Assert.Single((await cat.GetAsync("/chat/pins/")).Items!).Id);
        Assert.Equal("""{"lobby":1}""", (await cat.GetAsync("/chat/me/")).Response.GetProperty("pins").GetRawText());
    }

    [Fact]
    public async Task Pins_outlive_a_restart()
    {
        long id;
        await using (ChatServerHost server = await StartAsync("Sqlite"))
        {
            CometClient root = await server.LoginAdminAsync("root1");
            id = (await root.PostAsync("/chat/send_msg/", ("msg", "hello"))).Id!.Value;
            await PinAsync(root, id);
        }

        await using ChatServerHost again = await StartAsync("Sqlite");
        CometClient bob = await again.LoginAsync("bob");
        Assert.Equal(id, Assert.Single((await bob.GetAsync("/chat/pins/")).Items!).Id);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private static async Task<long> SayAsync(CometClient client, string text) =>
        (await client.PostAsync("/chat/send_msg/", ("msg", text), ("room", "den"))).Id!.Value;

    private static Task<CometAnswer> PinAsync(CometClient client, long id, string on = "1") =>
        client.PostAsync("/chat/pin/", ("id", Text(id)), ("on", on));

    private static async Task<long[]> PinsAsync(CometClient client) =>
        [.. (await client.GetAsync("/chat/pins/?room=den")).Items!.Select(item => item.Id)];

    private Task<ChatServerHost> StartAsync(string log, params string[] more) => ChatServerHost.StartAsync(
    [
        .. log == "Memory" ? [] : (string[])[$"Log:Kind={log}", $"Log:Path={Path.Combine(_folder.FullName, "chat.db")}"],
        ChatServerHost.AdminPassword, .. ChatServerHost.NoLimits, .. more,
    ]);
}
