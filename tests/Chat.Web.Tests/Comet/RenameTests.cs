using System.Globalization;
using System.Text.Json;

namespace ErlChat.Web.Tests.Comet;

/// <summary>Renaming rooms over HTTP. Everything goes by the address; calls take the new name, too, and lists show it.</summary>
public sealed class RenameTests
{
    [Fact]
    public async Task Members_are_told_and_every_call_takes_both_names()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        (CometClient owner, CometClient bob) = (await server.LoginAsync("owner"), await server.LoginAsync("bob"));
        await owner.PostAsync("/chat/join/", ("room", "den"));
        await bob.PostAsync("/chat/join/", ("room", "den"));
        Assert.True((await owner.PostAsync("/chat/room/rename/", ("room", "den"), ("title", "Cellar"))).IsOk);

        // The client of 2009 shows the text; newer ones read the kind. The room is still named by its address.
        CometItemView told = (await bob.ReadUntilAsync(item => item.Kind == "room_renamed"))[^1];
        Assert.Equal("system_msg", told.Type);
        Assert.Equal("den", told.Json.GetProperty("room").GetString());
        Assert.Equal("owner has renamed the room to Cellar.", told.Json.GetProperty("d").GetString());
        Assert.Equal("""{"nick":"owner","room":"den","title":"Cellar"}""", told.Json.GetProperty("data").GetRawText());

        const string Listed = """{"name":"den","title":"Cellar","topic":"","members":2}""";
        Assert.Contains(Listed, (await bob.GetAsync("/chat/rooms/")).Body, StringComparison.Ordinal);
        JsonElement me = (await bob.GetAsync("/chat/me/")).Response;
        Assert.Equal("""{"den":"Cellar"}""", me.GetProperty("titles").GetRawText());
        CometAnswer said = await bob.SendAsync("the map", "cellar");
        string id = said.Id!.Value.ToString(CultureInfo.InvariantCulture);
        Assert.True((await bob.PostAsync("/chat/edit_msg/", ("id", id), ("msg", "the treasure"))).IsOk);
        foreach (string name in new[] { "den", "Cellar", "CELLAR" })
        {
            Assert.Equal(["bob", "owner"], (await bob.OnlineAsync(name)).Order());
            foreach (string read in new[] { "/chat/history/?room=", "/chat/search/?q=treasure&room=" })
            {
                JsonElement found = Assert.Single((await bob.GetAsync(read + name)).Response.EnumerateArray());
                Assert.Equal("den", found.GetProperty("room").GetString());
            }

            JsonElement changed = Assert.Single((await bob.GetAsync("/chat/changes/?room=" + name)).Response.EnumerateArray());
            Assert.Equal("den", changed.GetProperty("room").GetString());
            Assert.Equal("den", (await bob.GetAsync("/chat/room/?room=" + name)).Response.GetProperty("name").GetString());
            Assert.True((await bob.PostAsync("/chat/read/", ("room", name), ("up_to", "1"))).IsOk);
            Assert.True((await bob.PostAsync("/chat/preferences/", ("room", name), ("muted", "1"))).IsOk);
            Assert.True((await owner.PostAsync("/chat/room/change/", ("room", name), ("slow", "1"))).IsOk);
            Assert.True((await owner.PostAsync("/chat/room/link/", ("room", name))).IsOk);
            Assert.Equal("already_in_room", (await bob.PostAsync("/chat/join/", ("room", name))).Error);
            Assert.True((await bob.PostAsync("/chat/part/", ("room", name))).IsOk);
            Assert.Contains(
                """{"room":"den","title":"Cellar","topic":"","users":["owner","bob"]}""",
                (await bob.PostAsync("/chat/join/", ("room", name))).Body,
                StringComparison.Ordinal);
        }

        CometItemView entered = (await bob.ReadUntilAsync(item => item.Kind == "entered"))[^1];
        Assert.Contains("""{"room":"den","title":"Cellar","topic":""", entered.Json.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_name_comes_back_and_nothing_is_as_if_there_had_been_another()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        CometClient owner = await server.LoginAsync("owner");
        await owner.PostAsync("/chat/join/", ("room", "den"));
        string before = (await owner.GetAsync("/chat/rooms/")).Body;
        Assert.True((await owner.PostAsync("/chat/room/rename/", ("room", "den"), ("title", "Cellar"))).IsOk);
        Assert.True((await owner.PostAsync("/chat/room/rename/", ("room", "Cellar"), ("title", ""))).IsOk);
        CometItemView told = (await owner.ReadUntilAsync(item => item.Text.EndsWith("to den.", StringComparison.Ordinal)))[^1];
        Assert.Equal("""{"nick":"owner","room":"den"}""", told.Json.GetProperty("data").GetRawText());
        Assert.Equal(before, (await owner.GetAsync("/chat/rooms/")).Body);
        Assert.DoesNotContain("titles", (await owner.GetAsync("/chat/me/")).Body, StringComparison.Ordinal);
        Assert.Equal("no_such_room", (await owner.GetAsync("/chat/room/?room=Cellar")).Error);
    }

