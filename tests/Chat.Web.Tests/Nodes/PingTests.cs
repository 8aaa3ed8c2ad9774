using System.Globalization;
using ErlChat.Nodes;
using ErlChat.Web.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Tests.Nodes;

/// <summary>Nodes that ask each other for a sign of life, each a real server with its own log.</summary>
public class PingTests
{
    private const string Cookie = "chocolate-chip-cookie";

    [Fact]
    public async Task A_node_with_the_same_cookie_answers_pong()
    {
        await using ChatServerHost other = await StartAsync("n2", Cookie);
        await using ChatServerHost one = await StartAsync("n1", Cookie, View("n2", other.Address.ToString().TrimEnd('/')));
        CometClient alice = await one.LoginAsync("alice");
        Assert.Equal("""{"status":"ok","response":"pong"}""", (await alice.GetAsync("/nodes/n2/ping")).Body);
        Assert.Equal("""{"status":"ok","response":"pong"}""", (await alice.GetAsync("/nodes/n1/ping/")).Body);
        Assert.Equal("n2: pong", await alice.AskAsync("/ping n2"));
    }

    [Fact]
    public async Task A_node_with_another_cookie_another_name_or_no_answer_is_pang()
    {
        await using ChatServerHost other = await StartAsync("n2", "vanilla-cream-cookie");
        await using ChatServerHost third = await StartAsync("n3", Cookie);
        await using ChatServerHost one = await StartAsync(
            "n1",
            Cookie,
            View("n2", other.Address.ToString().TrimEnd('/')),
            View("renamed", third.Address.ToString().TrimEnd('/')),
            View("closed", "http://127.0.0.1:1"),
            View("none", ""),
            View("broken", "http://"));
        CometClient alice = await one.LoginAsync("alice");
        foreach (string node in (string[])["n2", "renamed", "closed", "none", "broken", "unknown", "127.0.0.1:80", "..", "%2e%2e%2fadmin"])
            Assert.NotEqual("pong", Word(await alice.GetAsync($"/nodes/{node}/ping")));
        Assert.Equal("n2: pang", await alice.AskAsync("/ping n2"));
        Assert.Equal("Invalid command or format.", await alice.AskAsync("/ping http://127.0.0.1:1/"));
        Assert.Equal("Invalid command or format.", await alice.AskAsync("/ping"));
    }

