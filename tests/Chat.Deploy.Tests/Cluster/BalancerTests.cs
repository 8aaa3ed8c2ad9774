namespace ErlChat.Deploy.Cluster;

/// <summary>What the balancers of <c>deploy/cluster</c> do when nodes fail: they repeat what is safe to repeat, and nothing else.</summary>
public sealed class BalancerTests(Site site)
{
    private const int Many = 9;

    [Theory]
    [InlineData("nginx")]
    [InlineData("haproxy")]
    public async Task Requests_go_to_all_nodes_in_turn(string kind)
    {
        await using StubNode one = new(), two = new(), three = new();
        (Running balancer, Visitor visitor) = await StartAsync(kind, one.Port, two.Port, three.Port);
        await using Running running = balancer;
        using Visitor alice = visitor;
        for (int i = 0; i < Many; i++)
            Assert.Equal(HttpStatusCode.OK, (await alice.PollAsync()).Status);
        Assert.All([one, two, three], node => Assert.Equal(Many / 3, node.Asked.Length));
    }

    [Theory]
    [InlineData("nginx")]
    [InlineData("haproxy")]
    public async Task Nobody_notices_a_node_that_is_gone(string kind)
    {
        await using StubNode one = new(), two = new();
        (Running balancer, Visitor visitor) = await StartAsync(kind, one.Port, Ports.Free(), two.Port);
        await using Running running = balancer;
        using Visitor alice = visitor;
        for (int i = 0; i < Many; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await alice.PollAsync()).Status);
            using HttpResponseMessage answer = await alice.LoginAsync("alice");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal(2 * Many, one.Asked.Length + two.Asked.Length);
    }

    /// <summary>A message that was sent and not answered may have been said. Only the client's key makes repeating it safe.</summary>
    [Theory]
    [InlineData("nginx")]
    [InlineData("haproxy")]
    public async Task A_poll_whose_answer_is_lost_is_repeated_and_a_message_is_not(string kind)
    {
        await using StubNode one = new(), two = new(), broken = new() { IsBroken = true };
        (Running balancer, Visitor visitor) = await StartAsync(kind, one.Port, two.Port, broken.Port);
        await using Running running = balancer;
        using Visitor alice = visitor;
        for (int i = 0; i < Many; i++)
            Assert.Equal(HttpStatusCode.OK, (await alice.PollAsync()).Status);
        Assert.NotEmpty(broken.Asked);

        // nginx leaves the node alone for 5 s.
        await Task.Delay(TimeSpan.FromSeconds(6), TimeProvider.System);
        var statuses = new List<HttpStatusCode>();
        for (int i = 0; i < Many; i++)
        {
            // With a second request on the same connection, haproxy would ask the client to repeat it.
            using var bob = new Visitor(alice.Site, alice.Port);
            using HttpResponseMessage answer = await bob.LoginAsync("bob");
            statuses.Add(answer.StatusCode);
        }

        Assert.Equal(Many, Posts(one) + Posts(two) + Posts(broken));
        Assert.Contains(HttpStatusCode.BadGateway, statuses);
        Assert.Equal(Posts(broken), statuses.Count(status => status != HttpStatusCode.OK));
    }

    [Fact]
    public async Task Haproxy_uses_the_nodes_that_are_ready_and_if_none_is_those_that_live()
    {
        await using StubNode one = new() { IsUnready = true }, two = new(), three = new();
        (Running balancer, Visitor visitor) = await StartAsync("haproxy", one.Port, two.Port, three.Port);
        await using Running running = balancer;
        using Visitor alice = visitor;
        await balancer.UntilAsync(
            async () =>
            {
                int before = one.Asked.Length;
                for (int i = 0; i < Many; i++)
                    Assert.Equal(HttpStatusCode.OK, (await alice.PollAsync()).Status);
                return one.Asked.Length == before;
            },
            "the node that is not ready gets no requests");
        two.IsUnready = three.IsUnready = true;
        await balancer.UntilAsync(
            async () =>
            {
                int before = one.Asked.Length;
                for (int i = 0; i < Many; i++)
                    Assert.Equal(HttpStatusCode.OK, (await alice.PollAsync()).Status);
                return one.Asked.Length > before;
            },
            "all nodes get requests again");
    }

    private static int Posts(StubNode node) => node.Asked.Count(asked => asked.StartsWith("POST", StringComparison.Ordinal));

    private Task<(Running Process, Visitor Visitor)> StartAsync(string kind, params int[] nodes) =>
        Balancer.StartAsync(kind, Path.Combine(site.Folder, Path.GetRandomFileName()), nodes);
}
