using ErlChat.Delivery;
using ErlChat.Limits;
using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.Web.Requests;

namespace ErlChat.Web.Limits;

/// <summary>
/// Charges polls. A poll that waits, or that is the first to read new mail, is free; the number of connections already limits these. A poll
/// that repeats an earlier position, uses an invalid position or was ended by another poll costs a read. Above the limit it is answered
/// late rather than refused, because clients do not expect refusals of polls. Thread-safe.
/// </summary>
internal sealed class PollLimits(Admission admission, PostOffice office, IHostApplicationLifetime lifetime)
{
    /// <summary>Whether a poll is free.</summary>
    /// <param name="box">The mailbox that it would wait at; null if there is none.</param>
    internal static bool IsFree(Mailbox? box, in WaitQuery query) => box is not null && box.IsNext(query.MessageId);

    /// <summary>Charges a poll that is not free. Returns false, without charging, if the limit is used up.</summary>
    /// <param name="host">The client's address; null if it is not known.</param>
    internal bool TryPay(SessionKey session, string? host) => admission.TryRead(IsLive(session) ? session : null, host);

    /// <summary>Charges a poll that is not free. A poll of a live session waits if the limit is used up; another one is refused.</summary>
    internal async ValueTask<Refused?> PayAsync(SessionKey session, string host, CancellationToken gone)
    {
        bool isLive = IsLive(session);
        Refused? refused = admission.Read(isLive ? session : null, host);
        if (refused is null || !isLive)
            return refused;
        await PayLateAsync(session, host, gone);
        return null;
    }

    /// <summary>Charges a poll that another poll has ended. Only the session is charged.</summary>
    internal ValueTask PaySupersededAsync(SessionKey session, CancellationToken gone) => PayLateAsync(session, null, gone);

    /// <summary>Waits until the charge fits the limit, unless the client goes or the server stops.</summary>
    private async ValueTask PayLateAsync(SessionKey session, string? host, CancellationToken gone)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, lifetime.ApplicationStopping);
        try
        {
            await admission.ReadLateAsync(session, host, either.Token);
        }
        catch (OperationCanceledException)
        {
            // The client has gone, or the server is stopping.
        }
    }

    private bool IsLive(SessionKey session) => office.Find(session) is { IsClosed: false };
}
