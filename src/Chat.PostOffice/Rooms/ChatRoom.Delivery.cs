using ErlChat.History;
using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.Rooms;

/// <summary>From what the fold decided to histories and mailboxes.</summary>
public sealed partial class ChatRoom
{
    /// <summary>One consequence of an entry. Neither a fault of the history nor one recipient's keeps the others from theirs.</summary>
    private void Settle(Posting posting, LogEntry cause, bool deliver)
    {
        Mail? mail = null;
        try
        {
            mail = HistoryFold.MailOf(posting, cause);
            HistoryFold.Record(_history, posting, mail);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _troubles.ApplyFailed(cause, e);
        }

        if (!deliver)
            return;
        try
        {
            Deliver(posting, mail, cause.Sequence);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _troubles.ApplyFailed(cause, e);
        }
    }

    private void Deliver(Posting posting, Mail? mail, long sequence)
    {
        switch (posting)
        {
            case Posting.ToSession(SessionKey session, _):
                _office.Send(session, mail!);
                break;
            case Posting.ToRooms broadcast:
                _office.Broadcast(broadcast.Rooms, mail!, broadcast.Except);
                break;
            case Posting.ToAll:
                _office.Broadcast(mail!);
                break;
            case Posting.Open(SessionKey session):
                _office.Create(session, floor: 0, joined: sequence, restored: !_replayed);
                break;
            case Posting.Close(SessionKey session, CloseReason reason, bool keepMail):
                _office.Delete(session, reason, keepMail);
                break;
            case Posting.Enter(SessionKey session, string room, bool quiet):
                _office.Enter(session, room, quiet);
                break;
            case Posting.Part(SessionKey session, string room):
                _office.Part(session, room);
                break;
            case Posting.Hide(SessionKey session, long from):
                _office.Find(session)?.Hide(from, sequence);
                break;
            case Posting.Ended:
                // The post office forgets a room with its last member.
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"No way to deliver {posting.GetType().Name}.");
        }
    }
}
