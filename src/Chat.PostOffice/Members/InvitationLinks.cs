using ErlChat.Log;
using ErlChat.Sessions;
using Microsoft.Extensions.Options;

namespace ErlChat.Members;

/// <summary>
/// Links with which people may become members where not everybody can. An administrator makes one and hands it over; it works once.
/// </summary>
/// <remarks>Thread-safe, without a lock.</remarks>
public sealed class InvitationLinks(ICredentialStore store, IOptions<MemberOptions> options, TimeProvider time)
{
    /// <summary>Makes an invitation.</summary>
    /// <returns>The link; null with <see cref="PasswordResult.Unavailable"/>, or with null if there are too many.</returns>
    public async Task<(NewLink? Link, PasswordResult? Fault)> CreateAsync()
    {
        DateTimeOffset now = time.GetUtcNow();
        var made = new NewLink(SessionToken.Create(), now + options.Value.InvitationLifetime);
        try
        {
            var link = new InvitationLink(LinkToken.HashOf(made.Token), made.Expires);
            return await store.PutInvitationAsync(link, now, options.Value.MaxInvitations) ? (made, null) : (null, null);
        }
        catch (LogUnavailableException)
        {
            return (null, PasswordResult.Unavailable);
        }
    }

    /// <summary>Whether an invitation can be used. It stays valid.</summary>
    /// <param name="token">The token as it was in the link.</param>
    /// <param name="cancellationToken">Ends waiting for the database.</param>
    /// <returns>Accepted, BadLink or Unavailable.</returns>
    public async Task<PasswordResult> FindAsync(string token, CancellationToken cancellationToken = default)
    {
        try
        {
            return await store.FindInvitationAsync(LinkToken.HashOf(token), time.GetUtcNow(), cancellationToken) is null
                ? PasswordResult.BadLink
                : PasswordResult.Accepted;
        }
        catch (LogUnavailableException)
        {
            return PasswordResult.Unavailable;
        }
    }

    /// <summary>Uses an invitation up. If nobody becomes a member by it after all, call <see cref="GiveBackAsync"/>.</summary>
    /// <param name="token">The token as it was in the link.</param>
    /// <returns>The invitation; or null and BadLink or Unavailable.</returns>
    public async Task<(InvitationLink? Used, PasswordResult Result)> UseAsync(string token)
    {
        try
        {
            InvitationLink? used = await store.UseInvitationAsync(LinkToken.HashOf(token), time.GetUtcNow());
            return (used, used is null ? PasswordResult.BadLink : PasswordResult.Accepted);
        }
        catch (LogUnavailableException)
        {
            return (null, PasswordResult.Unavailable);
        }
    }

    /// <summary>Makes an invitation valid again. If the database is away, it stays used, and its holder needs another one.</summary>
    public async Task GiveBackAsync(InvitationLink used)
    {
        try
        {
            await store.PutInvitationAsync(used, time.GetUtcNow(), int.MaxValue);
        }
        catch (LogUnavailableException)
        {
            // As said above.
        }
    }
}
