using ErlChat.Mailboxes;
using ErlChat.Postings;
using ErlChat.Protocol.Comet;

namespace ErlChat.Web.Answers;

/// <summary>
/// Encodes mail for newer clients of the comet protocol: they know the items that the original's client did not have, or ignore them. The
/// bytes of all other items are those of <see cref="CometFormat"/>.
/// </summary>
internal sealed class FullCometFormat(CometFormat original) : MailFormat(slot: 2)
{
    /// <summary>The format for a client.</summary>
    /// <param name="isNewer">Whether the client says that it is a newer one (<c>joins=all</c>).</param>
    internal MailFormat For(bool isNewer) => isNewer ? this : original;

    public override byte[] Encode(Mail mail)
    {
        ArgumentNullException.ThrowIfNull(mail);
        return mail.Content switch
        {
            MessageChanged changed => CometJson.Encode(new EditedItem(
                mail.Sequence,
                mail.At,
                CometFormat.RoomOf(changed.Message),
                changed.Message.Sequence,
                changed.Message.Who.Nick,
                changed.Text,
                changed.Message.IsAction)
            {
                With = WithOf(changed.Message, changed.Own),
            }),
            MessageRemoved removed => CometJson.Encode(new RemovedItem(
                mail.Sequence,
                mail.At,
                CometFormat.RoomOf(removed.Message),
                removed.Message.Sequence,
                removed.Message.Who.Nick,
                removed.ByModerator)
            {
                With = WithOf(removed.Message, removed.Own),
            }),
            PinChanged pin => CometJson.Encode(new PinItem(
                mail.Sequence, mail.At, CometFormat.RoomOf(pin.Message), pin.Message.Sequence, pin.By.Nick, pin.On)
            {
                Unpinned = pin.Unpinned,
            }),
            AwayTold away => CometJson.Encode(new AwayItem(mail.Sequence, mail.At, away.Who.Nick, away.Who.UserId, away.IsAway)),
            ReactionsChanged changed => CometJson.Encode(new ReactionItem(
                mail.Sequence,
                mail.At,
                RoomOf(changed.Room),
                changed.Message,
                [.. changed.Changes.Select(static one => new ReactionItemChange(one.Emoji, one.UserId, one.Nick, one.On))])
            {
                With = changed.With,
            }),
            ReactionsNow now => CometJson.Encode(new ReactionsItem(
                mail.Sequence, mail.At, RoomOf(now.Room), now.Message, CometFormat.CountsOf(now.Reactions))
            {
                With = now.With,
            }),
            _ => mail.In(original),
        };
    }

    private static string? RoomOf(string? room) => room is null ? null : CometFormat.RoomOf(room);

    /// <summary>The user id of the other person of a private conversation; null in rooms.</summary>
    private static string? WithOf(MessageRef message, bool own) =>
        own ? message.To?.UserId : message.To is null ? null : message.Who.UserId;
}
