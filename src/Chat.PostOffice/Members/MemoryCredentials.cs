namespace ErlChat.Members;

/// <summary>The credentials of a chat whose log is in memory: they go with it.</summary>
/// <remarks>Thread-safe. Answers at once.</remarks>
public sealed partial class MemoryCredentials : ICredentialStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, StoredPassword> _passwords = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ResetLink> _links = new(StringComparer.Ordinal);
    private readonly Dictionary<ExternalIdentity, string> _identities = [];
    private readonly Dictionary<string, InvitationLink> _invitations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Appointment> _appointments = new(StringComparer.Ordinal);

    public ValueTask<StoredPassword?> FindPasswordAsync(string userId, CancellationToken cancellationToken)
    {
        lock (_gate)
            return new(_passwords.GetValueOrDefault(userId));
    }

    public ValueTask<bool> ReplacePasswordAsync(string userId, string? from, StoredPassword? to)
    {
        lock (_gate)
        {
            string? there = _passwords.GetValueOrDefault(userId)?.Hash;
            if (there != from && there != to?.Hash)
                return new(false);
            if (to is null)
            {
                _passwords.Remove(userId);
                _emails.Remove(userId);
            }
            else
            {
                _passwords[userId] = to;
            }

            _links.Remove(userId);
            _emailLinks.Remove(userId);
            return new(true);
        }
    }

    public ValueTask RenewHashAsync(string userId, string from, string to)
    {
        lock (_gate)
        {
            if (_passwords.TryGetValue(userId, out StoredPassword? there) && there.Hash == from)
                _passwords[userId] = there with { Hash = to };
            return default;
        }
    }

    public ValueTask PutResetLinkAsync(ResetLink link)
    {
        ArgumentNullException.ThrowIfNull(link);
        lock (_gate)
            _links[link.UserId] = link;
        return default;
    }

    public ValueTask<string?> FindResetLinkAsync(string tokenHash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_gate)
            return new(Find(tokenHash, now)?.UserId);
    }

    public ValueTask<string?> UseResetLinkAsync(string tokenHash, DateTimeOffset now, StoredPassword to)
    {
        lock (_gate)
        {
            if (Find(tokenHash, now) is not { } link)
                return new((string?)null);
            _links.Remove(link.UserId);
            _emailLinks.Remove(link.UserId);
            _passwords[link.UserId] = to;
            return new(link.UserId);
        }
    }

    public ValueTask<string?> AddIdentityAsync(ExternalIdentity identity, string userId)
    {
        lock (_gate)
        {
            if (!_identities.ContainsKey(identity) && _identities.Values.Count(one => one == userId) < ExternalIdentity.MaxPerMember)
                _identities.Add(identity, userId);
            return new(_identities.GetValueOrDefault(identity));
        }
    }

    public ValueTask<string?> FindIdentityAsync(ExternalIdentity identity, CancellationToken cancellationToken)
    {
        lock (_gate)
            return new(_identities.GetValueOrDefault(identity));
    }

    public ValueTask<IReadOnlyList<ExternalIdentity>> IdentitiesOfAsync(string userId, CancellationToken cancellationToken)
    {
        lock (_gate)
            return new([.. _identities.Where(one => one.Value == userId).Select(one => one.Key)]);
    }

    public ValueTask RemoveIdentitiesAsync(string userId)
    {
        lock (_gate)
            RemoveIdentities(userId);
        return default;
    }

    public ValueTask<bool> PutInvitationAsync(InvitationLink link, DateTimeOffset now, int limit)
    {
        ArgumentNullException.ThrowIfNull(link);
        lock (_gate)
        {
            foreach ((string hash, InvitationLink one) in _invitations)
            {
                // Removing an entry of a dictionary does not disturb its enumeration.
                if (one.Expires <= now)
                    _invitations.Remove(hash);
            }

            if (_invitations.Count < limit)
                _invitations[link.TokenHash] = link;
            return new(_invitations.ContainsKey(link.TokenHash));
        }
    }

    public ValueTask<DateTimeOffset?> FindInvitationAsync(string tokenHash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_gate)
            return new(Valid(tokenHash, now)?.Expires);
    }

    public ValueTask<InvitationLink?> UseInvitationAsync(string tokenHash, DateTimeOffset now)
    {
        lock (_gate)
        {
            InvitationLink? link = Valid(tokenHash, now);
            if (link is not null)
                _invitations.Remove(tokenHash);
            return new(link);
        }
    }

    public ValueTask PutAppointmentAsync(Appointment appointment)
    {
        ArgumentNullException.ThrowIfNull(appointment);
        lock (_gate)
            _appointments[appointment.Nick] = appointment;
        return default;
    }

    public ValueTask<IReadOnlyList<Appointment>> AppointmentsAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return new([.. _appointments.Values]);
    }

    public ValueTask RemoveAppointmentAsync(Appointment appointment)
    {
        ArgumentNullException.ThrowIfNull(appointment);
        lock (_gate)
        {
            if (_appointments.GetValueOrDefault(appointment.Nick) == appointment)
                _appointments.Remove(appointment.Nick);
            return default;
        }
    }

    public ValueTask EraseAsync(string userId)
    {
        lock (_gate)
        {
            _passwords.Remove(userId);
            _links.Remove(userId);
            _emails.Remove(userId);
            _emailLinks.Remove(userId);
            RemoveIdentities(userId);
            return default;
        }
    }

    private void RemoveIdentities(string userId)
    {
        foreach ((ExternalIdentity identity, string owner) in _identities)
        {
            // Removing an entry of a dictionary does not disturb its enumeration.
            if (owner == userId)
                _identities.Remove(identity);
        }
    }

    private InvitationLink? Valid(string tokenHash, DateTimeOffset now) =>
        _invitations.TryGetValue(tokenHash, out InvitationLink? link) && link.Expires > now ? link : null;

    private ResetLink? Find(string tokenHash, DateTimeOffset now) =>
        _links.Values.FirstOrDefault(link => link.TokenHash == tokenHash && link.Expires > now);
}
