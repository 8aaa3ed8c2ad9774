using System.ComponentModel.DataAnnotations;

namespace ErlChat.Members;

/// <summary>
/// The passwords of members, and how often one may be tried; configuration section <c>Chat</c> next to <see cref="Settings.ChatOptions"/>.
/// Checked when the server starts.
/// </summary>
public sealed class MemberOptions
{
    /// <summary>The shortest password that a member may choose, in characters. Passwords that are in use stay.</summary>
    /// <value>8 to 64; 8 by default, as NIST SP 800-63B asks for.</value>
    [Range(8, 64)]
    public int MinPasswordLength { get; set; } = 8;

    /// <summary>
    /// How long a link is valid with which a member who forgot the password may choose a new one, or confirms an e-mail address.
    /// </summary>
    /// <value>1 min to 30 days; 24 h by default.</value>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan ResetLinkLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long an invitation to become a member is valid.</summary>
    /// <value>1 min to 365 days; 7 days by default.</value>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan InvitationLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How many invitations to become a member may be open at a time.</summary>
    /// <value>1 to 100 000; 1 000 by default.</value>
    [Range(1, 100_000)]
    public int MaxInvitations { get; set; } = 1000;

    /// <summary>
    /// How many passwords of one person may be tried from one address in a minute, refilled evenly. Further tries are refused, with the
    /// time to wait. IPv6 is counted by /64.
    /// </summary>
    /// <value>1 to 1 000; 5 by default. That is enough for a forgetful user.</value>
    [Range(1, 1000)]
    public int PasswordTriesPerGuesser { get; set; } = 5;

    /// <summary>
    /// How many passwords of one person are checked in a minute, from all addresses together. Further tries wait. Addresses from which the
    /// right password has come before are not counted, and come first.
    /// </summary>
    /// <value>1 to 10 000; 20 by default: at most 10 million guesses in a year, which do not find eight random letters.</value>
    [Range(1, 10_000)]
    public int PasswordTriesPerPerson { get; set; } = 20;

    /// <summary>
    /// How many passwords from one address are checked in a minute, of all persons together. Further tries wait. IPv6 is counted by /64.
    /// </summary>
    /// <value>1 to 10 000; 20 by default.</value>
    [Range(1, 10_000)]
    public int PasswordTriesPerAddress { get; set; } = 20;

    /// <summary>
    /// How many passwords of members the server checks in a minute, one at a time. Further tries wait. Those of the guessers with the
    /// fewest tries are served first.
    /// </summary>
    /// <value>1 to 100 000; 120 by default, which uses less than half of one core at 0.2 s each.</value>
    [Range(1, 100_000)]
    public int PasswordTriesPerServer { get; set; } = 120;

    /// <summary>
    /// How many tries may wait at a time. If there is one more, the address with the most waiting tries loses its oldest.
    /// </summary>
    /// <value>1 to 10 000; 100 by default.</value>
    [Range(1, 10_000)]
    public int PasswordTriesWaiting { get; set; } = 100;

    /// <summary>How long a try waits at most; then it is refused and does not count.</summary>
    /// <value>100 ms to 1 min; 10 s by default, less than the 15 s that the page waits for an answer.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan PasswordTryPatience { get; set; } = TimeSpan.FromSeconds(10);
}
