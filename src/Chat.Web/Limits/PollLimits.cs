using ErlChat.Delivery;
using ErlChat.Limits;
using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.Web.Comet;

namespace ErlChat.Web.Limits;

/// <summary>
/// What a poll costs. One that waits, or that is the first to be given what is there, costs nothing: the connections bound it. One that asks the same again, or comes from a place that
/// does not exist, or that another poll has ended, costs a read; over the limit it is answered late, not refused, because no client expects a poll to be refused.
/// Thread-safe.
/// </summary>
internal sealed class PollLimits(Admission admission, PostOffice office, IHostApplicationLifetime lifetime)
{
    /// <summary>Whether a poll costs nothing.</summary>
    /// <param name="box">Where it is to wait; null when it cannot.</param>
    internal static bool IsFree(Mailbox? box, in WaitQuery query) => box is not null && box.IsNext(query.MessageId);

    /// <summary>Takes what any other poll costs. False when there is none left, and nothing was taken.</summary>
    /// <param name="host">Null when the address is not known.</param>
    internal bool TryPay(SessionKey session, string? host) => admission.TryRead(IsLive(session) ? session : null, host);

    /// <summary>The same, and waits for it if need be; without a session there is nobody to wait for, and the poll may be refused.</summary>
    internal async ValueTask<Refused?> PayAsync(SessionKey session, string host, CancellationToken gone)
    {
        bool isLive = IsLive(session);
        Refused? refused = admission.Read(isLive ? session : null, host);
        if (refused is null || !isLive)
            return refused;
        await PayLateAsync(session, host, gone);
        return null;
    }

    /// <summary>What a poll costs that another one has ended, and that was none of the address' business before.</summary>
    internal ValueTask PaySupersededAsync(SessionKey session, CancellationToken gone) => PayLateAsync(session, null, gone);

    /// <summary>Does not wait for a client that has gone, nor while the server stops.</summary>
    private async ValueTask PayLateAsync(SessionKey session, string? host, CancellationToken gone)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, lifetime.ApplicationStopping);
        try
        {
            await admission.ReadLateAsync(session, host, either.Token);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits any more.
        }
    }

    private bool IsLive(SessionKey session) => office.Find(session) is { IsClosed: false };
}
