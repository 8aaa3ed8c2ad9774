using System.Runtime.CompilerServices;
using ErlChat.Web.Answers;

namespace ErlChat.Web.Comet;

/// <summary>Answers that list people. A list that many are given is encoded once, and its bytes live as long as the list. Thread-safe.</summary>
internal sealed class PeopleAnswers(AnswerWriter answers)
{
    private readonly ConditionalWeakTable<PeopleListed, CometReply> _encoded = [];

    /// <summary>The whole list if an answer has room for it, else its first page by nick; with <paramref name="after"/>, the page behind that nick.</summary>
    internal CometReply Of(PeopleListed list, string? after) => string.IsNullOrEmpty(after) ? _encoded.GetValue(list, list => PageOf(list, null)) : PageOf(list, after);

    private CometReply PageOf(PeopleListed list, string? after)
    {
        (IReadOnlyCollection<Person> people, bool more) = BoundedList.Page(list.People, after, answers.MaxAnswerBytes);
        return CometReply.Ok(
            json =>
            {
                json.WriteStartArray();
                foreach (Person who in people)
                    json.WriteStringValue(who.Nick);
                json.WriteEndArray();
            },
            json =>
            {
                json.WriteNumber("id"u8, list.Sequence);
                json.WriteMore(more);
            });
    }
}
