namespace ErlChat.Members;

/// <summary>A link with which its holder may become a member, once.</summary>
/// <param name="TokenHash">The hash of the token in the link (<see cref="LinkToken.HashOf"/>). The token itself is stored nowhere.</param>
/// <param name="Expires">The link is valid before this time.</param>
public sealed record InvitationLink(string TokenHash, DateTimeOffset Expires);
