using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;

namespace ErlChat.Web.Flack;

/// <summary>
/// The chats that a connection is in, according to the mail written so far, and how its client spells their names. Room names ignore case,
/// but the original's reference client fails if it receives a chat_name that it did not ask for.
/// </summary>
/// <remarks>Not thread-safe, except for <see cref="Expect"/>. Only the pump uses the rest.</remarks>
internal sealed class FlackChats
{
    private readonly Dictionary<string, string> _spellings = new(StringComparer.OrdinalIgnoreCase);
    private volatile string? _expected;

    /// <summary>
    /// Sets how the client spells the chat that it is about to join. Call it again only after the welcome or a refusal has arrived.
    /// </summary>
    internal void Expect(string spelling) => _expected = spelling;

    /// <summary>The frames of a mail for this client. The shared bytes are used if their spelling fits.</summary>
    internal ReadOnlyMemory<byte> FramesOf(Mail mail, FlackFormat format)
    {
        if (mail.Content is Welcome welcome)
            _spellings[welcome.Room] = _expected is { } expected && RoomName.Same(expected, welcome.Room) ? expected : welcome.Room;
        byte[] frames = FlackFormat.RoomsOf(mail).All(IsSharedSpelling)
            ? mail.In(format)
            : FlackFormat.Encode(mail, _spellings.GetValueOrDefault);
        if (mail.Content is Farewell farewell)
            _spellings.Remove(farewell.Room);
        return frames;
    }

    private bool IsSharedSpelling(string room) => _spellings.TryGetValue(room, out string? spelling) && spelling == room;
}
