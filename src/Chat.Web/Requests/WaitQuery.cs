using Microsoft.AspNetCore.WebUtilities;

namespace ErlChat.Web.Requests;

/// <summary>The parameters of a poll.</summary>
/// <param name="MessageId">The first id to read. Acknowledges everything below it.</param>
/// <param name="AllJoins">Whether the client wants all joins and leaves, and itself ignores those that its lists already include.</param>
/// <param name="IsOfOtherEpoch">Whether the client's id refers to another log.</param>
/// <param name="HasEpoch">Whether the client says which log its id refers to, as all clients do that understand <c>resync</c>.</param>
/// <param name="Typing">The number of the last signal of typing that the client saw, 0 for none; null if it wants none.</param>
internal readonly record struct WaitQuery(long MessageId, bool AllJoins, bool IsOfOtherEpoch, bool HasEpoch, long? Typing = null)
{
    /// <summary>The value of the parameter <c>joins</c> that requests all joins and leaves.</summary>
    internal const string All = "all";

    /// <summary>Parses a query string. If a parameter is repeated, the first one counts.</summary>
    internal static WaitQuery Parse(string? query, string epoch)
    {
        long? messageId = null;
        bool? otherEpoch = null;
        bool? allJoins = null;
        long? typing = null;
        foreach (QueryStringEnumerable.EncodedNameValuePair pair in new QueryStringEnumerable(query))
        {
            ReadOnlySpan<char> name = pair.DecodeName().Span;
            if (name.SequenceEqual("msg_id"))
                messageId ??= Protocol.Comet.MessageId.Parse(pair.DecodeValue().Span);
            else if (name.SequenceEqual("epoch"))
                otherEpoch ??= !pair.DecodeValue().Span.SequenceEqual(epoch);
            else if (name.SequenceEqual("joins"))
                allJoins ??= pair.DecodeValue().Span.SequenceEqual(All);
            else if (name.SequenceEqual("typing"))
                typing ??= Protocol.Comet.MessageId.Parse(pair.DecodeValue().Span);
        }

        return new WaitQuery(messageId ?? 0, allJoins ?? false, otherEpoch ?? false, otherEpoch is not null, typing);
    }
}
