namespace ErlChat.Members;

/// <summary>
/// Who somebody is at an identity provider. Only the issuer and the subject together identify a person: mail addresses and names are given
/// to others in time.
/// </summary>
/// <remarks>Compared exactly, as OpenID Connect demands.</remarks>
public sealed record ExternalIdentity
{
    /// <summary>The longest issuer, in characters; it is an https address.</summary>
    public const int MaxIssuerLength = 500;

    /// <summary>The longest subject, in characters: the limit of OpenID Connect Core, section 2.</summary>
    public const int MaxSubjectLength = 255;

    /// <summary>How many identities a member may have.</summary>
    public const int MaxPerMember = 10;

    /// <param name="issuer">The provider, as it names itself.</param>
    /// <param name="subject">The person, as the provider names them.</param>
    /// <exception cref="ArgumentException"><see cref="IsValid"/> is false for these.</exception>
    public ExternalIdentity(string issuer, string subject)
    {
        if (!IsValid(issuer, subject))
            throw new ArgumentException("An issuer or a subject is empty, too long, or not printable ASCII.");
        (Issuer, Subject) = (issuer, subject);
    }

    /// <summary>The provider.</summary>
    public string Issuer { get; }

    /// <summary>The person.</summary>
    public string Subject { get; }

    /// <summary>Whether these can identify somebody: printable ASCII, and not too long.</summary>
    public static bool IsValid(string? issuer, string? subject) =>
        issuer is { Length: > 0 and <= MaxIssuerLength } && IsPrintable(issuer)
        && subject is { Length: > 0 and <= MaxSubjectLength } && IsPrintable(subject);

    private static bool IsPrintable(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
