using System.Runtime.CompilerServices;

namespace ErlChat.Web.Comet;

/// <summary>Answers that list people. A list that many are given is encoded once, and its bytes live as long as the list.
/// Thread-safe.</summary>
internal sealed class PeopleAnswers
{
    private readonly ConditionalWeakTable<PeopleListed, CometReply> _encoded = [];

    internal CometReply Of(PeopleListed list) => _encoded.GetValue(list, static list => CometReply.Ok(
        json =>
        {
            json.WriteStartArray();
            foreach (Person who in list.People)
                json.WriteStringValue(who.Nick);
            json.WriteEndArray();
        },
        json => json.WriteNumber("id"u8, list.Sequence)));
}
