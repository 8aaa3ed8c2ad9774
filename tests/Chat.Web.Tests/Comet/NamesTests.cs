using ErlChat.Web.Tests.Flack;

namespace ErlChat.Web.Tests.Comet;

/// <summary>No user can take a name that is invalid, or that could be mistaken for another user's.</summary>
public sealed class NamesTests
{
    private const string Unrecognized = "CHAT_PROTOCOL-001 Unrecognized message";
    private const string NotAvailable = "The nickname is not available.";

    // Previously, all of these were accepted, and shown in browsers.
    [Theory]
    [InlineData("ann\u202e")]
    [InlineData("an\u200bn")]
    [InlineData("ann\nbob")]
    [InlineData("ann\0")]
    [InlineData("ann\u007f")]
    [InlineData(" ann")]
    [InlineData("ann ")]
    [InlineData("ann  bob")]
    [InlineData("ann\u00a0bob")]
    [InlineData("\u3164")]
    [InlineData("\u2800")]
    [InlineData("\ue000")]
    [InlineData("\u0378")]
    [InlineData("\u0301ann")]
    [InlineData("a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301")]
    public async Task A_name_consists_of_visible_characters(string name)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        string before = server.Picture();
        await using FlackWire ann = await FlackWire.GreetAsync(server);
        await ann.SendAsync(new { record = "authenticate", user_name = name });
        Assert.Equal(Unrecognized, await ann.ErrorAsync());
        Assert.Equal(before, server.Picture());

