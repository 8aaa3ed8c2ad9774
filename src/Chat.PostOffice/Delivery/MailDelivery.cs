using ErlChat.History;
using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Telemetry;

namespace ErlChat.Delivery;

/// <summary>Delivers what the fold decided: to the histories and, through the post office, to mailboxes.</summary>
/// <remarks>
/// Not thread-safe: only the thread that follows the log calls it, while holding no lock. It takes the mailboxes' locks, one at a time.
/// </remarks>
internal sealed class MailDelivery(PostOffice office, IChatHistory history, RingTroubles troubles)
{
    /// <summary>
    /// Whether the log is still being replayed. The readers of a mailbox that is created during the replay are not known.
    /// </summary>
    internal bool IsRestoring { get; set; } = true;

    /// <summary>
    /// Handles one consequence of an entry. A failure of the history, or of one recipient, does not keep the mail from the others.
    /// </summary>
    /// <param name="posting">The consequence.</param>
    /// <param name="cause">The entry.</param>
    /// <param name="deliver">Whether to deliver to mailboxes, or only to the history.</param>
    internal void Settle(Posting posting, LogEntry cause, bool deliver)
    {
        Mail? mail = null;
        try
        {
            mail = HistoryFold.MailOf(posting, cause);
            HistoryFold.Record(history, posting, mail);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            troubles.ApplyFailed(cause, e);
        }

        if (!deliver)
            return;
        try
        {
            Deliver(posting, mail, cause.Sequence);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            troubles.ApplyFailed(cause, e);
        }
    }

    /// <summary>All consequences of an entry have been handled.</summary>
    internal void Finish(LogEntry cause)
    {
        try
        {
            history.Applied(cause.Sequence);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            troubles.ApplyFailed(cause, e);
        }
    }

    private void Deliver(Posting posting, Mail? mail, long sequence)
    {
        if (mail?.Content is MessageRemoved)
            office.RemoveText(mail, (posting as Posting.ToPerson)?.Sessions);
        switch (posting)
        {
            case Posting.ToSession(SessionKey session, _):
                office.Send(session, mail!);
                break;
            case Posting.ToPerson(_, IReadOnlyList<SessionKey> devices, _):
                foreach (SessionKey one in devices)
                    office.Send(one, mail!);
                break;
            case Posting.ToSessions(IReadOnlyList<SessionKey> sessions, _):
                foreach (SessionKey one in sessions)
                    office.Send(one, mail!);
                break;
            case Posting.ToRooms broadcast:
                office.Broadcast(broadcast.Rooms, mail!, broadcast.Except);
                break;
            case Posting.ToAll:
                office.Broadcast(mail!);
                break;
            case Posting.Open(SessionKey session):
                office.Create(session, floor: 0, joined: sequence, restored: IsRestoring);
                break;
            case Posting.Close(SessionKey session, CloseReason reason, bool keepMail):
                office.Delete(session, reason, keepMail);
                break;
            case Posting.Reopen(SessionKey session, long joined):
                office.Create(session, floor: sequence, joined, restored: false, isReturn: true);
                break;
            case Posting.GoOffline(SessionKey session):
                office.Delete(session, CloseReason.Timeout, keepMail: false);
                break;
            case Posting.Serve(SessionKey session, string node, long since, bool endsWithNode):
                office.Serve(session, node, since, endsWithNode);
                break;
            case Posting.Enter(SessionKey session, string room, bool quiet):
                office.Enter(session, room, quiet);
                break;
            case Posting.Part(SessionKey session, string room):
                office.Part(session, room);
                break;
            case Posting.Hide(SessionKey session, long from):
                office.Find(session)?.Hide(from, sequence);
                break;
            case Posting.Ended or Posting.Forget or Posting.Erase:
                // Only the history has to know. The post office forgets a room when its last member leaves.
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"No way to deliver {posting.GetType().Name}.");
        }
    }
}
