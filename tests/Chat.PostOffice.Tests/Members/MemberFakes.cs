using ErlChat.Log;
using ErlChat.Members;

namespace ErlChat.Tests;

/// <summary>Hashes without cost, and remembers what was asked.</summary>
internal sealed class PlainHashing : IPasswordHashing
{
    /// <summary>What every call answers; null to compute.</summary>
    internal HashAnswer? Answer { get; set; }

    /// <summary>Runs while a password is checked.</summary>
    internal Func<Task> Meanwhile { get; set; } = static () => Task.CompletedTask;

    /// <summary>Whose passwords were tried, and whether there was a hash.</summary>
    internal List<(Guesser Who, bool HasHash)> Asked { get; } = [];

    public async ValueTask<HashAnswer> VerifyAsync(Guesser who, string? hash, string password, string? next = null)
    {
        Asked.Add((who, hash is not null));
        await Meanwhile();
        if (Answer is { } answer)
            return answer;
        if (hash != "#" + password && hash != "weak#" + password)
            return new HashAnswer(HashEnd.Wrong);
        string? renewed = hash.StartsWith("weak", StringComparison.Ordinal) ? "#" + password : null;
        return new HashAnswer(HashEnd.Right, next is null ? renewed : "#" + next);
    }

    public async ValueTask<HashAnswer> HashAsync(Guesser who, string password)
    {
        Asked.Add((who, false));
        await Meanwhile();
        return Answer ?? new HashAnswer(HashEnd.Right, "#" + password);
    }
}

/// <summary>A store whose database may be away, and which counts what it is asked.</summary>
internal sealed class AwayCredentials : ICredentialStore
{
    private readonly MemoryCredentials _store = new();

    internal bool IsAway { get; set; }

    /// <summary>How often a password was looked for.</summary>
    internal int Finds { get; private set; }

    public ValueTask<StoredPassword?> FindPasswordAsync(string userId, CancellationToken cancellationToken)
    {
        Finds++;
        return Store.FindPasswordAsync(userId, cancellationToken);
    }

    public ValueTask<bool> ReplacePasswordAsync(string userId, string? from, StoredPassword? to) =>
        Store.ReplacePasswordAsync(userId, from, to);

    public ValueTask RenewHashAsync(string userId, string from, string to) => Store.RenewHashAsync(userId, from, to);

    public ValueTask PutResetLinkAsync(ResetLink link) => Store.PutResetLinkAsync(link);

    public ValueTask<string?> FindResetLinkAsync(string tokenHash, DateTimeOffset now, CancellationToken cancellationToken) =>
        Store.FindResetLinkAsync(tokenHash, now, cancellationToken);

    public ValueTask<string?> UseResetLinkAsync(string tokenHash, DateTimeOffset now, StoredPassword to) =>
        Store.UseResetLinkAsync(tokenHash, now, to);

    public ValueTask<MemberEmails> FindEmailsAsync(string userId, DateTimeOffset now, CancellationToken cancellationToken) =>
        Store.FindEmailsAsync(userId, now, cancellationToken);

    public ValueTask<bool> PutEmailLinkAsync(EmailLink link, DateTimeOffset now) => Store.PutEmailLinkAsync(link, now);

    public ValueTask<EmailLink?> FindEmailLinkAsync(string tokenHash, DateTimeOffset now, CancellationToken cancellationToken) =>
        Store.FindEmailLinkAsync(tokenHash, now, cancellationToken);

    public ValueTask<EmailLink?> UseEmailLinkAsync(string tokenHash, DateTimeOffset now) => Store.UseEmailLinkAsync(tokenHash, now);

    public ValueTask RemoveEmailsAsync(string userId) => Store.RemoveEmailsAsync(userId);

    public ValueTask<string?> AddIdentityAsync(ExternalIdentity identity, string userId) => Store.AddIdentityAsync(identity, userId);

    public ValueTask<string?> FindIdentityAsync(ExternalIdentity identity, CancellationToken cancellationToken) =>
        Store.FindIdentityAsync(identity, cancellationToken);

    public ValueTask<IReadOnlyList<ExternalIdentity>> IdentitiesOfAsync(string userId, CancellationToken cancellationToken) =>
        Store.IdentitiesOfAsync(userId, cancellationToken);

    public ValueTask RemoveIdentitiesAsync(string userId) => Store.RemoveIdentitiesAsync(userId);

    public ValueTask<bool> PutInvitationAsync(InvitationLink link, DateTimeOffset now, int limit) =>
        Store.PutInvitationAsync(link, now, limit);

    public ValueTask<DateTimeOffset?> FindInvitationAsync(string tokenHash, DateTimeOffset now, CancellationToken cancellationToken) =>
        Store.FindInvitationAsync(tokenHash, now, cancellationToken);

    public ValueTask<InvitationLink?> UseInvitationAsync(string tokenHash, DateTimeOffset now) => Store.UseInvitationAsync(tokenHash, now);

    public ValueTask PutAppointmentAsync(Appointment appointment) => Store.PutAppointmentAsync(appointment);

    public ValueTask<IReadOnlyList<Appointment>> AppointmentsAsync(CancellationToken cancellationToken) =>
        Store.AppointmentsAsync(cancellationToken);

    public ValueTask RemoveAppointmentAsync(Appointment appointment) => Store.RemoveAppointmentAsync(appointment);

    public ValueTask EraseAsync(string userId) => Store.EraseAsync(userId);

    private MemoryCredentials Store => IsAway ? throw new LogUnavailableException("away") : _store;
}
