namespace ErlChat.Protocol.Comet;

/// <summary>The fixed bytes around the items of an answer.</summary>
public static class CometEnvelope
{
    /// <summary>Media type of every answer.</summary>
    public const string ContentType = "application/json; charset=utf-8";

    /// <summary>What an answer with items begins with.</summary>
    public static ReadOnlySpan<byte> Prefix => "{\"status\":\"ok\",\"response\":["u8;

    /// <summary>What stands between two items.</summary>
    public static ReadOnlySpan<byte> Separator => ","u8;

    /// <summary>What an answer with items ends with.</summary>
    public static ReadOnlySpan<byte> Suffix => "]}"u8;

    /// <summary>The same of a page that has more items behind it.</summary>
    public static ReadOnlySpan<byte> SuffixOfMore => "],\"more\":true}"u8;

    /// <summary>The answer of a poll that nothing came for.</summary>
    public static ReadOnlySpan<byte> Reconnect => "{\"status\":\"ok\",\"response\":\"reconnect\"}"u8;
}
