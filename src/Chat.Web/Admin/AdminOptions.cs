using System.ComponentModel.DataAnnotations;
using ErlChat.Settings;

namespace ErlChat.Web.Admin;

/// <summary>
/// How often passwords may be tried, configuration section <c>Chat</c> beside <see cref="ChatOptions"/>. Checked when the server starts.
/// </summary>
public sealed class AdminOptions
{
    /// <summary>Passwords that one session may try in a minute; refilled evenly. Further ones are refused, with the time to wait.</summary>
    /// <value>1 to 1 000; 5 by default: enough for a forgetful user; a guesser needs centuries for eight random letters.</value>
    [Range(1, 1000)]
    public int AdminTriesPerSession { get; set; } = 5;

    /// <summary>
    /// Passwords of one address that are looked at in a minute; IPv6 by /64. Further ones wait, those of sessions that tried least first.
    /// </summary>
    /// <value>1 to 10 000; 20 by default: four sessions' worth.</value>
    [Range(1, 10_000)]
    public int AdminTriesPerAddress { get; set; } = 20;

    /// <summary>
    /// Passwords that the server looks at in a minute, one at a time. Further ones wait, those of sessions that tried least first.
    /// </summary>
    /// <value>1 to 100 000; 60 by default: at 0.2 s each a fifth of one core.</value>
    [Range(1, 100_000)]
    public int AdminTriesPerServer { get; set; } = 60;

    /// <summary>Tries that wait at a time. One more, and the address with the most loses its oldest.</summary>
    /// <value>1 to 10 000; 100 by default.</value>
    [Range(1, 10_000)]
    public int AdminTriesWaiting { get; set; } = 100;

    /// <summary>How long a try waits at the most; then it is refused, and does not count as one.</summary>
    /// <value>100 ms to 1 min; 10 s by default, below the 15 s that the page waits for an answer.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan AdminTryPatience { get; set; } = TimeSpan.FromSeconds(10);
}
