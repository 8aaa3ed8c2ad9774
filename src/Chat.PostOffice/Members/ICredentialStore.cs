using ErlChat.Log;

namespace ErlChat.Members;

/// <summary>
/// What proves that somebody is a member or may become one: password hashes, reset links, e-mail addresses and identities elsewhere, by the
/// member's user id (<see cref="Names.Person.UserId"/>), links that invite people to register, and the operator's appointments. It stands
/// beside the log, which everybody who repairs or exports a chat reads, and which is never changed: a password must be replaceable, and go
/// when its member goes (docs/adr/0017).
/// </summary>
/// <remarks>
/// Thread-safe. All nodes of a chat share one store, so every method decides between callers on different nodes as it does between callers
/// on one. Bounded by the members: each has at most one password, one reset link, one e-mail address and one that waits for its
/// confirmation, and <see cref="ExternalIdentity.MaxPerMember"/> identities; and by the limit of invitations. A write takes no token,
/// because it cannot be taken back once it is sent. If it fails, it may have been carried out, and may be repeated unchanged.
/// </remarks>
public interface ICredentialStore
{
    /// <summary>The password of a member; null for none.</summary>
    /// <exception cref="LogUnavailableException">The database cannot be read now.</exception>
    ValueTask<StoredPassword?> FindPasswordAsync(string userId, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces a password if it is still the one that the caller knows, and then voids the member's links: the reset link, and the one of
    /// an e-mail address. So of two changes at once one wins, and the other learns about it. Repeating a replacement that was carried out
    /// succeeds.
    /// </summary>
    /// <param name="userId">The member.</param>
    /// <param name="from">The hash that must be there; null if there must be none.</param>
    /// <param name="to">The new password; null for none, nor an e-mail address then.</param>
    /// <returns>Whether the new one is stored.</returns>
    /// <exception cref="LogUnavailableException">The database cannot be written now.</exception>
    ValueTask<bool> ReplacePasswordAsync(string userId, string? from, StoredPassword? to);

    /// <summary>
    /// Replaces the hash of the same password, for example by one of more rounds. Does nothing if the password is another by now.
    /// </summary>
    /// <inheritdoc cref="ReplacePasswordAsync" path="/exception"/>
    ValueTask RenewHashAsync(string userId, string from, string to);

    /// <summary>Stores a reset link. It replaces the member's previous one.</summary>
    /// <inheritdoc cref="ReplacePasswordAsync" path="/exception"/>
    ValueTask PutResetLinkAsync(ResetLink link);

    /// <summary>Whose a reset link is; null if there is no such link, or its time is over.</summary>
    /// <param name="tokenHash">As <see cref="LinkToken.HashOf"/> computes it.</param>
    /// <param name="now">The time by which the link is judged.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <inheritdoc cref="FindPasswordAsync" path="/exception"/>
    ValueTask<string?> FindResetLinkAsync(string tokenHash, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Uses a reset link up, sets its member's password and voids the member's link of an e-mail address, all or nothing. Of several
    /// callers at once, one succeeds.
    /// </summary>
    /// <returns>Whose password was set; null if there is no such link, or its time is over.</returns>
    /// <inheritdoc cref="ReplacePasswordAsync" path="/exception"/>
    ValueTask<string?> UseResetLinkAsync(string tokenHash, DateTimeOffset now, StoredPassword to);

    /// <summary>The e-mail addresses of a member.</summary>
    /// <param name="userId">The member.</param>
    /// <param name="now">The time by which the link of a pending address is judged.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <inheritdoc cref="FindPasswordAsync" path="/exception"/>
    ValueTask<MemberEmails> FindEmailsAsync(string userId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Stores the link of an e-mail address, if the member has a password. It replaces the member's previous one. All links whose time is
    /// over are removed with their addresses.
    /// </summary>
    /// <param name="link">The link.</param>
    /// <param name="now">The time by which the others are judged.</param>
    /// <returns>Whether it is stored; false if there is no password, for example because the member was erased.</returns>
    /// <inheritdoc cref="ReplacePasswordAsync" path="/exception"/>
    ValueTask<bool> PutEmailLinkAsync(EmailLink link, DateTimeOffset now);

    /// <summary>The link of an e-mail address; null if there is no such link, or its time is over.</summary>
    /// <param name="tokenHash">As <see cref="LinkToken.HashOf"/> computes it.</param>
    /// <param name="now">The time by which the link is judged.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <inheritdoc cref="FindPasswordAsync" path="/exception"/>
    ValueTask<EmailLink?> FindEmailLinkAsync(string tokenHash, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Uses the link of an e-mail address up, makes the address the member's, and voids the member's reset link, which may have been sent
    /// to the address before. Of several callers at once, one succeeds.
    /// </summary>
    /// <returns>The link; null if there is no such link, or its time is over.</returns>
    /// <inheritdoc cref="ReplacePasswordAsync" path="/exception"/>
    ValueTask<EmailLink?> UseEmailLinkAsync(string tokenHash, DateTimeOffset now);

    /// <summary>Removes a member's e-mail addresses, the pending one too, and voids the member's reset link.</summary>
    /// <inheritdoc cref="ReplacePasswordAsync" path="/exception"/>
    ValueTask RemoveEmailsAsync(string userId);

    /// <summary>Gives an identity to a member. The first who asks gets it, and keeps it.</summary>
    /// <returns>Whose it is now: the member's, or another's. Null if the member has too many already, so that nothing was added.</returns>
    /// <inheritdoc cref="ReplacePasswordAsync" path="/exception"/>
    ValueTask<string?> AddIdentityAsync(ExternalIdentity identity, string userId);

    /// <summary>Whose an identity is; null if it is nobody's.</summary>
    /// <inheritdoc cref="FindPasswordAsync" path="/exception"/>
    ValueTask<string?> FindIdentityAsync(ExternalIdentity identity, CancellationToken cancellationToken);

    /// <summary>The identities of a member, in no particular order.</summary>
    /// <inheritdoc cref="FindPasswordAsync" path="/exception"/>
    ValueTask<IReadOnlyList<ExternalIdentity>> IdentitiesOfAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Takes all identities from a member. They are nobody's then.</summary>
    /// <inheritdoc cref="ReplacePasswordAsync" path="/exception"/>
    ValueTask RemoveIdentitiesAsync(string userId);

    /// <summary>
    /// Stores an invitation, unless there are as many as there may be. Those whose time is over do not count, and are removed. Repeating a
    /// call that was carried out succeeds.
    /// </summary>
    /// <param name="link">The invitation.</param>
    /// <param name="now">The time by which the others are judged.</param>
    /// <param name="limit">How many there may be, including this one. Several nodes may exceed it by as many calls as run at once.</param>
    /// <returns>Whether it is stored.</returns>
    /// <inheritdoc cref="ReplacePasswordAsync" path="/exception"/>
    ValueTask<bool> PutInvitationAsync(InvitationLink link, DateTimeOffset now, int limit);

    /// <summary>Until when an invitation is valid; null if there is none, or its time is over.</summary>
    /// <param name="tokenHash">As <see cref="LinkToken.HashOf"/> computes it.</param>
    /// <param name="now">The time by which the invitation is judged.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <inheritdoc cref="FindPasswordAsync" path="/exception"/>
    ValueTask<DateTimeOffset?> FindInvitationAsync(string tokenHash, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Uses an invitation up. Of several callers at once, one succeeds.</summary>
    /// <returns>The invitation; null if there is none, or its time is over.</returns>
    /// <inheritdoc cref="ReplacePasswordAsync" path="/exception"/>
    ValueTask<InvitationLink?> UseInvitationAsync(string tokenHash, DateTimeOffset now);

    /// <summary>Stores an appointment. It replaces the earlier one of the same nick.</summary>
    /// <inheritdoc cref="ReplacePasswordAsync" path="/exception"/>
    ValueTask PutAppointmentAsync(Appointment appointment);

    /// <summary>All appointments, in no particular order.</summary>
    /// <inheritdoc cref="FindPasswordAsync" path="/exception"/>
    ValueTask<IReadOnlyList<Appointment>> AppointmentsAsync(CancellationToken cancellationToken);

    /// <summary>Removes an appointment, unless it was replaced.</summary>
    /// <inheritdoc cref="ReplacePasswordAsync" path="/exception"/>
    ValueTask RemoveAppointmentAsync(Appointment appointment);

    /// <summary>Removes everything about a member.</summary>
    /// <inheritdoc cref="ReplacePasswordAsync" path="/exception"/>
    ValueTask EraseAsync(string userId);
}
