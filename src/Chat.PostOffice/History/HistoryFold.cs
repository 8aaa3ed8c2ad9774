using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.History;

/// <summary>
/// Folds entries for what they add to the history alone, for a tool that makes the history anew: there are no mailboxes and no commands.
/// </summary>
/// <remarks>Not thread-safe.</remarks>
/// <param name="history">Takes what was said and accepted. Only its members that write are called.</param>
public sealed class HistoryFold(IChatHistory history)
{
    private readonly List<Posting> _postings = [];
    private ChatState _state = new();

    /// <summary>Goes on from a state that is known, whatever the entries before it came to.</summary>
    public void Restart(ChatStateImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        _state = ChatState.Restore(image);
    }

    /// <summary>Applies the next entry; sequences rise.</summary>
    public void Apply(LogEntry next)
    {
        _postings.Clear();
        _state.Apply(next.Sequence, next.Entry, _postings);
        foreach (Posting posting in _postings)
            Record(history, posting, MailOf(posting, next));
    }

    /// <summary>What a consequence of an entry is to people; null when it is nothing to them.</summary>
    internal static Mail? MailOf(Posting posting, LogEntry cause) => posting switch
    {
        Posting.ToSession(_, MailContent content) => new Mail(cause.Sequence, cause.Entry.At, content),
        Posting.ToRooms broadcast => new Mail(cause.Sequence, cause.Entry.At, broadcast.Content),
        Posting.ToAll(MailContent content) => new Mail(cause.Sequence, cause.Entry.At, content),
        _ => null,
    };

    /// <summary>The history's share: what was said, once the fold has accepted it.</summary>
    internal static void Record(IChatHistory history, Posting posting, Mail? mail)
    {
        switch (posting)
        {
            case Posting.ToRooms { Content: Spoken or TopicChanged } said:
                history.Add(said.Rooms[0], mail!);
                break;
            case Posting.ToSession(SessionKey reader, Whisper):
                history.AddPrivate(reader, mail!);
                break;
            case Posting.Ended(string room):
                history.Forget(room);
                break;
            case Posting.Close(SessionKey reader, _, _):
                history.Forget(reader);
                break;
        }
    }
}
