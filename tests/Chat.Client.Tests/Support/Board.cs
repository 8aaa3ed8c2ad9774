namespace ErlChat.Client.Tests;

/// <summary>The messages as a client shows them: the text of each, whether it was deleted, and its reactions.</summary>
internal static class Board
{
    /// <summary>A line of text for each message, oldest first, after the events of a client.</summary>
    internal static IReadOnlyList<string> Of(IEnumerable<ChatEvent> events)
    {
        var messages = new SortedDictionary<long, Message>();
        foreach (ChatEvent one in events.SelectMany(one => one is Resynced anew ? anew.Missed : Enumerable.Repeat(one, 1)))
            Apply(messages, one);
        return [.. messages.Select(one => Line(one.Key, one.Value.Text, one.Value.Counts))];
    }

    /// <summary>The same after the whole history of the lobby, as far as it is below an id.</summary>
    internal static async Task<IReadOnlyList<string>> OfHistoryAsync(ChatClient client, long? below = null)
    {
        var all = new List<RoomEvent>();
        while (await client.HistoryAsync(before: below, limit: 200) is { Count: > 0 } page)
        {
            all.InsertRange(0, page);
            below = page[0].Id;
        }

        return Of(all);
    }

    /// <summary>The line of a message.</summary>
    /// <param name="text">Null for a deleted message.</param>
    /// <param name="counts">How many reacted with each emoji.</param>
    internal static string Line(long id, string? text, IEnumerable<KeyValuePair<string, int>> counts) => text is null
        ? $"{id} deleted"
        : $"{id} {text} {string.Join(' ', counts.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}{one.Value}"))}";

    private static void Apply(SortedDictionary<long, Message> messages, ChatEvent one)
    {
        switch (one)
        {
            case Said said:
                messages[said.Id] = new Message
                {
                    Text = said.IsDeleted ? null : said.Text,
                    Counts = CountsOf(said.Reactions?.All ?? []),
                    Through = said.Reactions?.Through ?? 0,
                };
                break;
            case MessageEdited edited when messages[edited.MessageId].Text is not null:
                messages[edited.MessageId].Text = edited.Text;
                break;
            case MessageRemoved removed:
                messages[removed.MessageId].Text = null;
                break;
            case ReactionsCounted counted:
                messages[counted.MessageId].Counts = CountsOf(counted.Reactions);
                messages[counted.MessageId].Through = counted.Id;
                break;
            case ReactionsChanged changed when changed.Id > messages[changed.MessageId].Through:
                Dictionary<string, int> counts = messages[changed.MessageId].Counts;
                foreach (ReactionChange change in changed.Changes)
                {
                    counts[change.Emoji] = counts.GetValueOrDefault(change.Emoji) + (change.On ? 1 : -1);
                    if (counts[change.Emoji] == 0)
                        counts.Remove(change.Emoji);
                }

                break;
            default:
                // Other events are about people and rooms.
                break;
        }
    }

    private static Dictionary<string, int> CountsOf(IEnumerable<ReactionCount> all) => all.ToDictionary(one => one.Emoji, one => one.Count);

    private sealed class Message
    {
        /// <summary>Null when it was deleted.</summary>
        internal string? Text { get; set; }

        internal Dictionary<string, int> Counts { get; set; } = [];

        /// <summary>The last event that the counts include, when they came from the history.</summary>
        internal long Through { get; set; }
    }
}
