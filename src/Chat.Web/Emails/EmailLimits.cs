using System.Threading.RateLimiting;
using ErlChat.Limits;
using ErlChat.Web.Limits;
using ErlChat.Web.Site;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Emails;

/// <summary>
/// How many links may be asked for, and how many e-mails are sent, in an hour. Each node counts for itself. Those of each kind count
/// apart: a member is told when there are too many confirmations, and must not learn so who gets links for new passwords where, nor keep
/// them from anybody.
/// </summary>
/// <remarks>Thread-safe. A full budget that nobody uses is forgotten.</remarks>
internal sealed class EmailLimits : IDisposable
{
    private static readonly TimeSpan s_window = TimeSpan.FromHours(1);

    private readonly Admission _admission;
    private readonly PartitionedRateLimiter<string> _hosts;
    private readonly PartitionedRateLimiter<string> _receivers;
    private readonly BucketLimiter _server;

    public EmailLimits(IOptions<SmtpOptions> options, Admission admission, TimeProvider time)
    {
        _admission = admission;
        _hosts = BudgetsOf(options.Value.RequestsPerAddress, LimitScope.Address);
        _receivers = BudgetsOf(options.Value.EmailsPerReceiver, LimitScope.Session);
        _server = BudgetOf(options.Value.EmailsPerServer, LimitScope.Server);

        PartitionedRateLimiter<string> BudgetsOf(int count, LimitScope scope) =>
            PartitionedRateLimiter.Create<string, string>(key => RateLimitPartition.Get<string>(key, _ => BudgetOf(count, scope)));

        BucketLimiter BudgetOf(int count, LimitScope scope) => new(count, s_window, new Limit(LimitKind.Emails, scope), time);
    }

    /// <summary>Counts a request of an address.</summary>
    /// <returns>Null if it is allowed; otherwise how long to wait.</returns>
    internal TimeSpan? Ask(string host)
    {
        RateLimitLease lease = _hosts.AttemptAgain(host, 1);
        if (!lease.IsAcquired)
            _admission.Note(lease, host);
        return WaitOf(lease);
    }

    /// <summary>
    /// Counts an e-mail to a member: for the member, for the e-mail address, and for the server; or, if one refuses, for none.
    /// </summary>
    /// <returns>Null if it is allowed; otherwise how long to wait.</returns>
    internal TimeSpan? Send(EmailKind kind, string userId, string address)
    {
        var taken = new List<RateLimitLease>(3);
        foreach (Func<RateLimitLease> take in (Func<RateLimitLease>[])
        [
            // No user id has an @.
            () => _receivers.AttemptAgain($"{kind} {userId}", 1),
            () => _receivers.AttemptAgain($"{kind} {address.ToUpperInvariant()}", 1),
            () => _server.AttemptAcquire(),
        ])
        {
            RateLimitLease lease = take();
            if (lease.IsAcquired)
            {
                taken.Add(lease);
                continue;
            }

            // Disposing a lease returns what it took.
            taken.ForEach(static one => one.Dispose());
            _admission.Note(new Limit(LimitKind.Emails, taken.Count == 2 ? LimitScope.Server : LimitScope.Session));
            return WaitOf(lease);
        }

        return null;
    }

    public void Dispose()
    {
        _hosts.Dispose();
        _receivers.Dispose();
        _server.Dispose();
    }

    private static TimeSpan? WaitOf(RateLimitLease lease) =>
        lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait) ? wait : null;
}
