using System.Collections.Concurrent;
using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;

namespace ErlChat.Web.Flack;

/// <summary>
/// The chats that a connection is in, according to the mail written so far, and how its client spells their names. Room names ignore case,
/// and a renamed room has two, but the original's reference client fails if it receives a chat_name that it did not ask for. So a chat
/// keeps the name with which its client joined it.
/// </summary>
/// <remarks>Not thread-safe, except for <see cref="Expect"/> and <see cref="AddressOf"/>. Only the pump uses the rest.</remarks>
internal sealed class FlackChats
{
    private readonly Dictionary<string, string> _spellings = new(StringComparer.OrdinalIgnoreCase);

    // The rooms that the client joined by their title, by that title.
    private readonly ConcurrentDictionary<string, string> _addresses = new(StringComparer.OrdinalIgnoreCase);
    private volatile string? _expected;

    /// <summary>
    /// Sets how the client spells the chat that it is about to join. Call it again only after the welcome or a refusal has arrived.
    /// </summary>
    internal void Expect(string spelling) => _expected = spelling;

    /// <summary>
    /// The room that the client means by a chat's name. If it joined the room by a title, that stays its name for the room, whatever the
    /// title is now.
    /// </summary>
    internal string AddressOf(string chat) => _addresses.GetValueOrDefault(chat, chat);

    /// <summary>The frames of a mail for this client. The shared bytes are used if their spelling fits.</summary>
    internal ReadOnlyMemory<byte> FramesOf(Mail mail, FlackFormat format)
    {
        if (mail.Content is Welcome welcome)
            Enter(welcome);
        byte[] frames = FlackFormat.RoomsOf(mail).All(IsSharedSpelling)
            ? mail.In(format)
            : FlackFormat.Encode(mail, _spellings.GetValueOrDefault);
        if (mail.Content is Farewell farewell && _spellings.Remove(farewell.Room, out string? former))
            _addresses.TryRemove(former, out _);
        return frames;
    }

    private void Enter(Welcome welcome)
    {
        string room = welcome.Room;
        string spelling = _expected is { } expected && (RoomName.Same(expected, room) || IsTitle(expected)) ? expected : room;
        _spellings[room] = spelling;
        if (!RoomName.Same(spelling, room))
            _addresses[spelling] = room;

        bool IsTitle(string name) => welcome.Title is { } title && RoomName.Same(name, title);
    }

    private bool IsSharedSpelling(string room) => _spellings.TryGetValue(room, out string? spelling) && spelling == room;
}
