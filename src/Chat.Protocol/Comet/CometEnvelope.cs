namespace ErlChat.Protocol.Comet;

/// <summary>The fixed bytes around the items of an answer.</summary>
public static class CometEnvelope
{
    /// <summary>The media type of every answer.</summary>
    public const string ContentType = "application/json; charset=utf-8";

    /// <summary>The beginning of an answer with items.</summary>
    public static ReadOnlySpan<byte> Prefix => "{\"status\":\"ok\",\"response\":["u8;

    /// <summary>The separator between two items.</summary>
    public static ReadOnlySpan<byte> Separator => ","u8;

    /// <summary>The end of an answer with items.</summary>
    public static ReadOnlySpan<byte> Suffix => "]}"u8;

    /// <summary>The answer to a poll that timed out.</summary>
    public static ReadOnlySpan<byte> Reconnect => "{\"status\":\"ok\",\"response\":\"reconnect\"}"u8;
}
