using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.Submissions;
using ErlChat.Web.Answers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace ErlChat.Web.Tests.Answers;

/// <summary>Answers that nobody takes: how much of them there may be, and for how long. S6, S8.</summary>
public class UnreadTests
{
    /// <summary>Far more than a connection's buffers and the kernel hold.</summary>
    private const int Long = 2 * 1024 * 1024;

    private static readonly string[] s_options =
    [
        .. ChatServerHost.NoLimits, $"Chat:MaxAnswerBytes={Long}", "Chat:MaxMailboxBytes=67108864", "Chat:MaxMailboxItems=100000", "Chat:HistoryBytesPerRoom=67108864", "Chat:MaxMessageLength=20000",
    ];

    // A megabyte that nobody read stood for 130 s on the lane, and behind it as long as 240 bytes of it were taken each second.
    [Theory]
    [InlineData("poll", true)]
    [InlineData("poll", false)]
    [InlineData("history", true)]
    [InlineData("history", false)]
    public async Task A_client_that_takes_nothing_is_cut_off_in_seconds(string what, bool lane)
    {
        await using ChatServerHost server = await StartAsync([.. s_options, "Chat:SendTimeout=00:00:01", $"Chat:FastLane={lane}"]);
        CometClient alice = await server.LoginAsync("alice");
        await TalkAsync(server, alice);
        using Greedy greedy = await Greedy.ConnectAsync(server.Port);
        await greedy.AskAsync(PathOf(what, alice), alice.Token);
        await AssertCutAsync(greedy);
    }

    [Fact]
    public async Task Over_TLS_too()
    {
        using X509Certificate2 certificate = NewCertificate();
        await using ChatServerHost server = await StartSecureAsync(certificate, HttpProtocols.Http1);
        CometClient alice = await LoginSecurelyAsync(server, HttpVersion.Version11);
        await TalkAsync(server, alice);
        using Greedy greedy = await Greedy.ConnectAsync(server.Port, tls: true);
        await greedy.AskAsync("/chat/history/?limit=200", alice.Token);
        await AssertCutAsync(greedy);
    }

