using System.Runtime.CompilerServices;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Web.Answers;

namespace ErlChat.Web.Comet;

/// <summary>
/// Answers that list people. A list that many are given is encoded once, and compressed once; its bytes live as long as the list. Thread-safe.
/// </summary>
internal sealed class PeopleAnswers(AnswerWriter answers)
{
    /// <summary>A list of this many bytes is sent in more than one packet.</summary>
    private const int WorthCompressing = 1400;

    private readonly ConditionalWeakTable<PeopleListed, Shared> _firstPages = [];
    private readonly ConditionalWeakTable<PeopleListed, Shared> _whole = [];

    /// <summary>The whole list if an answer has room for it, else its first page by nick; with <paramref name="after"/>, the page behind that nick.</summary>
    /// <param name="isGzip">Whether the client takes gzip, as every browser does: a tenth of the bytes.</param>
    internal CometReply Of(PeopleListed list, string? after, bool isGzip) =>
        string.IsNullOrEmpty(after)
            ? FirstPageOf(list).For(isGzip)
            : PageOf(list, after, answers.MaxAnswerBytes);

    /// <summary>The whole list, however long: for clients that know nothing of pages, and fail at the leave of a user whom no list had.</summary>
    /// <inheritdoc cref="Of" path="/param"/>
    internal CometReply WholeOf(PeopleListed list, bool isGzip) => _whole.GetValue(
        list,
        list => BoundedList.Page(list.People, null, answers.MaxAnswerBytes).More ? new Shared(PageOf(list, null, int.MaxValue)) : FirstPageOf(list))
        .For(isGzip);

    private Shared FirstPageOf(PeopleListed list) => _firstPages.GetValue(list, list => new Shared(PageOf(list, null, answers.MaxAnswerBytes)));

    private static CometReply PageOf(PeopleListed list, string? after, int maxBytes)
    {
        (IReadOnlyCollection<Person> people, bool more) = BoundedList.Page(list.People, after, maxBytes);
        return CometReply.Ok(
            json => json.WriteStringValues(people.Select(static who => who.Nick)),
            json =>
            {
                json.WriteNumber("id"u8, list.Sequence);
                json.WriteMore(more);
            });
    }

    /// <summary>An answer that many are given, as it is and compressed.</summary>
    private sealed class Shared(CometReply plain)
    {
        private readonly Lazy<CometReply> _gzip = new(plain.ToGzip);

        internal CometReply For(bool isGzip) => isGzip && plain.Body.Length > WorthCompressing ? _gzip.Value : plain;
    }
}
