using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.History;

/// <summary>
/// Folds entries only for what they add to the history. Used by a tool that rebuilds the history, without mailboxes and commands.
/// </summary>
/// <remarks>Not thread-safe.</remarks>
/// <param name="history">Receives the accepted messages. Only its writing members are called.</param>
public sealed class HistoryFold(IChatHistory history)
{
    private readonly List<Posting> _postings = [];
    private ChatState _state = new();

    /// <summary>Continues from a known state, whatever the earlier entries led to.</summary>
    public void Restart(ChatStateImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        _state = ChatState.Restore(image);
    }

    /// <summary>Applies the next entry. Sequences must rise.</summary>
    public void Apply(LogEntry next)
    {
        _postings.Clear();
        _state.Apply(next.Sequence, next.Entry, _postings);
        foreach (Posting posting in _postings)
            Record(history, posting, MailOf(posting, next));
        history.Applied(next.Sequence);
    }

    /// <summary>The mail that a consequence of an entry causes; null if it causes none.</summary>
    internal static Mail? MailOf(Posting posting, LogEntry cause) => posting switch
    {
        Posting.ToSession(_, MailContent content) => new Mail(cause.Sequence, cause.Entry.At, content),
        Posting.ToPerson(_, _, MailContent content) => new Mail(cause.Sequence, cause.Entry.At, content),
        Posting.ToSessions(_, MailContent content) => new Mail(cause.Sequence, cause.Entry.At, content),
        Posting.ToRooms broadcast => new Mail(cause.Sequence, cause.Entry.At, broadcast.Content),
        Posting.ToAll(MailContent content) => new Mail(cause.Sequence, cause.Entry.At, content),
        _ => null,
    };

    /// <summary>Writes what belongs to the history, once the fold has accepted it.</summary>
    internal static void Record(IChatHistory history, Posting posting, Mail? mail)
    {
        switch (posting)
        {
            case Posting.ToRooms { Content: Spoken or TopicChanged or MessageChanged or MessageRemoved or ReactionsChanged } said:
                history.Add(said.Rooms[0], mail!);
                break;
            case Posting.ToPerson(SessionKey reader, _, _):
                history.AddPrivate(reader, mail!);
                break;
            case Posting.Ended(string room):
                history.Forget(room);
                break;
            case Posting.Forget(SessionKey reader):
                history.Forget(reader);
                break;
            case Posting.Erase(string userId):
                history.Erase(userId);
                break;
        }
    }
}
