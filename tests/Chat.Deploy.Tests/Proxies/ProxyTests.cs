namespace ErlChat.Deploy.Proxies;

/// <summary>The chat behind common proxies, each configured as <c>deploy/</c> shows.</summary>
public sealed class ProxyTests(Site site, ITestOutputHelper output)
{
    private static readonly string[] s_kinds = ["nginx", "caddy", "haproxy"];

    [Theory]
    [InlineData("nginx", false, false)]
    [InlineData("nginx", true, false)]
    [InlineData("nginx", true, true)]
    [InlineData("caddy", false, false)]
    [InlineData("caddy", true, false)]
    [InlineData("caddy", true, true)]
    [InlineData("haproxy", false, false)]
    [InlineData("haproxy", true, false)]
    [InlineData("haproxy", true, true)]
    public async Task People_talk_through_the_proxy(string kind, bool below, bool strips)
    {
        string path = below ? "/talk" : "";

        // Each address may have one session, so a second client can log in only if the server tells the addresses apart.
        string[] options = below ? ["--Chat:MaxSessionsPerHost=1", "--Chat:PathBase=" + path] : ["--Chat:MaxSessionsPerHost=1"];
        (Running server, int port) = await StartServerAsync(options);
        await using Running running = server;
        await using Proxy proxy = await Proxy.StartAsync(kind, Path.Combine(site.Folder, Path.GetRandomFileName()), port, below, strips);
        string address = $"https://{Proxy.Host}:{proxy.Port}{path}";
        using var alice = new Visitor(address, proxy.Port, HttpVersion.Version20, "127.0.0.2");
        using var bob = new Visitor(address, proxy.Port, HttpVersion.Version11, "127.0.0.3");

        using (HttpResponseMessage page = await alice.GetAsync("/"))
        {
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            Assert.Equal(HttpVersion.Version20, page.Version);
            Assert.Contains($"action=\"{path}/login/\"", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using (HttpResponseMessage login = await alice.LoginAsync("first"))
        {
            Assert.Equal(HttpStatusCode.Redirect, login.StatusCode);
            Assert.Equal($"{path}/chat/", login.Headers.Location!.OriginalString);
            Assert.NotNull(alice.Cookies.GetAllCookies()["__Host-chat_sess"]);
            using HttpResponseMessage chat = await alice.GetAsync("/chat/");
            Assert.Equal(HttpStatusCode.OK, chat.StatusCode);
        }

        // A second session from her address is refused, but one from another address is not.
        using (HttpResponseMessage second = await alice.LoginAsync("second"))
            Assert.Contains("too many connections", await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await bob.EnterAsync("bob");

        // A message arrives at once: the proxy does not buffer it.
        using var carol = new Visitor(address, proxy.Port, HttpVersion.Version20, "127.0.0.4");
        await carol.EnterAsync("carol");
        Task<(HttpStatusCode Status, string Body)> poll = carol.PollAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        Assert.False(poll.IsCompleted);
        long said = TimeProvider.System.GetTimestamp();
        await bob.SayAsync("hello carol");
        (HttpStatusCode status, string body) = await poll.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
        output.WriteLine($"heard after {TimeProvider.System.GetElapsedTime(said).TotalMilliseconds:F0} ms");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("hello carol", body, StringComparison.Ordinal);

        using var flack = new Visitor(address, proxy.Port, HttpVersion.Version11, "127.0.0.5");
        Assert.Contains("server_hello", await flack.GreetAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("UntrustedProxy", server.Said, StringComparison.Ordinal);
        Assert.Equal(0, await server.StopAsync());
    }

    /// <summary>With the default poll time of earlier versions, 50 ± 5 s, Debian's haproxy ended 22 of 30 polls with a 504.</summary>
    [Fact]
    public async Task A_poll_without_items_ends_with_the_servers_answer()
    {
        (Running server, int port) = await StartServerAsync();
        await using Running running = server;
        string[] bodies = await Task.WhenAll(s_kinds.Select(async kind =>
        {
            await using Proxy proxy = await Proxy.StartAsync(
                kind, Path.Combine(site.Folder, Path.GetRandomFileName()), port, below: false, strips: false);
            Visitor[] people = [.. Enumerable.Range(0, 4)
                .Select(_ => new Visitor($"https://{Proxy.Host}:{proxy.Port}", proxy.Port, HttpVersion.Version20))];
            for (int i = 0; i < people.Length; i++)
                await people[i].EnterAsync($"{kind}{i}");

            // Waits until all joins have been delivered, because they would end the polls.
            await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System);
            var ends = new List<string>();
            foreach (Task<string> end in people.Select(async person =>
            {
                while (true)
                {
                    (HttpStatusCode status, string body) = await person.PollAsync();
                    if (status != HttpStatusCode.OK || !person.HasHeard(body))
                        return $"{kind}: {(int)status} {body}";
                }
            }).ToArray())
            {
                ends.Add(await end);
            }

            foreach (Visitor person in people)
                person.Dispose();
            return string.Join('\n', ends);
        }));
        foreach (string end in bodies.SelectMany(all => all.Split('\n')))
        {
            output.WriteLine(end);
            Assert.Contains("200 {\"status\":\"ok\",\"response\":\"reconnect\"}", end, StringComparison.Ordinal);
        }
    }

    private async Task<(Running Server, int Port)> StartServerAsync(params string[] options)
    {
        int port = Ports.Free();
        string program = Path.Combine(await site.PublishedAsync(), "Chat.Web");
        string[] common =
        [
            "--urls", $"http://127.0.0.1:{port}", "--Peer:Port=0", "--Log:Kind=Memory", "--Chat:TrustedProxies=127.0.0.1",
            $"--Chat:PublicUrl=https://{Proxy.Host}",
        ];
        Running server = Running.Start([program, .. common, .. options]);
        using var visitor = new Visitor($"http://127.0.0.1:{port}", port);
        await server.UntilAsync(() => ServerChecks.IsReadyAsync(visitor), "the server is ready");
        return (server, port);
    }
}
