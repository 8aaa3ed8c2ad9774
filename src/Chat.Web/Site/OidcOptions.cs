using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Site;

/// <summary>
/// Logging in with an account at another site, an OpenID Connect provider; configuration section <c>Oidc</c>. Off without an
/// <see cref="Authority"/>. Checked when the server starts.
/// </summary>
public sealed class OidcOptions
{
    /// <summary>Configuration section that these are bound from.</summary>
    public const string Section = "Oidc";

    /// <summary>
    /// The shortest <see cref="ClientSecret"/>, in characters: the keys for what a browser keeps during a login follow from it.
    /// </summary>
    private const int MinSecretLength = 16;

    /// <summary>
    /// The provider's address. The server finds everything else at <c>.well-known/openid-configuration</c> below it.
    /// </summary>
    /// <value>An https address, or http to this machine. None by default: nobody logs in with a provider.</value>
    public string? Authority { get; set; }

    /// <summary>The name by which the provider knows the chat.</summary>
    /// <value>None by default; needed with an <see cref="Authority"/>.</value>
    public string? ClientId { get; set; }

    /// <summary>The secret that proves to the provider that it talks to the chat. All nodes need the same.</summary>
    /// <value>16 characters or more; none by default; needed with an <see cref="Authority"/>.</value>
    [DataType(DataType.Password)]
    public string? ClientSecret { get; set; }

    /// <summary>What the button on the login page calls the provider: <c>Log in with NAME</c>.</summary>
    /// <value>1 to 40 characters; <c>single sign-on</c> by default.</value>
    [StringLength(40, MinimumLength = 1)]
    public string Name { get; set; } = "single sign-on";

    /// <summary>How long the server waits for the provider. After that, the user is told to try again.</summary>
    /// <value>100 ms to 1 min; 10 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many logins may wait for the provider at a time. Further users are told to try again.</summary>
    /// <value>1 to 10 000; 50 by default.</value>
    [Range(1, 10_000)]
    public int MaxWaiting { get; set; } = 50;

    /// <summary>The <see cref="Name"/> of the provider; null if nobody logs in with one.</summary>
    internal string? NameIfOn => Authority is null ? null : Name;

    /// <summary>What is wrong with these options together.</summary>
    internal IEnumerable<string> Faults()
    {
        if (Authority is null)
        {
            if (ClientId is not null || ClientSecret is not null)
                yield return "Oidc:ClientId and Oidc:ClientSecret have no effect without Oidc:Authority.";
            yield break;
        }

        if (!Uri.TryCreate(Authority, UriKind.Absolute, out Uri? url) || url.Query.Length > 0 || url.Fragment.Length > 0
            || !(url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)))
        {
            yield return $"Oidc:Authority: '{Authority}' is not an https address, such as https://login.example/realms/office.";
        }

        if (string.IsNullOrWhiteSpace(ClientId))
            yield return "Oidc:Authority needs Oidc:ClientId, the name by which the provider knows the chat.";
        if (ClientSecret is null || ClientSecret.Length < MinSecretLength)
            yield return $"Oidc:Authority needs Oidc:ClientSecret, with at least {MinSecretLength} characters.";
    }
}

/// <summary>Checks <see cref="OidcOptions"/> that depend on each other.</summary>
internal sealed class OidcOptionsRules : IValidateOptions<OidcOptions>
{
    public ValidateOptionsResult Validate(string? name, OidcOptions options) =>
        options.Faults().ToArray() is { Length: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
}
