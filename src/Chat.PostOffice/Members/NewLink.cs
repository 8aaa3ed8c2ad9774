namespace ErlChat.Members;

/// <summary>A link that was made.</summary>
/// <param name="Token">The secret in it: 43 characters of base64url.</param>
/// <param name="Expires">When it ends.</param>
public sealed record NewLink(string Token, DateTimeOffset Expires)
{
    /// <summary>Leaves the token out, so that no log shows it by accident.</summary>
    public override string ToString() => $"a link until {Expires:O}";
}
