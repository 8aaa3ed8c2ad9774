using System.Runtime.CompilerServices;
using ErlChat.Web.Answers;

namespace ErlChat.Web.Comet;

/// <summary>Answers that list people. A list that many are given is encoded once, and its bytes live as long as the list. Thread-safe.</summary>
internal sealed class PeopleAnswers(AnswerWriter answers)
{
    private readonly ConditionalWeakTable<PeopleListed, CometReply> _encoded = [];
    private readonly ConditionalWeakTable<PeopleListed, CometReply> _whole = [];

    /// <summary>The whole list if an answer has room for it, else its first page by nick; with <paramref name="after"/>, the page behind that nick.</summary>
    internal CometReply Of(PeopleListed list, string? after) =>
        string.IsNullOrEmpty(after)
            ? _encoded.GetValue(list, list => PageOf(list, null, answers.MaxAnswerBytes))
            : PageOf(list, after, answers.MaxAnswerBytes);

    /// <summary>The whole list, however long: for clients that know nothing of pages, and fail at the leave of somebody whom no list had.</summary>
    internal CometReply WholeOf(PeopleListed list) => _whole.GetValue(
        list,
        list => BoundedList.Page(list.People, null, answers.MaxAnswerBytes).More ? PageOf(list, null, int.MaxValue) : Of(list, null));

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
}
