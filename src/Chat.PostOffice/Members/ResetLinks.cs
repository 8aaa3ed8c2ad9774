using ErlChat.Log;
using ErlChat.Sessions;
using Microsoft.Extensions.Options;

namespace ErlChat.Members;

/// <summary>
/// Links with which a member who forgot the password may choose a new one. An administrator makes one and hands it over; it works once. A
/// new link replaces the member's previous one, and so does a new password.
/// </summary>
/// <remarks>Thread-safe, without a lock.</remarks>
public sealed class ResetLinks(
    ICredentialStore store, IPasswordHashing hashing, IOptions<MemberOptions> options, TimeProvider time)
{
    /// <summary>Makes a link. Whoever has its token can take over the member.</summary>
    /// <param name="userId">The member.</param>
    /// <returns>The link; null if the database cannot be used now.</returns>
    public async Task<NewLink?> CreateAsync(string userId)
    {
        ArgumentNullException.ThrowIfNull(userId);
        var made = new NewLink(SessionToken.Create(), time.GetUtcNow() + options.Value.ResetLinkLifetime);
        try
        {
            await store.PutResetLinkAsync(new ResetLink(LinkToken.HashOf(made.Token), userId, made.Expires));
            return made;
        }
        catch (LogUnavailableException)
        {
            return null;
        }
    }

    /// <summary>Whose a link is, for the page that asks for the new password. The link stays valid.</summary>
    /// <param name="token">The token as it was in the link.</param>
    /// <param name="cancellationToken">Ends waiting for the database.</param>
    /// <returns>Accepted with the user id, BadLink or Unavailable.</returns>
    public async Task<(PasswordResult Result, string? UserId)> FindAsync(string token, CancellationToken cancellationToken = default)
    {
        try
        {
            string? userId = await store.FindResetLinkAsync(LinkToken.HashOf(token), time.GetUtcNow(), cancellationToken);
            return (userId is null ? PasswordResult.BadLink : PasswordResult.Accepted, userId);
        }
        catch (LogUnavailableException)
        {
            return (PasswordResult.Unavailable, null);
        }
    }

    /// <summary>
    /// Sets a new password and uses the link up. If the password is refused, the link stays valid. Only a caller with a valid link costs
    /// the server a hash.
    /// </summary>
    /// <param name="token">The token as it was in the link.</param>
    /// <param name="nick">The nick of the member whom <see cref="FindAsync"/> named.</param>
    /// <param name="host">The address that asks.</param>
    /// <param name="password">The new password, as typed.</param>
    /// <returns>Accepted with the user id; or TooShort, TooLong, IsNick, BadLink, TooManyTries or Unavailable.</returns>
    public async Task<(PasswordAnswer Answer, string? UserId)> UseAsync(string token, string nick, string host, string password)
    {
        (PasswordResult found, string? owner) = await FindAsync(token);
        if (owner is null)
            return (new PasswordAnswer(found), null);
        if (PasswordRule.Check(password, nick, options.Value.MinPasswordLength) is { } fault)
            return (new PasswordAnswer(fault), null);
        HashAnswer answer = await hashing.HashAsync(Guesser.Of(owner, nick, host), password);
        if (answer is not { End: HashEnd.Right, Hash: { } hash })
            return (PasswordAnswer.Of(answer), null);
        try
        {
            DateTimeOffset now = time.GetUtcNow();
            string? userId = await store.UseResetLinkAsync(LinkToken.HashOf(token), now, new StoredPassword(hash, now));
            return (new PasswordAnswer(userId is null ? PasswordResult.BadLink : PasswordResult.Accepted), userId);
        }
        catch (LogUnavailableException)
        {
            return (new PasswordAnswer(PasswordResult.Unavailable), null);
        }
    }
}
