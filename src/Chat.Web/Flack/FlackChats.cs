using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;

namespace ErlChat.Web.Flack;

/// <summary>
/// The chats that a connection is in as far as its mail has been written, and how its client spells them. Rooms are the same whatever their case, but
/// the original's reference client gives up on a chat_name that it did not ask for.
/// </summary>
/// <remarks>Not thread-safe, but for <see cref="Expect"/>: only the pump uses it.</remarks>
internal sealed class FlackChats
{
    private readonly Dictionary<string, string> _spellings = new(StringComparer.OrdinalIgnoreCase);
    private volatile string? _expected;

    /// <summary>The client is about to join a chat, which it spells so. One at a time: the next only when the welcome, or a refusal, has come.</summary>
    internal void Expect(string spelling) => _expected = spelling;

    /// <summary>The frames of a mail for this client; shared bytes whenever they say what it needs.</summary>
    internal ReadOnlyMemory<byte> FramesOf(Mail mail, FlackFormat format)
    {
        if (mail.Content is Welcome welcome)
            _spellings[welcome.Room] = _expected is { } expected && RoomName.Same(expected, welcome.Room) ? expected : welcome.Room;
        byte[] frames = FlackFormat.RoomsOf(mail).All(IsSharedSpelling) ? mail.In(format) : FlackFormat.Encode(mail, _spellings.GetValueOrDefault);
        if (mail.Content is Farewell farewell)
            _spellings.Remove(farewell.Room);
        return frames;
    }

    private bool IsSharedSpelling(string room) => _spellings.TryGetValue(room, out string? spelling) && spelling == room;
}
