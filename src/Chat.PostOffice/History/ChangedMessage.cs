using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Postings;

namespace ErlChat.History;

/// <summary>What a message in the history is after it was edited or deleted.</summary>
public static class ChangedMessage
{
    /// <summary>What was done to a message last; null if nothing was, and for topics.</summary>
    public static MessageChange? ChangeOf(Mail mail)
    {
        ArgumentNullException.ThrowIfNull(mail);
        return mail.Content switch
        {
            Spoken spoken => spoken.Change,
            Whisper whisper => whisper.Change,
            _ => null,
        };
    }

    /// <summary>Whether a message was edited or deleted.</summary>
    public static bool WasChanged(Mail mail) => ChangeOf(mail) is not null;

    /// <summary>Whether a message was deleted.</summary>
    public static bool IsRemoved(Mail mail) => ChangeOf(mail) is { IsRemoval: true };

    /// <summary>The text of a message.</summary>
    public static string TextOf(Mail mail)
    {
        ArgumentNullException.ThrowIfNull(mail);
        return StoredMessage.Of(mail.Content).Text;
    }

    /// <summary>The entry with the facts of the message that it names.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="mail">The message, as the history has it.</param>
    public static MessageEntry Named(MessageEntry entry, Mail mail)
    {
        ArgumentNullException.ThrowIfNull(entry);
        MessageRef message = NameOf(mail);
        return entry with
        {
            Written = message.At,
            Nick = message.Who.Nick,
            Name = message.Who.Name,
            AuthorId = message.Who.UserId,
            Room = message.Room,
            To = message.To?.Nick,
            ToName = message.To?.Name,
            ToId = message.To?.UserId,
            Action = message.IsAction ? true : null,
        };
    }

    /// <summary>The message that a change is about; null if the mail is no change.</summary>
    public static MessageRef? RefOf(Mail change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return change.Content switch
        {
            MessageChanged changed => changed.Message,
            MessageRemoved removed => removed.Message,
            _ => null,
        };
    }

    /// <summary>What is done to a message, and the text that it has then.</summary>
    /// <param name="change">A mail with <see cref="MessageChanged"/> or <see cref="MessageRemoved"/>.</param>
    public static (MessageChange Change, string Text) Of(Mail change)
    {
        ArgumentNullException.ThrowIfNull(change);
        MessageChangeKind kind = change.Content is not MessageRemoved removed ? MessageChangeKind.Edited
            : removed.ByModerator ? MessageChangeKind.RemovedByModerator
            : MessageChangeKind.Removed;
        return (new MessageChange(change.Sequence, change.At, kind), change.Content is MessageChanged changed ? changed.Text : "");
    }

    /// <summary>
    /// The message after a change; null if the change is about another message, or has been applied, or the message was deleted before.
    /// </summary>
    public static Mail? After(Mail mail, Mail change)
    {
        ArgumentNullException.ThrowIfNull(mail);
        if (RefOf(change)?.Sequence != mail.Sequence)
            return null;
        (MessageChange done, string text) = Of(change);
        if (ChangeOf(mail) is { } before && (before.IsRemoval || before.Sequence >= done.Sequence))
            return null;
        return mail.Content switch
        {
            Spoken spoken => new Mail(mail.Sequence, mail.At, spoken with
            {
                Text = text,
                Change = done,
                Earlier = done.IsRemoval ? null : spoken.Earlier,
                Reacted = done.IsRemoval ? null : spoken.Reacted,
            }),
            Whisper whisper => new Mail(mail.Sequence, mail.At, whisper with
            {
                Text = text,
                Change = done,
                Reacted = done.IsRemoval ? null : whisper.Reacted,
            }),
            _ => null,
        };
    }

    /// <summary>
    /// What a mail is without the text of a message that was deleted: the message itself, or an edit of it. Null if it has none of it.
    /// </summary>
    /// <param name="mail">A mail.</param>
    /// <param name="removal">A mail with <see cref="MessageRemoved"/>.</param>
    public static Mail? WithoutText(Mail mail, Mail removal)
    {
        ArgumentNullException.ThrowIfNull(mail);
        ArgumentNullException.ThrowIfNull(removal);
        return mail.Content is MessageChanged { Text.Length: > 0 } edit && edit.Message.Sequence == RefOf(removal)?.Sequence
            ? new Mail(mail.Sequence, mail.At, edit with { Text = "" })
            : After(mail, removal);
    }

    /// <summary>The whole message that a change leads to.</summary>
    /// <inheritdoc cref="Of" path="/param"/>
    public static Mail Whole(Mail change)
    {
        MessageRef message = RefOf(change)!;
        (MessageChange done, string text) = Of(change);
        MailContent content = message.Room is { } room
            ? new Spoken(room, message.Who, text, message.IsAction, Own: false) { Change = done }
            : new Whisper(message.Who, message.To!, text, IsOwn(change)) { Change = done };
        return new Mail(message.Sequence, message.At, content);
    }

    /// <summary>The change that led to a message, as mail; null if nothing was done to it.</summary>
    public static Mail? MailOf(Mail mail)
    {
        ArgumentNullException.ThrowIfNull(mail);
        if (ChangeOf(mail) is not { } done)
            return null;
        MessageRef message = NameOf(mail);
        bool isOwn = mail.Content is Whisper { Own: true };
        return new Mail(done.Sequence, done.At, done.IsRemoval
            ? new MessageRemoved(message, done.Kind == MessageChangeKind.RemovedByModerator, isOwn)
            : new MessageChanged(message, mail.Content.Words!, isOwn));
    }

    /// <summary>Names a message of the history.</summary>
    /// <param name="mail">A mail with <see cref="Spoken"/> or <see cref="Whisper"/>.</param>
    public static MessageRef NameOf(Mail mail)
    {
        ArgumentNullException.ThrowIfNull(mail);
        StoredMessage stored = StoredMessage.Of(mail.Content);
        return new MessageRef(mail.Sequence, mail.At, stored.Who)
        {
            Room = StoredMessage.RoomOf(mail),
            To = stored.To,
            IsAction = stored.Kind == HistoryKind.Action,
        };
    }

    private static bool IsOwn(Mail change) => change.Content is MessageChanged { Own: true } or MessageRemoved { Own: true };
}
