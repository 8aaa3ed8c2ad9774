namespace ErlChat.Members;

/// <summary>E-mail addresses, and their links.</summary>
public sealed partial class MemoryCredentials
{
    private readonly Dictionary<string, string> _emails = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EmailLink> _emailLinks = new(StringComparer.Ordinal);

    public ValueTask<MemberEmails> FindEmailsAsync(string userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            string? pending = _emailLinks.TryGetValue(userId, out EmailLink? link) && link.Expires > now ? link.Address : null;
            return new(new MemberEmails(_emails.GetValueOrDefault(userId), pending));
        }
    }

    public ValueTask<bool> PutEmailLinkAsync(EmailLink link, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(link);
        lock (_gate)
        {
            foreach ((string userId, EmailLink one) in _emailLinks)
            {
                // Removing an entry of a dictionary does not disturb its enumeration.
                if (one.Expires <= now)
                    _emailLinks.Remove(userId);
            }

            if (!_passwords.ContainsKey(link.UserId))
                return new(false);
            _emailLinks[link.UserId] = link;
            return new(true);
        }
    }

    public ValueTask<EmailLink?> FindEmailLinkAsync(string tokenHash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_gate)
            return new(FindEmailLink(tokenHash, now));
    }

    public ValueTask<EmailLink?> UseEmailLinkAsync(string tokenHash, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (FindEmailLink(tokenHash, now) is not { } link)
                return new((EmailLink?)null);
            _emailLinks.Remove(link.UserId);
            _links.Remove(link.UserId);
            _emails[link.UserId] = link.Address;
            return new(link);
        }
    }

    public ValueTask RemoveEmailsAsync(string userId)
    {
        lock (_gate)
        {
            _emails.Remove(userId);
            _emailLinks.Remove(userId);
            _links.Remove(userId);
            return default;
        }
    }

    private EmailLink? FindEmailLink(string tokenHash, DateTimeOffset now) =>
        _emailLinks.Values.FirstOrDefault(link => link.TokenHash == tokenHash && link.Expires > now);
}