    // A frozen node accepts connections, because its system does so for it.
    [Fact]
    public async Task A_node_that_says_nothing_is_pang_after_two_seconds_and_everyone_shares_the_question()
    {
        using var silent = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        string address = $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)}";
        await using ChatServerHost one = await StartAsync("n1", Cookie, View("n2", address));
        INodePing ping = one.Services.GetRequiredService<INodePing>();
        long begun = TimeProvider.System.GetTimestamp();
        Task<bool>[] questions = [.. Enumerable.Range(0, 50).Select(_ => ping.PingAsync("n2"))];
        _ = Assert.Single(questions.Distinct());
        Assert.False(await questions[0].WithinAsync());
        Assert.InRange(TimeProvider.System.GetElapsedTime(begun).TotalSeconds, 1.9, 4);
        silent.Stop();
        Assert.False(await ping.PingAsync("n2").WithinAsync());
    }

    [Fact]
    public async Task Only_a_question_proved_with_the_cookie_is_answered()
    {
        await using ChatServerHost one = await ChatServerHost.StartAsync(new ManualTimeProvider(), Shared("n1", Cookie), "Node:Name=n1");
        var proof = new PingProof(Cookie);
        long now = one.Clock.GetUtcNow().ToUnixTimeSeconds();
        CometClient nobody = one.Stranger();
        CometAnswer answer = await AskAsync("n1", "abc", now, proof.OfQuestion("n1", "abc", now));
        Assert.Equal((HttpStatusCode.OK, proof.OfAnswer("n1", "abc", now)), (answer.Status, answer.Body));
        (string Node, string Nonce, long Time, string Proof)[] refused =
        [
            ("n1", "abc", now, new PingProof(Cookie + "s").OfQuestion("n1", "abc", now)),
            ("n1", "abc", now, proof.OfAnswer("n1", "abc", now)),
            ("n1", "abd", now, proof.OfQuestion("n1", "abc", now)),
            ("n1", "abc", now + 1, proof.OfQuestion("n1", "abc", now)),
            ("n1", "abc", now - 301, proof.OfQuestion("n1", "abc", now - 301)),
            ("n1", "abc", now + 301, proof.OfQuestion("n1", "abc", now + 301)),
            ("n1", "abc", long.MaxValue, proof.OfQuestion("n1", "abc", long.MaxValue)),
            ("n2", "abc", now, proof.OfQuestion("n2", "abc", now)),
            ("n1", "abc", now, ""),
        ];
        foreach ((string node, string nonce, long time, string sign) in refused)
        {
            CometAnswer refusal = await AskAsync(node, nonce, time, sign);
            Assert.Equal((HttpStatusCode.Forbidden, ""), (refusal.Status, refusal.Body));
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await nobody.GetAsync("/nodes/n1/proof")).Status);

        Task<CometAnswer> AskAsync(string node, string nonce, long time, string sign) => nobody.GetAsync(
            string.Create(CultureInfo.InvariantCulture, $"/nodes/{node}/proof?nonce={nonce}&time={time}&proof={sign}"));
    }

    // The nodes use addresses that users do not know.
    [Fact]
    public async Task A_ping_is_answered_under_any_host_name()
    {
        await using ChatServerHost other = await StartAsync("n2", Cookie, options: "Chat:PublicUrl=https://chat.example");
        await using ChatServerHost one = await StartAsync("n1", Cookie, View("n2", other.Address.ToString().TrimEnd('/')));
        Assert.Equal(HttpStatusCode.BadRequest, (await other.Stranger().GetAsync("/nodes")).Status);
        Assert.Equal("pong", Word(await one.Stranger().GetAsync("/nodes/n2/ping")));
    }

    [Fact]
    public async Task The_list_has_the_living_nodes_and_the_operator_also_sees_the_dead()
    {
        await using ChatServerHost one = await StartAsync(
            "n1",
            Cookie,
            [View("n2", "http://10.0.0.2:8000"), View("n3", "http://10.0.0.3:8000") with { IsAlive = false }],
            ChatServerHost.AdminPassword);
        CometClient admin = await one.LoginAdminAsync("boss");
        CometAnswer list = await admin.GetAsync("/nodes");
        Assert.Equal(["n1", "n2"], list.Response.EnumerateArray().Select(node => node.GetProperty("name").GetString()));
        Assert.Matches(
            """{"name":"n2","version":"0\.2\.0","uptime":\d+(\.\d)?,"sessions":7,"parked":5,"alive":true,"lag":1\.5}\]""",
            list.Body);
        Assert.DoesNotContain("10.0.0.", list.Body, StringComparison.Ordinal);
        CometAnswer view = await admin.GetAsync("/admin/server/");
        Assert.Contains(
            "\"parked\":5,\"alive\":false,\"lag\":1.5,\"applied\":42,\"address\":\"http://10.0.0.3:8000\"}",
            view.Body,
            StringComparison.Ordinal);
        Assert.Equal("Nodes: n1 (version 0.1.0, lag 0.0 s), n2 (version 0.2.0, lag 1.5 s)", await admin.AskAsync("/nodes"));
        Assert.Contains("(/nodes) (/ping node)", await admin.AskAsync("/help"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_single_node_with_a_name_answers_for_itself()
    {
        await using ChatServerHost one = await ChatServerHost.StartAsync("Node:Name=n1");
        CometClient alice = await one.LoginAsync("alice");
        CometAnswer list = await alice.GetAsync("/nodes");
        Assert.Equal("n1", Assert.Single(list.Response.EnumerateArray()).GetProperty("name").GetString());
        Assert.EndsWith(",\"alive\":true,\"lag\":0}]}", list.Body, StringComparison.Ordinal);
        Assert.Equal("pong", Word(await alice.GetAsync("/nodes/n1/ping")));
        Assert.Equal("pang", Word(await alice.GetAsync("/nodes/n2/ping")));
        Assert.Equal(HttpStatusCode.Forbidden, (await alice.GetAsync("/nodes/n1/proof?nonce=a&time=1&proof=b")).Status);
        Assert.Equal("n1: pong", await alice.AskAsync("/ping n1"));
        Assert.Equal("Nodes: n1 (version 0.1.0, lag 0.0 s)", await alice.AskAsync("/nodes"));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8000", "http://127.0.0.1:8000")]
    [InlineData("https://chat.example:8443", "https://chat.example:8443")]
    [InlineData("http://[::1]:80", "http://[::1]")]
    [InlineData("http://0.0.0.0:8000", "http://MACHINE:8000")]
    [InlineData("http://[::]:8000", "http://MACHINE:8000")]
    [InlineData("http://unix:/run/chat.sock", null)]
    [InlineData("nonsense", null)]
    public void The_address_for_the_other_nodes_follows_from_where_the_server_listens(string listening, string? expected) =>
        Assert.Equal(expected?.Replace("MACHINE", Environment.MachineName, StringComparison.Ordinal), NodeAddress.Of(listening));

    private static string? Word(CometAnswer answer) => answer.IsOk ? answer.Response.GetString() : null;

    private static NodeView View(string name, string address) =>
        new(name, "0.2.0", address, 42, TimeSpan.FromSeconds(1.5), true, TimeProvider.System.GetUtcNow().AddMinutes(-1))
        {
            Sessions = 7,
            Parked = 5,
        };

    private static Task<ChatServerHost> StartAsync(string name, string cookie, params NodeView[] others) =>
        StartAsync(name, cookie, others, []);

    private static Task<ChatServerHost> StartAsync(string name, string cookie, string options) => StartAsync(name, cookie, [], options);

    private static Task<ChatServerHost> StartAsync(string name, string cookie, NodeView[] others, params string[] options) =>
        ChatServerHost.StartAsync(null, Shared(name, cookie, others), [.. options, $"Node:Name={name}"]);

    /// <summary>Makes a server with its own log one of several nodes: it has a cookie and knows others.</summary>
    private static Action<WebApplicationBuilder> Shared(string name, string cookie, params NodeView[] others) => builder =>
    {
        builder.Services.AddSingleton<INodes>(new ListedNodes(name, others));

        // After the validation, which refuses a cookie without a shared log.
        builder.Services.AddSingleton<IOptions<NodeOptions>>(Options.Create(new NodeOptions { Name = name, Cookie = cookie }));
    };

    private sealed class ListedNodes(string name, NodeView[] others) : INodes
    {
        public string? Self => name;

        public IReadOnlyList<NodeView> All { get; } =
            [new NodeView(name, "0.1.0", "", 0, TimeSpan.Zero, true, TimeProvider.System.GetUtcNow()), .. others];

        public bool IsDead(string node) => false;

        public bool Leads(ElectedWork work) => true;
    }
}
