using ErlChat.Web.Flack;
using Microsoft.Extensions.DependencyInjection;

namespace ErlChat.Web.Tests.Flack;

/// <summary>Connecting: the endpoint, the handshake, and which connections are refused (docs/flack.md, clauses 1 and 7).</summary>
public sealed class FlackUpgradeTests
{
    [Theory]
    [InlineData("GET", "/chat-server")]
    [InlineData("GET", "/chat-server/")]
    [InlineData("POST", "/chat-server")]
    [InlineData("POST", "/chat-server/")]
    public async Task A_request_without_an_upgrade_is_told_to_upgrade(string method, string path)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        RawAnswer? answer = await RawHttp.AskAsync(server, $"{method} {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal((426, "", "websocket"), (answer!.Status, answer.Body, answer.Headers["Upgrade"]));
        Assert.Equal("0", answer.Headers["Content-Length"]);
    }

    [Fact]
    public async Task Another_version_of_WebSocket_is_told_the_supported_one()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        RawAnswer? answer = await RawHttp.AskAsync(
            server,
            "GET /chat-server HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 8\r\n\r\n");
        Assert.Equal((426, "13"), (answer!.Status, answer.Headers["Sec-WebSocket-Version"]));
    }

    [Theory]
    [InlineData("/chat-server")]
    [InlineData("/chat-server/")]
    public async Task No_subprotocol_and_no_extension_is_accepted(string path)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        string answer = await FlackWire.AskAsync(
            server, "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Extensions: permessage-deflate\r\n", path);
        Assert.StartsWith("HTTP/1.1 101 ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Sec-WebSocket-Protocol", answer, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Sec-WebSocket-Extensions", answer, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Origin: http://elsewhere.example\r\n", 403)]
    [InlineData("Sec-Fetch-Site: cross-site\r\n", 403)]
    [InlineData("Origin: http://127.0.0.1\r\n", 101)]
    [InlineData("", 101)]
    public async Task Another_sites_page_is_refused(string headers, int status)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        Assert.StartsWith($"HTTP/1.1 {status} ", await FlackWire.AskAsync(server, headers), StringComparison.Ordinal);
    }

    /// <summary>
    /// The callbacks of a stop run in reverse order of registration. Previously, this one ran before the post office stopped, so
    /// connections were still admitted after it.
    /// </summary>
    [Fact]
    public async Task No_connection_is_admitted_after_the_stop()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        server.Services.GetRequiredService<FlackConnections>().StopAll();
        Assert.False(server.Office.IsStopping);
        Assert.StartsWith("HTTP/1.1 503 ", await FlackWire.AskAsync(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_host_is_refused_counting_web_users_and_connections_that_have_not_logged_in()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:MaxSessionsPerHost=3");
        CometClient web = await server.LoginAsync("web");
        await using FlackWire ann = await FlackWire.LogInAsync(server, "ann");
        await using FlackWire nobody = await FlackWire.OpenAsync(server);
        Assert.StartsWith("HTTP/1.1 429 ", await FlackWire.AskAsync(server), StringComparison.Ordinal);

        await web.LeaveAsync();
        await using FlackWire ben = await FlackWire.LogInAsync(server, "ben");
        Assert.StartsWith("HTTP/1.1 429 ", await FlackWire.AskAsync(server), StringComparison.Ordinal);

        // Once the end of a connection can be seen, its place is free.
        await ann.SayAsync("""{"record":"client_goodbye"}""");
        await ann.ExpectAsync("server_goodbye");
        Assert.Null(await ann.CloseAsync());
        await using FlackWire cid = await FlackWire.LogInAsync(server, "cid");
    }

    [Fact]
    public async Task A_place_is_free_again_when_the_connection_is_gone_without_a_login()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:MaxSessionsPerHost=1");
        for (int i = 0; i < 3; i++)
        {
            FlackWire wire = await FlackWire.GreetAsync(server);
            wire.Reset();
            await Eventually.BeTrueAsync(() => FlackServer.Connections(server) == 0);
        }
    }

    [Fact]
    public async Task A_host_that_has_become_full_is_refused_at_authenticate_with_1008()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:MaxSessionsPerHost=1");
        await using FlackWire late = await FlackWire.GreetAsync(server);
        await server.LoginAsync("web");
        await late.SendAsync(new { record = "authenticate", user_name = "late" });
        Assert.Equal(1008, await late.CloseAsync());
    }

    [Fact]
    public async Task A_banned_host_is_refused_and_its_connection_is_closed_with_1008()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.AdminPassword);
        CometClient admin = await server.LoginAdminAsync("root");
        await using FlackWire ann = await FlackWire.JoinAsync(server, "ann", "lobby");
        await admin.SendAsync("/admin ban ann out 60");
        Assert.Equal(1008, await ann.CloseAsync());
        Assert.StartsWith("HTTP/1.1 403 ", await FlackWire.AskAsync(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_banned_person_is_refused_at_authenticate_and_others_at_the_host_are_not()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.AdminPassword);
        CometClient admin = await server.LoginAdminAsync("root");
        await using FlackWire ann = await FlackWire.JoinAsync(server, "ann", "lobby");
        await admin.SendAsync("/admin ban ann out 60 person");
        Assert.Equal(1008, await ann.CloseAsync());
        await using FlackWire again = await FlackWire.GreetAsync(server);
        await again.SendAsync(new { record = "authenticate", user_name = "Ann" });
        Assert.Equal(1008, await again.CloseAsync());
        await using FlackWire other = await FlackWire.JoinAsync(server, "bea", "lobby");
    }

    [Fact]
    public async Task Over_the_connection_limit_an_upgrade_is_refused_with_503()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Flack:MaxConnections=1");
        await using FlackWire one = await FlackWire.OpenAsync(server);
        Assert.StartsWith("HTTP/1.1 503 ", await FlackWire.AskAsync(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_out_of_range_are_all_reported_at_the_start()
    {
        ErlChat.Web.Flack.FlackOptions options = new() { IdleLimit = TimeSpan.Zero, MaxFrameBytes = 1, MaxQueuedRequests = 0 };
        var failures = new List<System.ComponentModel.DataAnnotations.ValidationResult>();
        Assert.False(
            System.ComponentModel.DataAnnotations.Validator.TryValidateObject(
                options, new(options), failures, validateAllProperties: true));
        Assert.Equal(3, failures.Count);
        await Assert.ThrowsAnyAsync<Exception>(() => ChatServerHost.StartAsync("Flack:SendLimit=00:00:00", "Flack:CloseLimit=1.00:00:00"));
    }
}
