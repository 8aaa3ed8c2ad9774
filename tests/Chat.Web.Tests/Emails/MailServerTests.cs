using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;

namespace ErlChat.Web.Tests.Emails;

/// <summary>Mail servers that are away, refuse, or are not those that they should be.</summary>
public sealed class MailServerTests
{
    [Fact]
    public async Task A_mail_server_that_is_away_is_one_line_in_the_log_and_gets_the_e_mail_when_it_is_back()
    {
        int port = LoopbackPort.Free();
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            [.. PostBox.OptionsFor(port), "Smtp:RetryAfter=00:00:00.500", "Smtp:Tries=10"]);
        CometClient bob = await server.MemberAsync("bob");
        Assert.True((await bob.StoreEmailAsync("bob@mail.example")).IsOk);
        await Eventually.BeTrueAsync(() => server.Logs.Of("EmailsFail").Count == 1);
        Assert.Contains("handed over to 127.0.0.1", server.Logs.Of("EmailsFail")[0].Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await server.Stranger().GetAsync("/")).Status);
        Assert.NotNull((await server.LoginAsync("amy")).Token);
        await using var box = new PostBox(port);
        Assert.Equal("bob@mail.example", (await box.TakeAsync()).To.Mailboxes.Single().Address);
        await Eventually.BeTrueAsync(() => server.Logs.Of("EmailsWork").Count == 1, TimeSpan.FromSeconds(20));
        Assert.Single(server.Logs.Of("EmailsFail"));
        server.HasNoAddressInItsLog();
    }

    [Fact]
    public async Task What_becomes_of_e_mails_is_counted()
    {
        await using var box = new PostBox { Refused = "nobody" };
        await using ChatServerHost server = await ChatServerHost.StartAsync(box.Options);
        IMeterFactory factory = server.Services.GetRequiredService<IMeterFactory>();
        var outcomes = new ConcurrentQueue<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, all) =>
        {
            if (instrument.Name == "erlchat.emails" && ReferenceEquals(instrument.Meter.Scope, factory))
                all.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => outcomes.Enqueue((string)tags[0].Value!));
        listener.Start();
        CometClient bob = await server.MemberAsync("bob");
        Assert.True((await bob.StoreEmailAsync("nobody@mail.example")).IsOk);
        Assert.True((await bob.StoreEmailAsync("bob@mail.example")).IsOk);
        await box.TakeAsync();
        await Eventually.BeTrueAsync(() => outcomes.Count == 2);
        Assert.Equal(["failed", "sent"], outcomes);
    }

    [Fact]
    public async Task An_e_mail_is_given_up_after_some_tries_and_the_next_is_sent()
    {
        int port = LoopbackPort.Free();
        using var broken = new TcpListener(IPAddress.Loopback, port);
        broken.Start();
        await using ChatServerHost server = await ChatServerHost.StartAsync([.. PostBox.OptionsFor(port), "Smtp:Tries=2"]);
        CometClient bob = await server.MemberAsync("bob");
        Assert.True((await bob.StoreEmailAsync("lost@mail.example")).IsOk);
        for (int i = 0; i < 2; i++)
            (await broken.AcceptTcpClientAsync().WithinAsync()).Dispose();
        broken.Stop();
        await using var box = new PostBox(port);
        Assert.True((await bob.StoreEmailAsync("bob@mail.example")).IsOk);
        Assert.Equal("bob@mail.example", (await box.TakeAsync()).To.Mailboxes.Single().Address);
        Assert.Equal(0, box.Count);
    }

    [Fact]
    public async Task A_receiver_whom_the_mail_server_refuses_holds_up_nobody_and_is_not_named_in_the_log()
    {
        await using var box = new PostBox { Refused = "nobody" };
        await using ChatServerHost server = await ChatServerHost.StartAsync([.. box.Options, "Smtp:RetryAfter=00:05:00"]);
        CometClient bob = await server.MemberAsync("bob");
        Assert.True((await bob.StoreEmailAsync("nobody@mail.example")).IsOk);
        Assert.True((await bob.StoreEmailAsync("bob@mail.example")).IsOk);
        Assert.Equal("bob@mail.example", (await box.TakeAsync()).To.Mailboxes.Single().Address);
        Assert.Contains("refused the e-mail with 5", Assert.Single(server.Logs.Of("EmailRefused")).Text, StringComparison.Ordinal);
        server.HasNoAddressInItsLog();
    }

    /// <summary>A full mailbox, or a mail server that wants to see a new sender try again, is nobody else's trouble.</summary>
    [Fact]
    public async Task A_receiver_whom_the_mail_server_puts_off_holds_up_nobody_and_is_tried_again()
    {
        await using var box = new PostBox { PutOff = "full" };
        await using ChatServerHost server = await ChatServerHost.StartAsync([.. box.Options, "Smtp:RetryAfter=00:00:02"]);
        CometClient bob = await server.MemberAsync("bob");
        Assert.True((await bob.StoreEmailAsync("full@mail.example")).IsOk);
        Assert.True((await bob.StoreEmailAsync("bob@mail.example")).IsOk);
        Assert.Equal("bob@mail.example", (await box.TakeAsync()).To.Mailboxes.Single().Address);
        box.PutOff = null;
        Assert.Equal("full@mail.example", (await box.TakeAsync()).To.Mailboxes.Single().Address);
        Assert.Empty(server.Logs.Of("EmailRefused"));
        Assert.Empty(server.Logs.Of("EmailsFail"));
    }

    [Fact]
    public async Task A_receiver_who_is_put_off_too_often_is_given_up_and_that_is_no_outage()
    {
        await using var box = new PostBox { PutOff = "full" };
        await using ChatServerHost server = await ChatServerHost.StartAsync([.. box.Options, "Smtp:Tries=3"]);
        CometClient bob = await server.MemberAsync("bob");
        Assert.True((await bob.StoreEmailAsync("full@mail.example")).IsOk);
        await Eventually.BeTrueAsync(() => server.Logs.Of("EmailRefused").Count == 1, TimeSpan.FromSeconds(20));
        Assert.Contains("refused the e-mail with 450", server.Logs.Of("EmailRefused")[0].Text, StringComparison.Ordinal);
        Assert.Equal(3, box.TimesPutOff);
        Assert.Empty(server.Logs.Of("EmailsFail"));
        server.HasNoAddressInItsLog();
    }

    [Fact]
    public async Task The_chat_greets_the_mail_server_with_the_domain_of_its_sender()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            PostBox.OptionsFor(((IPEndPoint)listener.LocalEndpoint).Port));
        CometClient bob = await server.MemberAsync("bob");
        Assert.True((await bob.StoreEmailAsync("bob@mail.example")).IsOk);
        using TcpClient connection = await listener.AcceptTcpClientAsync().WithinAsync();
        NetworkStream stream = connection.GetStream();
        await stream.WriteAsync("220 mail.example\r\n"u8.ToArray());
        using var reader = new StreamReader(stream);
        Assert.Equal("EHLO chat.example", await reader.ReadLineAsync().WithinAsync());
    }

    [Fact]
    public async Task The_chat_logs_in_to_the_mail_server()
    {
        await using var box = new PostBox(password: "s3cret");
        await using ChatServerHost server = await ChatServerHost.StartAsync([.. box.Options, "Smtp:User=chat", "Smtp:Password=s3cret"]);
        await server.MemberAsync("bob", box);

        await using ChatServerHost stranger = await ChatServerHost.StartAsync([.. box.Options, "Smtp:User=chat", "Smtp:Password=wr0ng"]);
        CometClient eve = await stranger.MemberAsync("eve");
        Assert.True((await eve.StoreEmailAsync("eve@mail.example")).IsOk);
        await Eventually.BeTrueAsync(() => stranger.Logs.Of("EmailsFail").Count == 1);
        Assert.Contains("Smtp:User", stranger.Logs.Of("EmailsFail")[0].Text, StringComparison.Ordinal);
        string log = string.Join('\n', stranger.Logs.Lines.Select(line => $"{line.Text} {line.Exception}"));
        Assert.DoesNotContain("wr0ng", log, StringComparison.Ordinal);
        Assert.Equal(0, box.Count);
    }

    /// <summary>Otherwise, whoever is between the two servers could read the links by leaving the offer out.</summary>
    [Fact]
    public async Task Without_the_encryption_that_it_should_have_a_mail_server_gets_nothing()
    {
        await using var plain = new PostBox();
        await FailsAsync(plain, "StartTls", "does not offer what Smtp:Security");
        await FailsAsync(plain, "Tls", "encryption failed");
    }

    [Fact]
    public async Task A_mail_server_with_a_certificate_of_nobody_gets_nothing()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await using var box = new PostBox(certificate: certificate);
        await FailsAsync(box, "StartTls", "certificate is not trusted");
    }

    private static async Task FailsAsync(PostBox box, string security, string problem)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            [.. box.Options, $"Smtp:Security={security}", "Smtp:Tries=1", "Smtp:Timeout=00:00:05"]);
        CometClient bob = await server.MemberAsync("bob");
        Assert.True((await bob.StoreEmailAsync("bob@mail.example")).IsOk);
        await Eventually.BeTrueAsync(() => server.Logs.Of("EmailsFail").Count == 1, TimeSpan.FromSeconds(20));
        Assert.Contains(problem, server.Logs.Of("EmailsFail")[0].Text, StringComparison.Ordinal);
        Assert.Equal(0, box.Count);
    }
}
