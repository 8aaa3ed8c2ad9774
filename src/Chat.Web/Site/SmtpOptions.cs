using System.ComponentModel.DataAnnotations;
using ErlChat.Members;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Site;

/// <summary>
/// Sending e-mail to members: links with which they choose a new password; configuration section <c>Smtp</c>. Off without a
/// <see cref="Host"/>. Checked when the server starts.
/// </summary>
public sealed class SmtpOptions
{
    /// <summary>Configuration section that these are bound from.</summary>
    public const string Section = "Smtp";

    /// <summary>The mail server that takes the chat's e-mails. It must accept them for any receiver.</summary>
    /// <value>A name or an IP address. None by default: nothing is sent, and no addresses are stored.</value>
    public string? Host { get; set; }

    /// <summary>The mail server's port.</summary>
    /// <value>1 to 65 535; 587 by default, the port for submissions. With <see cref="SmtpSecurity.Tls"/> it is usually 465.</value>
    [Range(1, 65_535)]
    public int Port { get; set; } = 587;

    /// <summary>How the connection is encrypted.</summary>
    /// <value>
    /// <see cref="SmtpSecurity.StartTls"/> by default. Without encryption, whoever is between the servers can read the links and the
    /// password: only for a mail server on this machine or in a network of one's own.
    /// </value>
    [EnumDataType(typeof(SmtpSecurity))]
    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;

    /// <summary>The name with which the chat logs in to the mail server.</summary>
    /// <value>None by default: it does not log in. Needs a <see cref="Password"/>.</value>
    public string? User { get; set; }

    /// <summary>The password of <see cref="User"/>.</summary>
    /// <value>None by default.</value>
    [DataType(DataType.Password)]
    public string? Password { get; set; }

    /// <summary>The sender of the e-mails, such as <c>chat@chat.example</c>.</summary>
    /// <value>An e-mail address. None by default; needed with a <see cref="Host"/>.</value>
    public string? From { get; set; }

    /// <summary>How long one try to hand an e-mail over may take.</summary>
    /// <value>1 s to 5 min; 30 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the server tries to hand an e-mail over. What the mail server refuses for good is not tried again.</summary>
    /// <value>1 to 10; 3 by default.</value>
    [Range(1, 10)]
    public int Tries { get; set; } = 3;

    /// <summary>How long to wait between two tries.</summary>
    /// <value>10 ms to 10 min; 20 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How many e-mails may wait to be sent, and as many again that the mail server has put off. If there is one more, whoever asks for it
    /// is told to try again later.
    /// </summary>
    /// <value>1 to 10 000; 100 by default.</value>
    [Range(1, 10_000)]
    public int MaxWaiting { get; set; } = 100;

    /// <summary>
    /// How many links may be asked for from one address in an hour, refilled evenly. Further requests are refused, with the time to wait.
    /// IPv6 is counted by /64.
    /// </summary>
    /// <value>1 to 10 000; 20 by default.</value>
    [Range(1, 10_000)]
    public int RequestsPerAddress { get; set; } = 20;

    /// <summary>
    /// How many e-mails a member, and an e-mail address, gets in an hour for new passwords, and how many to confirm addresses.
    /// Refilled evenly.
    /// </summary>
    /// <value>1 to 1 000; 4 by default.</value>
    [Range(1, 1000)]
    public int EmailsPerReceiver { get; set; } = 4;

    /// <summary>How many e-mails the server sends in an hour, refilled evenly. Further ones are not sent.</summary>
    /// <value>1 to 100 000; 300 by default.</value>
    [Range(1, 100_000)]
    public int EmailsPerServer { get; set; } = 300;

    /// <summary>Whether e-mail is sent.</summary>
    internal bool IsOn => Host is not null;

    /// <summary>What is wrong with these options together.</summary>
    internal IEnumerable<string> Faults()
    {
        if (Host is null)
        {
            if (User is not null || Password is not null || From is not null)
                yield return "Smtp:User, Smtp:Password and Smtp:From have no effect without Smtp:Host.";
            yield break;
        }

        if (Uri.CheckHostName(Host) == UriHostNameType.Unknown)
            yield return $"Smtp:Host: '{Host}' is not the name or the address of a server, such as mail.example.";
        if (!EmailAddress.IsValid(From))
            yield return "Smtp:Host needs Smtp:From, the e-mail address of the sender, such as chat@chat.example.";
        if (string.IsNullOrEmpty(User) != string.IsNullOrEmpty(Password))
            yield return "Smtp:User and Smtp:Password need each other.";
    }
}

/// <summary>How a connection to a mail server is encrypted.</summary>
public enum SmtpSecurity
{
    /// <summary>The connection begins in plain text and is then encrypted. A server that does not offer that gets nothing.</summary>
    StartTls,

    /// <summary>The connection is encrypted from the beginning.</summary>
    Tls,

    /// <summary>The connection is not encrypted.</summary>
    None,
}

/// <summary>Checks <see cref="SmtpOptions"/> that depend on each other.</summary>
internal sealed class SmtpOptionsRules : IValidateOptions<SmtpOptions>
{
    public ValidateOptionsResult Validate(string? name, SmtpOptions options) =>
        options.Faults().ToArray() is { Length: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
}
