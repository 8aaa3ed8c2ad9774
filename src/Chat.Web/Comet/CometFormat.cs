using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;
using ErlChat.Protocol.Comet;

namespace ErlChat.Web.Comet;

/// <summary>Mail on the comet wire.</summary>
internal sealed class CometFormat() : MailFormat(slot: 0)
{
    public override byte[] Encode(Mail mail)
    {
        ArgumentNullException.ThrowIfNull(mail);
        return CometJson.Encode(ItemOf(mail));
    }

    private static CometItem ItemOf(Mail mail)
    {
        long id = mail.Sequence;
        DateTimeOffset at = mail.At;
        return mail.Content switch
        {
            UserEntered entered => new UserJoinedItem(id, at, RoomOf(entered.Room), entered.Who.Nick),
            UserLeft left => LeftOf(id, at, left),
            Spoken spoken => new ChatItem(id, at, RoomOf(spoken.Room), spoken.Who.Nick, spoken.Text, spoken.Own, spoken.Action),
            Whisper whisper => new WhisperItem(id, at, whisper.From.Nick, whisper.To.Nick, whisper.Text, whisper.Own, whisper.From.UserId, whisper.To.UserId),
            Notice notice => new SystemItem(id, at, null, notice.Text, notice.Html),
            AdminChanged admin => new AdminItem(id, at, admin.Who.Nick, admin.LoggedIn),
            TopicChanged topic => new TopicItem(id, at, RoomOf(topic.Room), topic.Who.Nick, topic.Topic),
            Welcome welcome => new EnteredItem(id, at, RoomOf(welcome.Room), welcome.Topic, [.. welcome.Others.Select(who => who.Nick), welcome.Who.Nick]),
            Farewell farewell => new PartedItem(id, at, RoomOf(farewell.Room)),
            _ => throw new System.Diagnostics.UnreachableException(mail.Content.GetType().Name),
        };
    }

    /// <summary>Who was in the lobby among others has left it, to an old client; a newer one looks at all the rooms.</summary>
    private static UserLeftItem LeftOf(long id, DateTimeOffset at, UserLeft left)
    {
        bool lobby = left.Rooms.Any(room => RoomOf(room) is null);
        return new UserLeftItem(id, at, lobby ? null : left.Rooms[0], left.Who.Nick, left.Reason, left.Rooms.Count > 1 ? left.Rooms : null);
    }

    private static string? RoomOf(string room) => RoomName.Same(room, RoomName.Lobby) ? null : room;
}
