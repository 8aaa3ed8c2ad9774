using System.Net.Sockets;
using System.Text;
using ErlChat.Web.Site;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;
using MimeKit.Utils;

namespace ErlChat.Web.Emails;

/// <summary>Hands e-mails over to the operator's mail server, each over a connection of its own.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class MailServer(IOptions<SmtpOptions> options, TimeProvider time)
{
    private readonly SmtpOptions _options = options.Value;

    private MailboxAddress From => MailboxAddress.Parse(_options.From!);

    /// <summary>Hands an e-mail over, within <see cref="SmtpOptions.Timeout"/>.</summary>
    /// <returns>Null if the mail server has it; otherwise what went wrong.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled; the mail server may have the e-mail.</exception>
    internal async Task<EmailFailure?> SendAsync(OutgoingEmail email, CancellationToken cancellationToken)
    {
        using var slow = new CancellationTokenSource(_options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(slow.Token, cancellationToken);
        try
        {
            using MimeMessage message = Write(email);
            using var client = new SmtpClient
            {
                // As the framework's HTTP client does: mail servers in an office often have an authority that publishes no list.
                CheckCertificateRevocation = false,
                Timeout = (int)_options.Timeout.TotalMilliseconds,

                // Otherwise, the greeting has the address of this machine, which is nobody's business and gets into the e-mail.
                LocalDomain = From.Domain,
            };
            await client.ConnectAsync(_options.Host!, _options.Port, SocketOptions(_options.Security), either.Token);
            if (_options.User is { Length: > 0 } user)
                await client.AuthenticateAsync(Encoding.UTF8, user, _options.Password!, either.Token);
            await client.SendAsync(message, either.Token);

            // The mail server has the e-mail. Without a QUIT, disposing closes the connection.
            return null;
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            return new EmailFailure("It did not answer within Smtp:Timeout.", IsFinal: false);
        }
        catch (Exception e) when (Explain(e) is not null)
        {
            return Explain(e);
        }
    }

    private static SecureSocketOptions SocketOptions(SmtpSecurity security) => security switch
    {
        SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
        SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.None,
    };

    /// <summary>What a failure means. Answers of the mail server are not repeated, because many of them name the receiver.</summary>
    private static EmailFailure? Explain(Exception failure) => failure switch
    {
        SmtpCommandException refused => new EmailFailure(
            $"It refused the e-mail with {(int)refused.StatusCode}.",
            IsFinal: (int)refused.StatusCode is >= 500 and < 600,
            IsOfOne: refused.StatusCode != SmtpStatusCode.ServiceNotAvailable
                && refused.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted),
        AuthenticationException => new EmailFailure("It refused Smtp:User and Smtp:Password.", IsFinal: false),
        SslHandshakeException => new EmailFailure("The encryption failed: its certificate is not trusted, or it expects no TLS.", false),
        NotSupportedException => new EmailFailure("It does not offer what Smtp:Security or Smtp:User need.", IsFinal: false),
        SocketException socket => new EmailFailure(socket.Message, IsFinal: false),
        ProtocolException or ServiceNotConnectedException or IOException => new EmailFailure("The connection broke.", IsFinal: false),
        _ => null,
    };

    private MimeMessage Write(OutgoingEmail email)
    {
        MailboxAddress from = From;
        var message = new MimeMessage
        {
            Date = time.GetUtcNow(),

            // Not the name of this machine, which is nobody's business.
            MessageId = MimeUtils.GenerateMessageId(from.Domain),
            Subject = email.Subject,
            Body = new TextPart("plain") { Text = email.Text },
        };
        message.From.Add(from);
        message.To.Add(MailboxAddress.Parse(email.To));

        // So that no absence note answers it (RFC 3834).
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return message;
    }
}

/// <summary>Why an e-mail could not be handed over.</summary>
/// <param name="Problem">For the log; without the receiver.</param>
/// <param name="IsFinal">Whether another try would fail in the same way.</param>
/// <param name="IsOfOne">Whether the mail server may well take other e-mails, for example because a mailbox is full.</param>
internal sealed record EmailFailure(string Problem, bool IsFinal, bool IsOfOne = false);
