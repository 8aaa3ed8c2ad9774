using Microsoft.AspNetCore.WebUtilities;

namespace ErlChat.Web.Requests;

/// <summary>The parameters of a poll.</summary>
/// <param name="MessageId">First id wanted; acknowledges everything below it.</param>
/// <param name="AllJoins">Whether the client sorts out by itself which joins and leaves its lists already have.</param>
/// <param name="IsOfOtherEpoch">Whether the client says that the id is of another log.</param>
internal readonly record struct WaitQuery(long MessageId, bool AllJoins, bool IsOfOtherEpoch)
{
    /// <summary>The value of <c>joins</c> that asks for all of them.</summary>
    internal const string All = "all";

    /// <summary>Reads a query; of equal names the first counts.</summary>
    internal static WaitQuery Parse(string? query, string epoch)
    {
        long? messageId = null;
        bool? otherEpoch = null;
        bool? allJoins = null;
        foreach (QueryStringEnumerable.EncodedNameValuePair pair in new QueryStringEnumerable(query))
        {
            ReadOnlySpan<char> name = pair.DecodeName().Span;
            if (name.SequenceEqual("msg_id"))
                messageId ??= Protocol.Comet.MessageId.Parse(pair.DecodeValue().Span);
            else if (name.SequenceEqual("epoch"))
                otherEpoch ??= !pair.DecodeValue().Span.SequenceEqual(epoch);
            else if (name.SequenceEqual("joins"))
                allJoins ??= pair.DecodeValue().Span.SequenceEqual(All);
        }

        return new WaitQuery(messageId ?? 0, allJoins ?? false, otherEpoch ?? false);
    }
}