        await using FlackWire ben = await FlackWire.LogInAsync(server, "ben");
        await ben.SendAsync(new { record = "join_chat", chat_name = name });
        Assert.Equal(Unrecognized, await ben.ErrorAsync());
        Assert.Equal(["lobby"], server.Room.Rooms().Select(room => room.Name));
    }

    [Theory]
    [InlineData("Jörg Müller")]
    [InlineData("Nguyễn Văn Ân")]
    [InlineData("स्वामी विवेकानन्द")]
    [InlineData("דָּוִד")]
    [InlineData("สมชาย")]
    [InlineData("O'Neil-Sørensen (he/him)")]
    [InlineData("김철수 👋🏽")]
    [InlineData("山田 太郎")]
    public async Task Real_names_are_accepted(string name)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        await using FlackWire ann = await FlackWire.JoinAsync(server, name, name);
        await using FlackWire ben = await FlackWire.LogInAsync(server, "ben");
        Assert.Equal([name], await ben.JoinAsync(name));
    }

    [Theory]
    [InlineData("server")]
    [InlineData("SyStem")]
    [InlineData("admin")]
    [InlineData("аdmin")]
    [InlineData("adrnin")]
    [InlineData("ＡＤＭＩＮ")]
    [InlineData("adm\u0131n")]
    public async Task No_name_may_look_like_the_server(string name)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        await using FlackWire ann = await FlackWire.GreetAsync(server);
        await ann.SendAsync(new { record = "authenticate", user_name = name });
        Assert.Equal((ushort)1008, await ann.CloseAsync());
        if (name.All(char.IsAsciiLetterOrDigit))
            Assert.Contains(NotAvailable, (await server.Stranger().LoginAsync(name)).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("robert", "r0bert", true)]
    [InlineData("bill", "bi1l", true)]
    [InlineData("bill", "biIl", true)]
    [InlineData("Tom", "Torn", true)]
    [InlineData("user1", "userl", true)]
    [InlineData("robert", "Robert2", false)]
    [InlineData("anna1", "anna2", false)]
    [InlineData("bob0", "bobO", true)]
    public async Task A_nick_that_looks_like_another_is_taken_until_that_user_leaves(string first, string second, bool alike)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient here = await server.LoginAsync(first);
        CometClient comes = server.Stranger(second);
        string before = server.Picture();
        CometAnswer answer = await comes.LoginAsync();
        Assert.Equal(alike, answer.Body.Contains(NotAvailable, StringComparison.Ordinal));
        if (!alike)
            return;
        Assert.Equal(before, server.Picture());
        await here.LeaveAsync();
        Assert.NotNull((await comes.LoginAsync()).Token);
    }

    [Fact]
    public async Task A_flack_user_may_share_a_name_but_may_not_use_a_look_alike()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient web = await server.LoginAsync("robert");
        await using FlackWire same = await FlackWire.LogInAsync(server, "Robert");
        await using FlackWire jose = await FlackWire.LogInAsync(server, "Jose\u0301 \u0430.");
        foreach (string name in (string[])["r\u043ebert", "Jos\u00e9 a.", "José a\u2024", "r\u01ffbert".Replace('\u01ff', '\u03bf')])
        {
            await using FlackWire alike = await FlackWire.GreetAsync(server);
            await alike.SendAsync(new { record = "authenticate", user_name = name });
            Assert.Equal((ushort)1008, await alike.CloseAsync());
        }

        // The check also covers the nick that web users are shown for this name, which differs from the name itself.
        await using FlackWire signs = await FlackWire.LogInAsync(server, "(r\u00a1obert)");
        await using FlackWire bill = await FlackWire.LogInAsync(server, "ann");
        await using FlackWire torn = await FlackWire.JoinAsync(server, "a\u2605nn", "lobby");
        Assert.Contains("ann2", await web.OnlineAsync());

        // The same in the other direction.
        await using FlackWire cyrillic = await FlackWire.LogInAsync(server, "\u0415va");
        Assert.Contains(NotAvailable, (await server.Stranger().LoginAsync("Eva")).Body, StringComparison.Ordinal);
        await cyrillic.SayAsync("""{"record":"client_goodbye"}""");
        await cyrillic.ExpectAsync("server_goodbye");
        await Eventually.BeTrueAsync(() => server.Room.FindNick("va") is null);
        Assert.NotNull((await server.Stranger().LoginAsync("Eva")).Token);
    }

    // Previously, lоbby with a Cyrillic о, and lob<U+200B>bby, appeared in the list next to the lobby.
    [Fact]
    public async Task No_room_name_may_look_like_another()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        foreach (string name in (string[])["l\u043ebby", "\u217cobby", "1obby", "ｌｏｂｂｙ"])
        {
            await using FlackWire ann = await FlackWire.LogInAsync(server, "ann");
            await ann.SendAsync(new { record = "join_chat", chat_name = name });
            Assert.Equal((ushort)1008, await ann.CloseAsync());
        }

        await Eventually.BeTrueAsync(() => server.Room.SessionCount == 1);
        Assert.True((await alice.PostAsync("/chat/join/", ("room", "dev1"))).IsOk);
        Assert.Equal("looks_alike", (await alice.PostAsync("/chat/join/", ("room", "devl"))).Error);
        Assert.Equal("The name devI looks like that of another room.", await alice.AskAsync("/join devI"));
        Assert.True((await alice.PostAsync("/chat/join/", ("room", "dev2"))).IsOk);
        Assert.Equal(["dev1", "dev2", "lobby"], server.Room.Rooms().Select(room => room.Name));

        // A room that has ended blocks no name.
        Assert.True((await alice.PostAsync("/chat/part/", ("room", "dev1"))).IsOk);
        Assert.True((await alice.PostAsync("/chat/join/", ("room", "devl"))).IsOk);
    }

    // Previously, the id of a web user who had left was given to any client that asked for it.
    [Fact]
    public async Task An_id_generated_by_the_server_is_never_assigned_twice()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        string id = (await alice.GetAsync("/chat/me/")).Response.GetProperty("user_id").GetString()!;
        Assert.Matches("^[0-9a-f]{32}$", id);
        await alice.LeaveAsync();
        foreach (string wanted in (string[])[id, id.ToUpperInvariant()])
        {
            await using FlackWire thief = await FlackWire.LogInAsync(server, "thief", wanted);
            Assert.NotEqual(id, thief.UserId.ToLowerInvariant());
            Assert.Matches("^[0-9a-f]{32}$", thief.UserId);
        }

        // Any other id, even one of 32 digits like these, is the client's choice.
        string own = new('c', 32);
        await using FlackWire ann = await FlackWire.LogInAsync(server, "ann", own);
        Assert.Equal(own, ann.UserId);
    }
}
