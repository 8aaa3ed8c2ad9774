using System.Runtime.CompilerServices;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Web.Answers;

namespace ErlChat.Web.Comet;

/// <summary>
/// Answers that list users. A list that many clients ask for is encoded and compressed once. The bytes live as long as the list.
/// Thread-safe.
/// </summary>
internal sealed class PeopleAnswers(AnswerWriter answers)
{
    /// <summary>Lists above this many bytes are compressed: they need more than one packet.</summary>
    private const int WorthCompressing = 1400;

    private readonly ConditionalWeakTable<PeopleListed, Shared> _firstPages = [];
    private readonly ConditionalWeakTable<PeopleListed, Shared> _whole = [];

    /// <summary>
    /// The whole list if it fits into an answer, otherwise its first page by nick. With <paramref name="after"/>, the page after that nick.
    /// </summary>
    /// <param name="isGzip">Whether the client accepts gzip, as every browser does. It saves nine tenths of the bytes.</param>
    internal CometReply Of(PeopleListed list, string? after, bool isGzip) =>
        string.IsNullOrEmpty(after)
            ? FirstPageOf(list).For(isGzip)
            : PageOf(list, after, answers.MaxAnswerBytes);

    /// <summary>
    /// The whole list, however long. For clients that do not know pages: they fail when a user leaves who was not in their list.
    /// </summary>
    /// <inheritdoc cref="Of" path="/param"/>
    internal CometReply WholeOf(PeopleListed list, bool isGzip) => _whole.GetValue(
        list,
        list => BoundedList.Page(list.People, null, answers.MaxAnswerBytes).More
            ? new Shared(PageOf(list, null, int.MaxValue))
            : FirstPageOf(list))
        .For(isGzip);

    private Shared FirstPageOf(PeopleListed list) =>
        _firstPages.GetValue(list, list => new Shared(PageOf(list, null, answers.MaxAnswerBytes)));

    private static CometReply PageOf(PeopleListed list, string? after, int maxBytes)
    {
        (IReadOnlyCollection<Person> people, bool more) = BoundedList.Page(list.People, after, maxBytes);
        return CometReply.Ok(
            json => json.WriteStringValues(people.Select(static who => who.Nick)),
            json =>
            {
                json.WriteNumber("id"u8, list.Sequence);
                if (list.Away.Count > 0)
                    json.WriteStrings("away"u8, people.Select(static who => who.Nick).Where(list.Away.Contains));
                json.WriteMore(more);
            });
    }

    /// <summary>An answer for many clients, plain and compressed.</summary>
    private sealed class Shared(CometReply plain)
    {
        private readonly Lazy<CometReply> _gzip = new(plain.ToGzip);

        internal CometReply For(bool isGzip) => isGzip && plain.Body.Length > WorthCompressing ? _gzip.Value : plain;
    }
}
