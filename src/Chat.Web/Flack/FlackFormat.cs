using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;
using ErlChat.Protocol.Flack;
using ErlChat.Web.WebSockets;

namespace ErlChat.Web.Flack;

/// <summary>Encodes mail for the flack protocol: complete WebSocket frames, one per record.</summary>
internal sealed class FlackFormat() : MailFormat(slot: 1)
{
    /// <summary>The frames that all readers can share, with the rooms' own spelling.</summary>
    public override byte[] Encode(Mail mail) => Encode(mail, static room => room);

    /// <summary>The frames for one reader, with its spelling of the rooms.</summary>
    /// <param name="spell">Returns the reader's spelling of a room's name; null for a room that it is not in.</param>
    internal static byte[] Encode(Mail mail, Func<string, string?> spell)
    {
        var frames = new List<byte[]>(2);
        foreach (FlackRecord record in RecordsOf(mail, spell))
            frames.Add(Frame.Text(FlackJson.Encode(record)));
        return frames.Count == 1 ? frames[0] : [.. frames.SelectMany(static frame => frame)];
    }

    /// <summary>The rooms whose members are sent this mail; none if this protocol has no record for it.</summary>
    internal static IReadOnlyList<string> RoomsOf(Mail mail) => mail.Content switch
    {
        UserEntered entered => [entered.Room],
        UserReturned returned => returned.Rooms,
        UserLeft left => left.Rooms,
        // Deleted before this reader came to it.
        Spoken { Change.IsRemoval: true } or MessageChanged { Text.Length: 0 } => [],
        Spoken spoken => [spoken.Room],
        MessageChanged { Message.Room: { } room } => [room],
        Welcome welcome => [welcome.Room],
        Farewell farewell => [farewell.Room],
        Whisper or Notice or RoomNotice or AdminChanged or TopicChanged or RoomTitled or ReadElsewhere or PreferencesChanged => [],
        MessageChanged or MessageRemoved or ReactionsChanged or PinChanged or AwayTold => [],
        _ => throw new System.Diagnostics.UnreachableException(mail.Content.GetType().Name),
    };

    private static IEnumerable<FlackRecord> RecordsOf(Mail mail, Func<string, string?> spell)
    {
        string at = FlackJson.TimeText(mail.At);
        foreach (string room in RoomsOf(mail))
        {
            if (spell(room) is not { } chat)
                continue;
            switch (mail.Content)
            {
                case UserEntered entered:
                    yield return JoinedOf(entered.Who);
                    break;
                case UserReturned returned:
                    yield return JoinedOf(returned.Who);
                    break;
                case UserLeft left:
                    yield return new LeftRecord(chat, left.Who.UserId, at, mail.Sequence);
                    break;
                case Spoken spoken:
                    yield return new ChatMessageRecord(
                        chat,
                        spoken.Who.UserId,
                        ChatMessageRequest.PlainText,
                        TextOf(spoken.Action, spoken.Who, spoken.Text),
                        at,
                        mail.Sequence);
                    break;
                case MessageChanged { Message: var message } changed:
                    yield return new ChatMessageRecord(
                        chat,
                        message.Who.UserId,
                        ChatMessageRequest.PlainText,
                        $"(edited) {TextOf(message.IsAction, message.Who, changed.Text)}",
                        at,
                        mail.Sequence);
                    break;
                case Welcome welcome:
                    yield return new ChatStateRecord(chat, [.. welcome.Others.Select(who => new ChatUserRecord(who.Name, who.UserId))]);
                    yield return JoinedOf(welcome.Who);
                    break;
                case Farewell farewell:
                    yield return new LeftRecord(chat, farewell.Who.UserId, at, mail.Sequence);
                    break;
            }

            JoinedRecord JoinedOf(Person who) => new(chat, who.Name, who.UserId, at, mail.Sequence);
        }
    }

    /// <summary>This protocol has no actions, so <c>/me waves</c> is sent as text.</summary>
    private static string TextOf(bool isAction, Person who, string text) => isAction ? $"* {who.Name} {text}" : text;
}
