namespace ErlChat.Members;

/// <summary>A link with which its holder confirms that an e-mail address is a member's, once.</summary>
/// <param name="TokenHash">The hash of the token in the link (<see cref="LinkToken.HashOf"/>). The token itself is stored nowhere.</param>
/// <param name="UserId">The member.</param>
/// <param name="Address">The address (<see cref="EmailAddress.IsValid"/>).</param>
/// <param name="Expires">The link is valid before this time.</param>
public sealed record EmailLink(string TokenHash, string UserId, string Address, DateTimeOffset Expires)
{
    /// <summary>Leaves the address out, so that no log shows it by accident.</summary>
    public override string ToString() => $"a link until {Expires:O}";
}
