using ErlChat.Log;
using Microsoft.Extensions.Options;

namespace ErlChat.Members;

/// <summary>
/// Checks and changes the passwords of members. It knows nobody but by user id: who a nick belongs to, and whether that is a member, is for
/// the fold to say.
/// </summary>
/// <remarks>Thread-safe, without a lock. Calls may take seconds while many passwords are tried.</remarks>
public sealed class MemberPasswords(
    ICredentialStore store, IPasswordHashing hashing, IOptions<MemberOptions> options, TimeProvider time)
{
    /// <summary>Who is asked for when there is no such member, so that the database is asked in any case. No user id is empty.</summary>
    private const string Nobody = "";

    /// <summary>How often a replacement is tried again after another change came in between.</summary>
    private const int MostChanges = 3;

    /// <summary>What is wrong with a new password; null if nothing is.</summary>
    public PasswordResult? FaultOf(string password, string nick) =>
        PasswordRule.Check(password, nick, options.Value.MinPasswordLength);

    /// <summary>Checks the password of somebody who wants to log in.</summary>
    /// <param name="userId">The member; null if no member has the nick. The answer is then the same as for a wrong password.</param>
    /// <param name="nick">The nick as typed, for counting tries where there is no member.</param>
    /// <param name="host">The address that tries (<see cref="Sessions.HostAddress"/>).</param>
    /// <param name="password">As typed.</param>
    /// <param name="cancellationToken">Ends waiting for the database.</param>
    /// <returns>Accepted, Wrong, TooManyTries or Unavailable.</returns>
    public Task<PasswordAnswer> CheckAsync(
        string? userId, string nick, string host, string password, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(nick);
        return CheckAsync(userId, nick, host, password, mayLack: false, cancellationToken);
    }

    /// <summary>
    /// Checks the password of a member who is logged in, before something that cannot be undone. A member who has none, because of
    /// logging in with an account at another site, need not give one.
    /// </summary>
    /// <param name="userId">The member.</param>
    /// <param name="nick">The member's nick.</param>
    /// <param name="host">The address that tries.</param>
    /// <param name="password">As typed.</param>
    /// <returns>Accepted, Wrong, TooManyTries or Unavailable.</returns>
    public Task<PasswordAnswer> ConfirmAsync(string userId, string nick, string host, string password)
    {
        ArgumentNullException.ThrowIfNull(userId);
        return CheckAsync(userId, nick, host, password, mayLack: true, CancellationToken.None);
    }

    /// <param name="mayLack">Whether a member without a password is accepted.</param>
    private async Task<PasswordAnswer> CheckAsync(
        string? userId, string nick, string host, string password, bool mayLack, CancellationToken cancellationToken)
    {
        try
        {
            StoredPassword? stored = await store.FindPasswordAsync(userId ?? Nobody, cancellationToken);
            if (stored is null && mayLack)
                return new PasswordAnswer(PasswordResult.Accepted);
            HashAnswer answer = await hashing.VerifyAsync(Guesser.Of(userId, nick, host), stored?.Hash, password);
            if (answer.End != HashEnd.Right || stored is null || userId is null)
                return PasswordAnswer.Of(answer);
            if (answer.Hash is { } renewed)
                await RenewAsync(userId, stored.Hash, renewed);

            // The check may have waited for others, and the password been changed in the meantime.
            StoredPassword? after = await store.FindPasswordAsync(userId, cancellationToken);
            return new PasswordAnswer(after?.ChangedAt == stored.ChangedAt ? PasswordResult.Accepted : PasswordResult.Wrong);
        }
        catch (LogUnavailableException)
        {
            return new PasswordAnswer(PasswordResult.Unavailable);
        }
    }

    /// <summary>
    /// Stores the password with which a guest wants to become a member, or a member's first one. Call it before the entry that makes the
    /// member: a member without a password could not come back. If the fold then refuses the entry, call <see cref="TakeBackAsync"/>; but
    /// not if the log is unavailable, because the entry may have been written all the same.
    /// </summary>
    /// <param name="userId">The guest, who is logged in.</param>
    /// <param name="nick">The guest's nick.</param>
    /// <param name="host">The guest's address.</param>
    /// <param name="password">As typed.</param>
    /// <returns>Accepted, TooShort, TooLong, IsNick, TooManyTries or Unavailable.</returns>
    public async Task<PasswordAnswer> SetFirstAsync(string userId, string nick, string host, string password)
    {
        ArgumentNullException.ThrowIfNull(userId);
        if (FaultOf(password, nick) is { } fault)
            return new PasswordAnswer(fault);
        try
        {
            HashAnswer answer = await hashing.HashAsync(Guesser.Of(userId, nick, host), password);
            if (answer is not { End: HashEnd.Right, Hash: { } hash })
                return PasswordAnswer.Of(answer);
            var set = new StoredPassword(hash, time.GetUtcNow());
            for (int i = 0; i < MostChanges; i++)
            {
                // There may be one: of another device that does the same now, or of a node that stopped before it wrote the entry.
                StoredPassword? before = await store.FindPasswordAsync(userId, CancellationToken.None);
                if (await store.ReplacePasswordAsync(userId, before?.Hash, set))
                    return new PasswordAnswer(PasswordResult.Accepted) { Change = (before, set) };
            }
        }
        catch (LogUnavailableException)
        {
            // As below.
        }

        return new PasswordAnswer(PasswordResult.Unavailable);
    }

    /// <summary>Puts back what a first password has replaced, unless it has been replaced itself.</summary>
    /// <param name="userId">The guest.</param>
    /// <param name="set">What <see cref="SetFirstAsync"/> answered.</param>
    public async Task TakeBackAsync(string userId, PasswordAnswer set)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (set.Change is not { } change)
            return;
        try
        {
            await store.ReplacePasswordAsync(userId, change.Set.Hash, change.Before);
        }
        catch (LogUnavailableException)
        {
            // A password of somebody who is no member opens nothing. The next first password replaces it.
        }
    }

    /// <summary>Changes a password for somebody who knows it. Voids the member's reset link.</summary>
    /// <param name="userId">The member.</param>
    /// <param name="nick">The member's nick.</param>
    /// <param name="host">The address that tries.</param>
    /// <param name="password">The present password, as typed.</param>
    /// <param name="next">The new one.</param>
    /// <returns>Accepted, Wrong, TooShort, TooLong, IsNick, TooManyTries or Unavailable.</returns>
    public async Task<PasswordAnswer> ChangeAsync(string userId, string nick, string host, string password, string next)
    {
        ArgumentNullException.ThrowIfNull(userId);
        if (FaultOf(next, nick) is { } fault)
            return new PasswordAnswer(fault);
        try
        {
            StoredPassword? stored = await store.FindPasswordAsync(userId, CancellationToken.None);
            HashAnswer answer = await hashing.VerifyAsync(Guesser.Of(userId, nick, host), stored?.Hash, password, next);
            if (answer is not { End: HashEnd.Right, Hash: { } hash } || stored is null)
                return PasswordAnswer.Of(answer);
            var set = new StoredPassword(hash, time.GetUtcNow());
            DateTimeOffset known = stored.ChangedAt;
            for (int i = 0; i < MostChanges && stored?.ChangedAt == known; i++)
            {
                if (await store.ReplacePasswordAsync(userId, stored.Hash, set))
                    return new PasswordAnswer(PasswordResult.Accepted);

                // A login may have renewed the hash of the same password. If the password is another, the one that was given is wrong now.
                stored = await store.FindPasswordAsync(userId, CancellationToken.None);
            }

            return new PasswordAnswer(PasswordResult.Wrong);
        }
        catch (LogUnavailableException)
        {
            return new PasswordAnswer(PasswordResult.Unavailable);
        }
    }

    private async Task RenewAsync(string userId, string from, string to)
    {
        try
        {
            await store.RenewHashAsync(userId, from, to);
        }
        catch (LogUnavailableException)
        {
            // The next login tries again.
        }
    }
}
