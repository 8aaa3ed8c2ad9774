using System.Globalization;
using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;

namespace ErlChat.History;

/// <summary>What readers are shown of the messages that others answer.</summary>
internal static class Answering
{
    /// <summary>The longest excerpt of a text, in UTF-16 units, without the sign at its end.</summary>
    internal const int MaxExcerpt = 140;

    /// <summary>The messages that those of a page answer, each once.</summary>
    internal static IReadOnlyList<long> ParentsOf(MailPage page) =>
        [.. page.Select(static mail => ParentMessage.Of(mail.Content)?.Sequence).OfType<long>().Distinct()];

    /// <summary>The entry of an answer with the facts of the message that it answers.</summary>
    internal static Replied Named(Replied entry, Mail parent)
    {
        Person author = StoredMessage.Of(parent.Content).Who;
        return entry with { ParentNick = author.Nick, ParentAuthorId = author.UserId };
    }

    /// <inheritdoc cref="Named(Replied, Mail)"/>
    internal static WhisperReplied Named(WhisperReplied entry, Mail parent)
    {
        Person author = StoredMessage.Of(parent.Content).Who;
        return entry with { ParentNick = author.Nick, ParentAuthorId = author.UserId };
    }

    /// <summary>The user id of the other person of a private message; null for a message in a room.</summary>
    internal static string? OtherOf(Mail message) =>
        message.Content is Whisper whisper ? (whisper.Own ? whisper.To : whisper.From).UserId : null;

    /// <summary>What is shown of a message that another one answers.</summary>
    /// <param name="message">The message, as the history has it now.</param>
    private static ParentMessage Described(Mail message)
    {
        StoredMessage stored = StoredMessage.Of(message.Content);
        return new ParentMessage(message.Sequence)
        {
            Nick = stored.Who.Nick,
            AuthorId = stored.Who.UserId,
            Excerpt = ChangedMessage.IsRemoved(message) ? null : ExcerptOf(stored.Text),
        };
    }

    /// <summary>A page whose messages say what is known of those that they answer.</summary>
    /// <param name="page">The page.</param>
    /// <param name="parents">Those that are known. Of others, only the sequence is shown.</param>
    internal static MailPage Shown(MailPage page, IReadOnlyDictionary<long, Mail> parents)
    {
        return page.With([.. page.Select(With)]);

        Mail With(Mail mail) => mail.Content switch
        {
            Spoken { Parent: { } parent } spoken => new Mail(mail.Sequence, mail.At, spoken with { Parent = Known(parent) }),
            Whisper { Parent: { } parent } whisper => new Mail(mail.Sequence, mail.At, whisper with { Parent = Known(parent) }),
            _ => mail,
        };

        ParentMessage Known(ParentMessage parent) =>
            parents.GetValueOrDefault(parent.Sequence) is { } found ? Described(found) : new ParentMessage(parent.Sequence);
    }

    /// <summary>The beginning of a text; null if it is empty. No character is cut in two.</summary>
    private static string? ExcerptOf(string text)
    {
        if (text.Length <= MaxExcerpt)
            return text.Length == 0 ? null : text;
        int length = 0;
        for (int next; (next = StringInfo.GetNextTextElementLength(text, length)) + length <= MaxExcerpt;)
            length += next;
        return text[..length] + "…";
    }
}
