using System.ComponentModel.DataAnnotations;
using ErlChat.Settings;
using ErlChat.Web.Passwords;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Admin;

/// <summary>
/// The administrators' password, and how often one may be tried; configuration section <c>Chat</c> next to <see cref="ChatOptions"/>.
/// Checked when the server starts.
/// </summary>
public sealed class AdminOptions
{
    /// <summary>
    /// The administrators' password in plain text, for environments that store secrets. It cannot be combined with <see
    /// cref="AdminPasswordHash"/>.
    /// </summary>
    /// <value>None by default: there are no administrators.</value>
    [DataType(DataType.Password)]
    public string? AdminPassword { get; set; }

    /// <summary>The administrators' password, as printed by <c>make admin-password</c>.</summary>
    /// <value>None by default: there are no administrators.</value>
    [DataType(DataType.Password)]
    public string? AdminPasswordHash { get; set; }

    /// <summary>
    /// How many passwords one session may try in a minute, refilled evenly. Further tries are refused, with the time to wait.
    /// </summary>
    /// <value>
    /// 1 to 1 000; 5 by default. That is enough for a forgetful user, and guessing eight random letters would take centuries.
    /// </value>
    [Range(1, 1000)]
    public int AdminTriesPerSession { get; set; } = 5;

    /// <summary>
    /// How many passwords from one address are checked in a minute; IPv6 is counted by /64. Further tries wait. Those of the sessions with
    /// the fewest tries are served first.
    /// </summary>
    /// <value>1 to 10 000; 20 by default, enough for four sessions.</value>
    [Range(1, 10_000)]
    public int AdminTriesPerAddress { get; set; } = 20;

    /// <summary>
    /// How many passwords the server checks in a minute, one at a time. Further tries wait. Those of the sessions with the fewest tries are
    /// served first.
    /// </summary>
    /// <value>1 to 100 000; 60 by default, which uses a fifth of one core at 0.2 s each.</value>
    [Range(1, 100_000)]
    public int AdminTriesPerServer { get; set; } = 60;

    /// <summary>
    /// How many tries may wait at a time. If there is one more, the address with the most waiting tries loses its oldest.
    /// </summary>
    /// <value>1 to 10 000; 100 by default.</value>
    [Range(1, 10_000)]
    public int AdminTriesWaiting { get; set; } = 100;

    /// <summary>How long a try waits at most; then it is refused and does not count.</summary>
    /// <value>100 ms to 1 min; 10 s by default, less than the 15 s that the page waits for an answer.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan AdminTryPatience { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>Checks the password in <see cref="AdminOptions"/>.</summary>
internal sealed class AdminOptionsRules : IValidateOptions<AdminOptions>
{
    public ValidateOptionsResult Validate(string? name, AdminOptions options)
    {
        var failures = new List<string>();
        if (options.AdminPassword is not null && options.AdminPasswordHash is not null)
            failures.Add("Set Chat:AdminPassword or Chat:AdminPasswordHash, but not both.");
        if (options.AdminPassword is { Length: 0 })
            failures.Add("Chat:AdminPassword must not be empty. Leave it out if you want no administrators.");
        if (options.AdminPassword is { Length: > PasswordHash.MaxPasswordLength })
            failures.Add($"Chat:AdminPassword must not be longer than {PasswordHash.MaxPasswordLength} characters, or it could not be "
                + "entered.");
        if (options.AdminPasswordHash is not null && PasswordHash.Parse(options.AdminPasswordHash) is null)
            failures.Add("Chat:AdminPasswordHash is not a hash printed by `make admin-password`.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
