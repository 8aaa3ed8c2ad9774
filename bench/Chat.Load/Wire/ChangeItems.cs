using System.Buffers.Text;

namespace ErlChat.Load.Wire;

/// <summary>
/// Finds edits and reactions in the raw bytes of a comet answer, without parsing the JSON: that would take most of the CPU.
/// </summary>
internal static class ChangeItems
{
    /// <summary>An item begins like this, and no text can contain it, since quotes in texts are escaped.</summary>
    private static ReadOnlySpan<byte> Start => "{\"id\":"u8;

    /// <summary>A reader's nick, up to its number.</summary>
    private static ReadOnlySpan<byte> Reader => "\"nick\":\"p"u8;

    /// <summary>
    /// The next item in <paramref name="content"/>, which moves to the position after it. Returns false when there is none left.
    /// </summary>
    internal static bool TryTake(ref ReadOnlySpan<byte> content, out ReadOnlySpan<byte> item)
    {
        int start = content.IndexOf(Start);
        if (start < 0)
        {
            item = default;
            return false;
        }

        content = content[(start + Start.Length)..];
        int end = content.IndexOf(Start);
        item = end < 0 ? content : content[..end];
        content = content[item.Length..];
        return true;
    }

    /// <summary>The id of the message that an item edits. False if it is no such item.</summary>
    internal static bool IsEdit(ReadOnlySpan<byte> item, out long message) => Names(item, "\"t\":\"message_edited\""u8, out message);

    /// <summary>The id of the message to which an item has reactions. False if it is no such item.</summary>
    internal static bool IsReaction(ReadOnlySpan<byte> item, out long message) => Names(item, "\"t\":\"reaction\""u8, out message);

    /// <summary>
    /// The number of the next listener that reacted, from its nick; <paramref name="item"/> moves to the position after it. Returns false
    /// when there is none left.
    /// </summary>
    internal static bool TryTakeReader(ref ReadOnlySpan<byte> item, out int number)
    {
        int start = item.IndexOf(Reader);
        if (start < 0 || !Utf8Parser.TryParse(item[(start + Reader.Length)..], out number, out int digits))
        {
            number = 0;
            return false;
        }

        item = item[(start + Reader.Length + digits)..];
        return true;
    }

    private static bool Names(ReadOnlySpan<byte> item, ReadOnlySpan<byte> kind, out long message)
    {
        // The kind comes right after the id, which has at most 19 digits.
        bool isKind = item[..Math.Min(item.Length, 20 + kind.Length)].IndexOf(kind) >= 0;
        message = isKind ? Numbers.After(item, "\"message\":"u8) : -1;
        return message >= 0;
    }
}