    // The connection's other requests are none of its business: only that answer ends.
    [Fact]
    public async Task Over_HTTP_2_too_where_the_answer_ends_and_the_connection_goes_on()
    {
        using X509Certificate2 certificate = NewCertificate();
        await using ChatServerHost server = await StartSecureAsync(certificate, HttpProtocols.Http1AndHttp2);
        CometClient alice = await LoginSecurelyAsync(server, HttpVersion.Version20);
        await TalkAsync(server, alice);
        using HttpClient http = NewSecureHttp(server, HttpVersion.Version20);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/chat/history/?limit=200") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.TryAddWithoutValidation("Cookie", $"chat_sess={alice.Token}");
        using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WithinAsync();
        Assert.True(response.Content.Headers.ContentLength > 1024 * 1024);
        await Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System);
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsByteArrayAsync().WithinAsync());
        Assert.True((await alice.GetAsync("/chat/me/")).IsOk);
    }

    // 400 kbit/s and 0.4 s: five seconds for an answer, of which each piece has four.
    [Theory]
    [InlineData("poll")]
    [InlineData("history")]
    public async Task A_slow_client_that_takes_something_gets_all(string what)
    {
        await using ChatServerHost server = await StartAsync([.. s_options, "Chat:MaxAnswerBytes=262144", "Chat:SendTimeout=00:00:04"]);
        CometClient alice = await server.LoginAsync("alice");
        await TalkAsync(server, alice);
        using Greedy slow = await Greedy.ConnectAsync(server.Port);
        await slow.AskAsync(PathOf(what, alice), alice.Token);
        (_, long said, long came) = await slow.ReadAsync(20 * 1024, TimeSpan.FromSeconds(0.4));
        Assert.InRange(said, 200 * 1024, 256 * 1024);
        Assert.Equal(said, came);
    }

    // 5 000 connections of one session held a megabyte each.
    [Fact]
    public async Task On_the_lane_connections_over_the_sessions_bound_are_ended_and_others_are_not_touched()
    {
        await using ChatServerHost server = await StartAsync([.. s_options, $"Chat:MaxUnreadPerSession={Long}", "Chat:SendTimeout=00:01:00"]);
        CometClient alice = await server.LoginAsync("alice"), bob = await server.LoginAsync("bob");
        await TalkAsync(server, alice);
        List<Greedy> many = [];
        for (int i = 0; i < 8; i++)
        {
            many.Add(await Greedy.ConnectAsync(server.Port));
            await many[i].AskAsync(PathOf("poll", alice), alice.Token);
        }

        // The first is within the bound, and stays: it only has to begin to read.
        var unread = server.Services.GetRequiredService<UnreadAnswers>();
        await Eventually.BeTrueAsync(() => unread.Refused >= 7);
        Assert.True((await bob.WaitAsync($"?msg_id={bob.Cursor}")).IsOk);
        (string Head, long Said, long Came)[] read = await Task.WhenAll(many.Select(one => one.ReadAsync()));
        Assert.Single(read, one => one.Came == one.Said);
        many.ForEach(one => one.Dispose());
    }

    // 60 pages of history that nobody read took 2.6 GB.
    [Fact]
    public async Task Behind_the_lane_requests_over_the_bound_wait_and_then_are_told_to_come_back()
    {
        await using ChatServerHost server = await StartAsync([.. s_options, $"Chat:MaxUnreadPerSession={Long}", "Chat:SendTimeout=00:00:05"]);
        CometClient alice = await server.LoginAsync("alice"), bob = await server.LoginAsync("bob");
        await TalkAsync(server, alice);
        List<Greedy> many = [];
        for (int i = 0; i < 9; i++)
        {
            many.Add(await Greedy.ConnectAsync(server.Port));
            await many[i].AskAsync("/chat/history/?limit=200", alice.Token);
            if (i == 0)
                await Task.Delay(TimeSpan.FromSeconds(0.5), TimeProvider.System);
        }

        // One is given, four wait for it, and the others are too many to wait. None of this is another session's matter.
        var unread = server.Services.GetRequiredService<UnreadAnswers>();
        await Eventually.BeTrueAsync(() => unread.Refused >= 4);
        Assert.True((await bob.GetAsync("/chat/history/?limit=200")).IsOk);
        (string Head, long Said, long Came)[] read = await Task.WhenAll(many.Skip(1).Select(one => one.ReadAsync()));
        string[] refused = [.. read.Where(one => one.Head.StartsWith("HTTP/1.1 503", StringComparison.Ordinal)).Select(one => one.Head)];
        Assert.InRange(refused.Length, 4, 8);
        Assert.All(refused, head => Assert.Contains("Retry-After: 1", head, StringComparison.Ordinal));
        many.ForEach(one => one.Dispose());
        await Eventually.BeTrueAsync(() => alice.GetAsync("/chat/history/?limit=200").Result.IsOk);
    }

    [Theory]
    [InlineData("MaxUnreadPerAddress")]
    [InlineData("MaxUnreadTotal")]
    public async Task The_bound_is_of_all_sessions_of_an_address_and_of_all_together(string option)
    {
        await using ChatServerHost server = await StartAsync([.. s_options, $"Chat:{option}={Long}", "Chat:SendTimeout=00:01:00"]);
        CometClient alice = await server.LoginAsync("alice"), bob = await server.LoginAsync("bob");
        await TalkAsync(server, alice);
        using Greedy first = await Greedy.ConnectAsync(server.Port), second = await Greedy.ConnectAsync(server.Port);
        await first.AskAsync(PathOf("poll", alice), alice.Token);
        await Task.Delay(TimeSpan.FromSeconds(0.5), TimeProvider.System);
        await second.AskAsync(PathOf("poll", bob), bob.Token);
        var unread = server.Services.GetRequiredService<UnreadAnswers>();
        await Eventually.BeTrueAsync(() => unread.Refused == 1);
        (_, long said, long came) = await second.ReadAsync();
        Assert.True(came < said);
        (_, said, came) = await first.ReadAsync();
        Assert.Equal(said, came);
    }

    [Fact]
    public async Task A_bound_below_an_answers_length_is_an_error_at_the_start()
    {
        Exception failure = await Assert.ThrowsAnyAsync<Exception>(() => ChatServerHost.StartAsync("Chat:MaxUnreadPerSession=20000", "Chat:SendTimeout=0"));
        Assert.Contains("MaxUnreadPerSession", failure.Message, StringComparison.Ordinal);
        Assert.Contains("SendTimeout", failure.Message, StringComparison.Ordinal);
    }

    private static Task<ChatServerHost> StartAsync(params string[] options) => ChatServerHost.StartAsync(null, builder => SmallBuffers(builder), options);

    /// <summary>Over loopback the kernel takes up to 4 MB that nobody reads, and what it has the server is rid of.</summary>
    private static WebApplicationBuilder SmallBuffers(WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<SocketTransportOptions>().Configure(static sockets => sockets.CreateBoundListenSocket = static endpoint =>
        {
            System.Net.Sockets.Socket socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            socket.SendBufferSize = 64 * 1024;
            return socket;
        });
        return builder;
    }

    private static string PathOf(string what, CometClient who) =>
        what == "poll" ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/chat/wait/?msg_id={who.Cursor}") : "/chat/history/?limit=200";

    /// <summary>Much more than one answer may have.</summary>
    private static async Task TalkAsync(ChatServerHost server, CometClient who)
    {
        var key = SessionKey.Of(who.Token!);
        string text = new('ü', 7000);
        for (int i = 0; i < 150; i++)
            Assert.IsType<Accepted>(await server.Submissions.SubmitAsync(new Submission(key, text)));
    }

    private static async Task AssertCutAsync(Greedy greedy)
    {
        // A second, one more for Kestrel's heart to beat, and some for a busy machine.
        await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System);
        (_, long said, long came) = await greedy.ReadAsync().WithinAsync();
        Assert.True(said > 1024 * 1024, $"{said}");
        Assert.True(came < said, $"{came} of {said}");
    }

    private static Task<ChatServerHost> StartSecureAsync(X509Certificate2 certificate, HttpProtocols protocols) => ChatServerHost.StartAsync(
        null,
        builder => SmallBuffers(builder).WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate);
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = protocols);
        }),
        [.. s_options, "urls=https://127.0.0.1:0", "Chat:SendTimeout=00:00:01"]);

    private static async Task<CometClient> LoginSecurelyAsync(ChatServerHost server, Version version)
    {
        var alice = new CometClient(NewSecureHttp(server, version), "alice");
        await alice.LoginAsync();
        await alice.StartAsync();
        return alice;
    }

    private static HttpClient NewSecureHttp(ChatServerHost server, Version version) => new(new SocketsHttpHandler
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null },
    })
    {
        BaseAddress = server.Address,
        DefaultRequestVersion = version,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue.AddYears(-1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
