using System.Text;
using ErlChat.Mailboxes;
using ErlChat.Web.Requests;

namespace ErlChat.Web.FastLane;

/// <summary>
/// Recognises the target of a poll as our clients and the original's write it: no escapes, no repeated and no unknown parameters.
/// </summary>
internal static class WaitTarget
{
    // So many digits always fit into 64 bits.
    private const int MaxDigits = 18;

    internal static bool TryParse(ReadOnlySpan<byte> target, string epoch, out WaitQuery query)
    {
        query = default;
        if (!target.StartsWith("/chat/wait"u8))
            return false;
        target = target[10..];
        if (target is [(byte)'/', ..])
            target = target[1..];
        if (target is not [(byte)'?', ..])
            return false;
        target = target[1..];
        long? messageId = null;
        bool? allJoins = null;
        bool? otherEpoch = null;
        long? typing = null;
        foreach (Range range in target.Split((byte)'&'))
        {
            ReadOnlySpan<byte> pair = target[range];
            int equals = pair.IndexOf((byte)'=');
            if (equals < 0)
                return false;
            ReadOnlySpan<byte> value = pair[(equals + 1)..];
            if (value.ContainsAnyExcept(s_plain))
                return false;
            switch (pair[..equals])
            {
                case var name when name.SequenceEqual("msg_id"u8):
                    if (messageId is not null || !TryNumber(value, out long number))
                        return false;
                    messageId = number;
                    break;
                case var name when name.SequenceEqual("joins"u8) && allJoins is null:
                    allJoins = Ascii.Equals(value, WaitQuery.All);
                    break;
                case var name when name.SequenceEqual("epoch"u8) && otherEpoch is null:
                    otherEpoch = !Ascii.Equals(value, epoch);
                    break;
                case var name when name.SequenceEqual("typing"u8) && typing is null:
                    if (!TryNumber(value, out long seen))
                        return false;
                    typing = seen;
                    break;
                default:
                    return false;
            }
        }

        query = new WaitQuery(messageId ?? 0, allJoins ?? false, otherEpoch ?? false, otherEpoch is not null, typing);
        return messageId is not null;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out long number)
    {
        number = 0;
        bool isNegative = IsStandIn(text);
        if (isNegative)
            text = text[1..];
        if (text.Length is 0 or > MaxDigits)
            return false;
        foreach (byte digit in text)
        {
            if (!char.IsAsciiDigit((char)digit))
                return false;
            number = number * 10 + (digit - '0');
        }

        number = isNegative ? -number : number;
        return true;
    }

    /// <summary>
    /// Whether this is a minus followed by exactly the digits of a stand-in, which the start call may have returned. No other negative
    /// number is a valid position.
    /// </summary>
    private static bool IsStandIn(ReadOnlySpan<byte> text) => text.Length == ShownList.NegativeDigits + 1 && text[0] == '-';

    private static readonly System.Buffers.SearchValues<byte> s_plain =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);
}