    [Theory]
    [InlineData("den", "attic", "name_not_free")]
    [InlineData("den", "Garret", "name_not_free")]
    [InlineData("den", "LOBBY", "name_not_free")]
    [InlineData("den", "1obby", "looks_alike")]
    [InlineData("den", "Gаrret", "bad_room_name")]
    [InlineData("den", "two words", "bad_room_name")]
    [InlineData("den", "a23456789012345678901234567890123", "bad_room_name")]
    [InlineData("den", null, "bad_request")]
    [InlineData("attic", "mine", "not_moderator")]
    [InlineData("lobby", "mine", "not_moderator")]
    [InlineData("nowhere", "mine", "not_in_room")]
    public async Task A_refused_rename_changes_nothing(string room, string? title, string error)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        (CometClient owner, CometClient bob) = (await server.LoginAsync("owner"), await server.LoginAsync("bob"));
        await owner.PostAsync("/chat/join/", ("room", "den"));
        await bob.PostAsync("/chat/join/", ("room", "attic"));
        await bob.PostAsync("/chat/room/rename/", ("room", "attic"), ("title", "garret"));
        await owner.PostAsync("/chat/join/", ("room", "garret"));
        string before = (await bob.GetAsync("/chat/rooms/")).Body;
        (string, string)[] form = title is null ? [("room", room)] : [("room", room), ("title", title)];
        Assert.Equal(error, (await owner.PostAsync("/chat/room/rename/", form)).Error);
        Assert.Equal(before, (await bob.GetAsync("/chat/rooms/")).Body);
    }

    [Fact]
    public async Task Commands_speak_of_the_room_as_people_call_it()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync([.. ChatServerHost.NoLimits, ChatServerHost.AdminPassword]);
        (CometClient owner, CometClient bob) = (await server.LoginAsync("owner"), await server.LoginAsync("bob"));
        await owner.PostAsync("/chat/join/", ("room", "den"));
        Assert.Equal("Usage: /rename name", await owner.AskAsync("/rename", "den"));
        Assert.Equal("A room name has 1 to 32 letters, digits, - or _.", await owner.AskAsync("/rename é", "den"));
        Assert.Equal("The name lobby is not free.", await owner.AskAsync("/rename lobby", "den"));
        Assert.Equal("owner has renamed the room to Cellar.", await owner.AskAsync("/rename Cellar", "den"));
        Assert.Equal("That is what Cellar is called already.", await owner.AskAsync("/rename Cellar", "den"));
        Assert.Equal("Cellar has no topic.", await owner.AskAsync("/topic", "den"));
        Assert.Equal("People in Cellar: owner", await owner.AskAsync("/users", "den"));
        Assert.StartsWith("Cellar: public\nAddress: den\n", await owner.AskAsync("/room", "den"), StringComparison.Ordinal);
        Assert.Equal("owner has locked Cellar: only moderators may speak.", await owner.AskAsync("/room lock", "den"));

        // The address still leads to the room if it is renamed again before the invitation is used.
        Assert.Equal("bob is invited to Cellar.", await owner.AskAsync("/invite bob", "den"));
        CometItemView invited = (await bob.ReadUntilAsync(item => item.Text.Contains("invites", StringComparison.Ordinal)))[^1];
        Assert.Equal("owner invites you to the room Cellar. Type /join den to enter it.", invited.Text);

        CometClient admin = await server.LoginAdminAsync("admin1");
        Assert.True((await admin.PostAsync("/chat/room/rename/", ("room", "den"), ("title", "vault"))).IsOk);
        Assert.Contains("renamed a room: Cellar → vault", await admin.AskAsync("/admin log", "lobby"), StringComparison.Ordinal);
        Assert.Contains("\"rename\"", (await admin.GetAsync("/admin/acts/")).Body, StringComparison.Ordinal);
    }
}
