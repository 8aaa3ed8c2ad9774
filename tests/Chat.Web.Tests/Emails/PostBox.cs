using System.Buffers;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace ErlChat.Web.Tests.Emails;

/// <summary>A mail server in this process, which keeps what it is given.</summary>
internal sealed class PostBox : IAsyncDisposable
{
    /// <summary>What the links in e-mails begin with. Requests come with another host.</summary>
    internal const string Site = "https://chat.example";

    private readonly Channel<MimeMessage> _received = Channel.CreateUnbounded<MimeMessage>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private int _timesPutOff;

    /// <param name="port">Where it listens.</param>
    /// <param name="password">The password that its user <c>chat</c> must give; null to let anybody send.</param>
    /// <param name="certificate">With one, it offers STARTTLS.</param>
    internal PostBox(int? port = null, string? password = null, X509Certificate2? certificate = null)
    {
        Port = port ?? Testing.LoopbackPort.Free();
        ISmtpServerOptions options = new SmtpServerOptionsBuilder()
            .ServerName("localhost")
            .Endpoint(endpoint =>
            {
                endpoint.Endpoint(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, Port)).AllowUnsecureAuthentication();
                endpoint.AuthenticationRequired(password is not null);
                if (certificate is not null)
                    endpoint.Certificate(certificate);
            })
            .Build();
        var services = new SmtpServer.ComponentModel.ServiceProvider();
        services.Add(new Store(this));
        services.Add(new DelegatingMailboxFilter((IMailbox to, IMailbox from) => Accepts(to.User)));
        services.Add((IUserAuthenticator)new DelegatingUserAuthenticator((user, given) => user == "chat" && given == password));
        _running = new SmtpServer.SmtpServer(options, services).StartAsync(_stop.Token);
    }

    internal int Port { get; }

    /// <summary>The user whose mail it refuses.</summary>
    internal string? Refused { get; set; }

    /// <summary>The user whose mail it puts off.</summary>
    internal string? PutOff { get; set; }

    /// <summary>How often it has done so.</summary>
    internal int TimesPutOff => Volatile.Read(ref _timesPutOff);

    /// <summary>How many e-mails it has that nobody has taken.</summary>
    internal int Count => _received.Reader.Count;

    /// <summary>The options for a chat that uses it.</summary>
    internal string[] Options => OptionsFor(Port);

    internal static string[] OptionsFor(int port) =>
    [
        "Smtp:Host=127.0.0.1", $"Smtp:Port={port}", "Smtp:Security=None", "Smtp:From=chat@chat.example",
        "Smtp:RetryAfter=00:00:00.100", "Smtp:Tries=10", $"Chat:PublicUrl={Site},http://127.0.0.1", "Chat:PasswordTriesPerGuesser=100",
    ];

    /// <summary>The next e-mail, once it is there.</summary>
    internal async Task<MimeMessage> TakeAsync() => await Testing.Deadlines.WithinAsync(_received.Reader.ReadAsync().AsTask());

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await Testing.Deadlines.WithinAsync(_running);
        }
        catch (OperationCanceledException)
        {
            // It was stopped.
        }

        _stop.Dispose();
    }

    private bool Accepts(string user)
    {
        if (user != PutOff)
            return user != Refused;
        Interlocked.Increment(ref _timesPutOff);
        throw new SmtpResponseException(new SmtpResponse((SmtpReplyCode)450, "later"));
    }

    private sealed class Store(PostBox box) : MessageStore
    {
        public override async Task<SmtpResponse> SaveAsync(
            ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            using var stream = new MemoryStream(buffer.ToArray());
            MimeMessage message = await MimeMessage.LoadAsync(stream, cancellationToken);

            // The receivers are those of the envelope, not those that the message names.
            Assert.Equal(
                transaction.To.Select(static to => $"{to.User}@{to.Host}"), message.To.Mailboxes.Select(static to => to.Address));
            box._received.Writer.TryWrite(message);
            return SmtpResponse.Ok;
        }
    }
}
