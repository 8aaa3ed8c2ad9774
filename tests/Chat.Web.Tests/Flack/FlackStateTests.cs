namespace ErlChat.Web.Tests.Flack;

/// <summary>Every state and every error code (docs/flack.md, clauses 2 to 4).</summary>
public sealed class FlackStateTests
{
    private const string HelloExpected = "CHAT-001 A client_hello message was expected";
    private const string Unrecognized = "CHAT_PROTOCOL-001 Unrecognized message";
    private const string AuthenticateExpected = "CHAT_PROTOCOL-002 Expected authenticate message";
    private const string NotJoined7 = "CHAT_PROTOCOL-007 Chat has not been joined";
    private const string NotJoined8 = "CHAT_PROTOCOL-008 Chat has not been joined";

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"client_hello\"")]
    [InlineData("""{"record":"client_hello"}""")]
    [InlineData("""{"record":"client_hello","protocol_version":1.0}""")]
    [InlineData("""{"record":"client_hello","protocol_version":null}""")]
    [InlineData("""{"record":"authenticate","user_name":"ann"}""")]
    [InlineData("""{"record":"ping"}""")]
    [InlineData("""{"record":"nonsense"}""")]
    public async Task Before_hello_only_hello_is_accepted(string text)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        await using FlackWire wire = await FlackWire.OpenAsync(server);
        await wire.SayAsync(text);
        Assert.Equal(HelloExpected, await wire.ErrorAsync());
        await FlackServer.EmptyAsync(server);
    }

    [Theory]
    [InlineData("2.0")]
    [InlineData("1")]
    [InlineData("")]
    [InlineData("1.0 ")]
    public async Task Another_version_is_named_in_the_refusal(string version)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        await using FlackWire wire = await FlackWire.OpenAsync(server);
        await wire.SendAsync(new { record = "client_hello", protocol_version = version });
        Assert.Equal($"CHAT-002 An unsupported protocol version was requested: {version}", await wire.ErrorAsync());
    }

    [Theory]
    [InlineData("""{"protocol_version":"1.0","record":"client_hello"}""")]
    [InlineData("""{"record":"client_hello","protocol_version":"1.0","more":[{"a":"\u00e9"}],"user_name":7}""")]
    [InlineData(""" { "record" : "client_hello" , "protocol_version" : "1.0" } """)]
    public async Task Keys_come_in_any_order_and_unknown_ones_are_ignored(string hello)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        await using FlackWire wire = await FlackWire.OpenAsync(server);
        await wire.SayAsync(hello);
        Assert.Equal("""{"record":"server_hello","protocol_version":"1.0"}""", await wire.HearAsync());
    }

    [Theory]
    [InlineData("""{"record":"ping"}""", AuthenticateExpected)]
    [InlineData("""{"record":"client_goodbye"}""", AuthenticateExpected)]
    [InlineData("""{"record":"join_chat","chat_name":"r"}""", AuthenticateExpected)]
    [InlineData("""{"record":"join_chat"}""", AuthenticateExpected)]
    [InlineData("""{"record":"leave_chat","chat_name":"r"}""", AuthenticateExpected)]
    [InlineData("""{"record":"chat_message","chat_name":"r","mime_type":"text/plain","message":"m"}""", AuthenticateExpected)]
    [InlineData("""{"record":"client_hello","protocol_version":"1.0"}""", Unrecognized)]
    [InlineData("""{"record":"nonsense"}""", Unrecognized)]
    [InlineData("""{"record":7}""", Unrecognized)]
    [InlineData("""{}""", Unrecognized)]
    [InlineData("""no json""", Unrecognized)]
    [InlineData("""{"record":"authenticate"}""", "CHAT_PROTOCOL-004 authenticate message missing user_name field")]
    [InlineData("""{"record":"authenticate","user_id":"abc"}""", "CHAT_PROTOCOL-004 authenticate message missing user_name field")]
    [InlineData("""{"record":"authenticate","user_name":""}""", Unrecognized)]
    [InlineData("""{"record":"authenticate","user_name":7}""", Unrecognized)]
    [InlineData("""{"record":"authenticate","user_name":null}""", Unrecognized)]
    public async Task Before_authenticate_only_authenticate_is_accepted(string text, string error)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        await using FlackWire wire = await FlackWire.GreetAsync(server);
        await wire.SayAsync(text);
        Assert.Equal(error, await wire.ErrorAsync());
        await FlackServer.EmptyAsync(server);
    }

    [Theory]
    [InlineData("""{"record":"authenticate","user_name":"ann"}""", "CHAT_PROTOCOL-003 Already authenticated")]
    [InlineData("""{"record":"authenticate"}""", "CHAT_PROTOCOL-003 Already authenticated")]
    [InlineData("""{"record":"client_hello","protocol_version":"1.0"}""", Unrecognized)]
    [InlineData("""{"record":"nonsense"}""", Unrecognized)]
    [InlineData("""{"record":"ping","record":"ping"}""", Unrecognized)]
    [InlineData("""{"record":"ping"} {}""", Unrecognized)]
    [InlineData("""["ping"]""", Unrecognized)]
    [InlineData("""{"record":"ping","more":"\ud800"}""", Unrecognized)]
    [InlineData("""{"record":"ping","more":{"\udfff":1}}""", Unrecognized)]
    [InlineData("""{"record":"join_chat"}""", "CHAT_PROTOCOL-005 Missing chat name")]
    [InlineData("""{"record":"join_chat","chat_name":""}""", Unrecognized)]
    [InlineData("""{"record":"join_chat","chat_name":["r"]}""", Unrecognized)]
    [InlineData("""{"record":"join_chat","chat_name":"\ud800"}""", Unrecognized)]
    [InlineData("""{"record":"join_chat","chat_name":"r"}""", "CHAT_PROTOCOL-006 Chat already joined")]
    [InlineData("""{"record":"join_chat","chat_name":"R"}""", "CHAT_PROTOCOL-006 Chat already joined")]
    [InlineData("""{"record":"chat_message","chat_name":"other","mime_type":"text/plain","message":"m"}""", NotJoined7)]
    [InlineData("""{"record":"chat_message","mime_type":"text/plain","message":"m"}""", NotJoined7)]
    [InlineData("""{"record":"chat_message"}""", NotJoined7)]
    [InlineData("""{"record":"chat_message","chat_name":"r","message":"m"}""", Unrecognized)]
    [InlineData("""{"record":"chat_message","chat_name":"r","mime_type":"text/html","message":"m"}""", Unrecognized)]
    [InlineData("""{"record":"chat_message","chat_name":"r","mime_type":null,"message":"m"}""", Unrecognized)]
    [InlineData("""{"record":"chat_message","chat_name":"r","mime_type":"text/plain"}""", Unrecognized)]
    [InlineData("""{"record":"chat_message","chat_name":"r","mime_type":"text/plain","message":""}""", Unrecognized)]
    [InlineData("""{"record":"chat_message","chat_name":"r","mime_type":"text/plain","message":7}""", Unrecognized)]
    [InlineData("""{"record":"chat_message","chat_name":"r","mime_type":"text/plain","message":"a\ud83db"}""", Unrecognized)]
    [InlineData("""{"record":"leave_chat","chat_name":"other"}""", NotJoined8)]
    [InlineData("""{"record":"leave_chat"}""", NotJoined8)]
    [InlineData("""{"record":"leave_chat","chat_name":false}""", Unrecognized)]
    public async Task In_a_chat_an_error_ends_the_connection_and_the_others_see_the_user_leave(string text, string error)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        await using FlackWire ben = await FlackWire.JoinAsync(server, "ben", "r");
        await using FlackWire ann = await FlackWire.JoinAsync(server, "ann", "r");
        await ben.ExpectAsync("joined");

        await ann.SayAsync(text);
        Assert.Equal(error, await ann.ErrorAsync());
        Assert.Equal(ann.UserId, (await ben.ExpectAsync("left")).GetProperty("user_id").GetString());
        await ben.SeeNothingAsync();
    }

    [Fact]
    public async Task A_message_may_be_as_long_as_the_chat_allows_and_no_longer()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:MaxMessageLength=5");
        await using FlackWire ann = await FlackWire.JoinAsync(server, "ann", "r");
        await ann.TalkAsync("r", "12345");
        Assert.Equal("12345", (await ann.ExpectAsync("chat_message")).GetProperty("message").GetString());
        await ann.TalkAsync("r", "é👩‍👩‍👧x\n ");
        Assert.Equal("é👩‍👩‍👧x\n ", (await ann.ExpectAsync("chat_message")).GetProperty("message").GetString());
        await ann.TalkAsync("r", " ");
        Assert.Equal(" ", (await ann.ExpectAsync("chat_message")).GetProperty("message").GetString());
        await ann.TalkAsync("r", "123456");
        Assert.Equal(Unrecognized, await ann.ErrorAsync());
    }

    [Fact]
    public async Task Names_may_be_as_long_as_the_contract_says_counted_in_characters()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        string longest = string.Concat(Enumerable.Repeat("👍", 64));
        await using FlackWire ann = await FlackWire.LogInAsync(server, longest);
        string chat = string.Concat(Enumerable.Repeat("😀", 128));
        Assert.Empty(await ann.JoinAsync(chat));
        await ann.SendAsync(new { record = "join_chat", chat_name = chat + "x" });
        Assert.Equal(Unrecognized, await ann.ErrorAsync());

        await using FlackWire ben = await FlackWire.GreetAsync(server);
        await ben.SendAsync(new { record = "authenticate", user_name = longest + "x" });
        Assert.Equal(Unrecognized, await ben.ErrorAsync());
    }

    [Theory]
    [InlineData("my-own_ID7", true)]
    [InlineData("", false)]
    [InlineData("with blank", false)]
    [InlineData("é", false)]
    public async Task A_well_formed_user_id_that_nobody_has_is_accepted(string wanted, bool taken)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        await using FlackWire ann = await FlackWire.LogInAsync(server, "ann", wanted);
        if (taken)
            Assert.Equal(wanted, ann.UserId);
        else
            Assert.Matches("^[0-9a-f]{32}$", ann.UserId);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task A_user_id_that_is_not_a_string_is_ignored(string json)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        await using FlackWire ann = await FlackWire.GreetAsync(server);
        await ann.SayAsync($$"""{"record":"authenticate","user_name":"ann","user_id":{{json}}}""");
        Assert.Matches("^[0-9a-f]{32}$", (await ann.ExpectAsync("authenticated")).GetProperty("user_id").GetString());
    }

    [Fact]
    public async Task A_present_users_id_is_taken_and_becomes_free_when_the_user_is_gone()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        await using FlackWire ann = await FlackWire.LogInAsync(server, "ann", new string('a', 64));
        await using FlackWire thief = await FlackWire.LogInAsync(server, "ann", new string('a', 64));
        Assert.Matches("^[0-9a-f]{32}$", thief.UserId);
        await ann.SayAsync("""{"record":"client_goodbye"}""");
        await ann.ExpectAsync("server_goodbye");
        await using FlackWire again = await FlackWire.LogInAsync(server, "ann", new string('a', 64));
        Assert.Equal(new string('a', 64), again.UserId);
        await using FlackWire tooLong = await FlackWire.LogInAsync(server, "ann", new string('b', 65));
        Assert.Matches("^[0-9a-f]{32}$", tooLong.UserId);
    }

    [Fact]
    public async Task Goodbye_is_answered_and_the_connection_closed_without_a_status()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        await using FlackWire ann = await FlackWire.LogInAsync(server, "ann");
        await ann.SayAsync("""{"record":"client_goodbye","unknown":1}""");
        Assert.Equal("""{"record":"server_goodbye"}""", await ann.HearAsync());
        Assert.Null(await ann.CloseAsync());
        await FlackServer.EmptyAsync(server);
    }
}
