using System.Diagnostics;
using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;

namespace ErlChat.History;

/// <summary>What a database stores of a message or a topic change.</summary>
/// <param name="Kind">One of <see cref="HistoryKind"/>.</param>
/// <param name="Who">Who wrote it.</param>
/// <param name="To">The receiver of a private message; null for other kinds.</param>
/// <param name="Text">The message, or the topic.</param>
public readonly record struct StoredMessage(string Kind, Person Who, Person? To, string Text)
{
    /// <summary>What was done to the message last; null if nothing was.</summary>
    public MessageChange? Change { get; init; }

    /// <summary>The parts of a mail that belongs to the history.</summary>
    public static StoredMessage Of(MailContent content) => content switch
    {
        Spoken spoken => new(spoken.Action ? HistoryKind.Action : HistoryKind.Said, spoken.Who, null, spoken.Text)
        {
            Change = spoken.Change,
        },
        TopicChanged topic => new(HistoryKind.Topic, topic.Who, null, topic.Topic),
        Whisper whisper => new(HistoryKind.Private, whisper.From, whisper.To, whisper.Text) { Change = whisper.Change },
        _ => throw new UnreachableException($"{content?.GetType().Name} is no part of the history."),
    };

    /// <summary>The room that a message or a topic belongs to; null for a private message.</summary>
    public static string? RoomOf(Mail mail)
    {
        ArgumentNullException.ThrowIfNull(mail);
        return mail.Content switch
        {
            Spoken spoken => spoken.Room,
            TopicChanged topic => topic.Room,
            MessageChanged changed => changed.Message.Room,
            MessageRemoved removed => removed.Message.Room,
            ReactionsChanged changed => changed.Room,
            _ => null,
        };
    }

    /// <summary>The mail's content again.</summary>
    /// <param name="room">The room's name as it was written; null for a private message.</param>
    /// <param name="own">Whether it is the sender's copy of a private message.</param>
    /// <exception cref="InvalidDataException">The kind is unknown.</exception>
    public MailContent ToContent(string? room, bool own) => Kind switch
    {
        HistoryKind.Said => new Spoken(room!, Who, Text, Action: false, Own: false) { Change = Change },
        HistoryKind.Action => new Spoken(room!, Who, Text, Action: true, Own: false) { Change = Change },
        HistoryKind.Topic => new TopicChanged(room!, Who, Text),
        HistoryKind.Private => new Whisper(Who, To!, Text, own) { Change = Change },
        _ => throw new InvalidDataException($"A message of kind '{Kind}'."),
    };
}
