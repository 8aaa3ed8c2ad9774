namespace ErlChat.Members;

/// <summary>A member's e-mail addresses.</summary>
/// <param name="Confirmed">The one that links for a new password are sent to; null for none.</param>
/// <param name="Pending">The one that waits for its confirmation; null for none.</param>
public sealed record MemberEmails(string? Confirmed, string? Pending)
{
    /// <summary>Leaves the addresses out, so that no log shows them by accident.</summary>
    public override string ToString() => "e-mail addresses";
}
