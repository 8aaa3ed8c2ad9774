namespace ErlChat.Members;

/// <summary>A link with which its holder may set a member's password, once.</summary>
/// <param name="TokenHash">The hash of the token in the link (<see cref="LinkToken.HashOf"/>). The token itself is stored nowhere.</param>
/// <param name="UserId">The member.</param>
/// <param name="Expires">The link is valid before this time.</param>
public sealed record ResetLink(string TokenHash, string UserId, DateTimeOffset Expires);
