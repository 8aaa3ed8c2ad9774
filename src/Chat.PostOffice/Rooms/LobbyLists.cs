using ErlChat.Delivery;
using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Outcomes;

namespace ErlChat.Rooms;

/// <summary>
/// Gives a client that begins to read its place in the mail, and the list of the lobby that goes with it. Appends nothing.
/// </summary>
/// <remarks>Thread-safe; no lock of its own.</remarks>
internal sealed class LobbyLists(ChatQueries queries, PostOffice office)
{
    /// <inheritdoc cref="ChatRoom.StartReading"/>
    internal Started Start(Mailbox box, bool allJoins)
    {
        box.Touch();
        long from = office.Head + 1;
        return new Started(allJoins ? from : box.OpenList(from));
    }

    /// <inheritdoc cref="ChatRoom.ListAsync"/>
    internal async Task<Outcome> ListAsync(Mailbox box, bool allJoins)
    {
        box.Touch();
        long? start = allJoins ? null : box.TakeListStart();
        if (!queries.IsLive(box.Owner))
            return new Refused(Refusal.BadSession);
        PeopleListed list = (await queries.PeopleAsync(RoomName.Lobby))!;

        // What is hidden must be there, or another reader of the mailbox could be given the mail before it afterwards, and be taken for
        // this one.
        await office.DeliveredAsync(list.Sequence);
        if (start is { } cursor && list.Sequence > 0)
            box.Hide(cursor, list.Sequence);
        return list;
    }
}
