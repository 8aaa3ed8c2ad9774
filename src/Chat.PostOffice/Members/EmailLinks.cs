using ErlChat.Log;
using ErlChat.Sessions;
using Microsoft.Extensions.Options;

namespace ErlChat.Members;

/// <summary>
/// Links with which members confirm their e-mail addresses. One is sent to the address, and works once. A new link replaces the member's
/// previous one, and a new password voids it.
/// </summary>
/// <remarks>Thread-safe, without a lock.</remarks>
public sealed class EmailLinks(ICredentialStore store, IOptions<MemberOptions> options, TimeProvider time)
{
    /// <summary>Makes a link. Until it is used, the member's address is the one before.</summary>
    /// <param name="userId">The member.</param>
    /// <param name="address">The new address (<see cref="EmailAddress.IsValid"/>).</param>
    /// <returns>The link; null if the member has no password, or the database cannot be used now.</returns>
    /// <exception cref="ArgumentException">The address is not valid.</exception>
    public async Task<NewLink?> CreateAsync(string userId, string address)
    {
        ArgumentNullException.ThrowIfNull(userId);
        if (!EmailAddress.IsValid(address))
            throw new ArgumentException("This is no e-mail address.", nameof(address));
        DateTimeOffset now = time.GetUtcNow();
        var made = new NewLink(SessionToken.Create(), now + options.Value.ResetLinkLifetime);
        try
        {
            var link = new EmailLink(LinkToken.HashOf(made.Token), userId, address, made.Expires);
            return await store.PutEmailLinkAsync(link, now) ? made : null;
        }
        catch (LogUnavailableException)
        {
            return null;
        }
    }

    /// <summary>Whose a link is, and for which address, for the page that asks whether to confirm it. The link stays valid.</summary>
    /// <param name="token">The token as it was in the link.</param>
    /// <param name="cancellationToken">Ends waiting for the database.</param>
    /// <returns>Accepted with the link, BadLink or Unavailable.</returns>
    public Task<(PasswordResult Result, EmailLink? Link)> FindAsync(string token, CancellationToken cancellationToken = default) =>
        AnsweredAsync(() => store.FindEmailLinkAsync(LinkToken.HashOf(token), time.GetUtcNow(), cancellationToken));

    /// <summary>Uses a link up: from now on, its address is the member's.</summary>
    /// <inheritdoc cref="FindAsync" path="/returns"/>
    public Task<(PasswordResult Result, EmailLink? Link)> UseAsync(string token) =>
        AnsweredAsync(() => store.UseEmailLinkAsync(LinkToken.HashOf(token), time.GetUtcNow()));

    private static async Task<(PasswordResult Result, EmailLink? Link)> AnsweredAsync(Func<ValueTask<EmailLink?>> ask)
    {
        try
        {
            EmailLink? link = await ask();
            return (link is null ? PasswordResult.BadLink : PasswordResult.Accepted, link);
        }
        catch (LogUnavailableException)
        {
            return (PasswordResult.Unavailable, null);
        }
    }
}
