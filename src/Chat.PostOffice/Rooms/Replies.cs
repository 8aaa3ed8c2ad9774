using ErlChat.Appending;
using ErlChat.History;
using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Sessions;

namespace ErlChat.Rooms;

/// <summary>
/// Messages that answer others. The other one is looked up in the history, as for editing it, and must be in the same place
/// (docs/adr/0033).
/// </summary>
/// <remarks>Thread-safe. A message that the user may not know of is refused like one that does not exist.</remarks>
internal sealed class Replies(ChatRoom room, ChatQueries queries, CommandQueue commands)
{
    /// <summary>Answers a message in a room.</summary>
    /// <returns>
    /// <see cref="Accepted"/>; <see cref="Repeated"/>; or refused as by <see cref="ChatRoom.SayAsync"/>, or for NoSuchMessage.
    /// </returns>
    internal async Task<Outcome> SayAsync(SessionKey session, string where, string text, long parent, string? key)
    {
        (Mail? found, Refused? refused) = await FindAsync(session, parent);
        if (found is null)
            return refused!;
        if (queries.ReplyRefusal(session, where, found) is { } why)
            return why;
        return await commands.ExecuteAsync(
            Answering.Named(new Replied(session, where, text, Action: false, parent) { Key = key }, found));
    }

    /// <summary>Answers a private message, to the other person of that conversation.</summary>
    /// <returns>As <see cref="SayAsync"/>, or refused for NoSuchUser.</returns>
    internal async Task<Outcome> WhisperAsync(SessionKey session, string to, string? toId, string text, long parent, string? key)
    {
        (Mail? found, Refused? refused) = await FindAsync(session, parent);
        if (found is null)
            return refused!;
        if ((toId ?? room.FindPerson(to)?.Who.UserId) is not { } receiver)
            return new Refused(Refusal.NoSuchUser);
        return Answering.OtherOf(found) == receiver
            ? await commands.ExecuteAsync(Answering.Named(
                new WhisperReplied(session, room.SpellingOf(to), text, parent) { Key = key, ToId = toId }, found))
            : new Refused(Refusal.NoSuchMessage);
    }

    private async Task<(Mail? Found, Refused? Refused)> FindAsync(SessionKey session, long message)
    {
        (Mail? found, Refused? refused) = await queries.LookUpAsync(session, message, CancellationToken.None);
        return found is not null && ChangedMessage.IsRemoved(found) ? (null, new Refused(Refusal.NoSuchMessage)) : (found, refused);
    }
}
