using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;

namespace ErlChat.History;

/// <summary>
/// What remains of a message in the history when a person is erased. What the person wrote is empty; what others wrote to the person stays.
/// In both, the person is without nick and name. The user id stays, so that readers can tell several erased persons apart.
/// </summary>
internal static class ErasedMessage
{
    /// <summary>What a mail is replaced by; null if it is not about the person.</summary>
    internal static Mail? Of(Mail mail, string userId) => Of(mail.Content, userId) is { } content
        ? new Mail(mail.Sequence, mail.At, content)
        : null;

    /// <summary>A message without those of its author and its receiver who are erased.</summary>
    internal static Mail Without(Mail message, Func<string, bool> isErased)
    {
        MessageRef name = ChangedMessage.NameOf(message);
        Mail left = message;
        foreach (Person who in new[] { name.Who, name.To }.OfType<Person>())
        {
            if (isErased(who.UserId))
                left = Of(left, who.UserId) ?? left;
        }

        return ParentMessage.Of(left.Content) is { AuthorId: { } author } && isErased(author) ? Of(left, author) ?? left : left;
    }

    /// <summary>The content without the person as the author of the message that it answers; null if it does not name the person.</summary>
    private static MailContent? WithoutParent(MailContent content, string userId) => content switch
    {
        Spoken { Parent: { } parent } spoken when parent.AuthorId == userId => spoken with { Parent = new ParentMessage(parent.Sequence) },
        Whisper { Parent: { } parent } whisper when parent.AuthorId == userId =>
            whisper with { Parent = new ParentMessage(parent.Sequence) },
        _ => null,
    };

    private static MailContent? Of(MailContent content, string userId)
    {
        MailContent? without = WithoutParent(content, userId);
        return WithoutPerson(without ?? content, userId) ?? without;
    }

    private static MailContent? WithoutPerson(MailContent content, string userId) => content switch
    {
        Spoken spoken when spoken.Who.UserId == userId => spoken with
        {
            Who = Nobody(userId),
            Text = "",
            Earlier = null,
        },
        TopicChanged topic when topic.Who.UserId == userId => topic with { Who = Nobody(userId), Topic = "" },
        Whisper whisper when whisper.From.UserId == userId => whisper with
        {
            From = Nobody(userId),
            To = whisper.To.UserId == userId ? Nobody(userId) : whisper.To,
            Text = "",
        },
        Whisper whisper when whisper.To.UserId == userId => whisper with { To = Nobody(userId) },
        _ => null,
    };

    private static Person Nobody(string userId) => new(Person.ErasedNick, Person.ErasedNick, userId);
}
