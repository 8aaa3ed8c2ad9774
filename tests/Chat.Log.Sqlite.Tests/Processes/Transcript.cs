using System.Text.Json;

namespace ErlChat.Tests;

/// <summary>The messages as a client shows them: the text of each, whether it was deleted, and its reactions.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class Transcript
{
    private readonly SortedDictionary<long, Message> _lines = [];

    /// <summary>The ids of the messages, in the order in which they came.</summary>
    internal List<long> Ids { get; } = [];

    /// <summary>A line of text for each message, oldest first, so that transcripts can be compared.</summary>
    internal IReadOnlyList<string> Lines =>
    [
        .. _lines.Select(one => Line(one.Key, one.Value.IsDeleted ? null : one.Value.Text, one.Value.Counts)),
    ];

    /// <summary>What <see cref="Lines"/> has for a message.</summary>
    /// <param name="text">Null for a deleted message.</param>
    /// <param name="counts">How many reacted with each emoji.</param>
    internal static string Line(long id, string? text, IEnumerable<KeyValuePair<string, int>> counts) => text is null
        ? $"{id} deleted"
        : $"{id} {text} {string.Join(' ', counts.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}{one.Value}"))}";

    /// <summary>The messages of a history.</summary>
    internal static Transcript Of(IEnumerable<JsonElement> history)
    {
        var transcript = new Transcript();
        foreach (JsonElement item in history)
        {
            transcript.Apply(item);
            Message message = transcript._lines[IdOf(item)];
            if (!item.TryGetProperty("reactions", out JsonElement reactions))
                continue;
            foreach (JsonElement reaction in reactions.EnumerateArray())
                message.Counts[reaction.GetProperty("emoji").GetString()!] = reaction.GetProperty("count").GetInt32();
        }

        return transcript;
    }

    /// <summary>Applies an item that a newer client has received. Fails if it changes nothing or is of no message that it knows.</summary>
    internal void Apply(JsonElement item)
    {
        JsonElement data = item.GetProperty("d");
        switch (item.GetProperty("t").GetString())
        {
            case "chat_msg" or "sent_chat_msg":
                // A message that was deleted while it was waiting comes without its text, and then the removal.
                Ids.Add(IdOf(item));
                _lines.Add(IdOf(item), new Message(data.GetProperty("msg").GetString()!));
                _lines[IdOf(item)].IsDeleted = item.TryGetProperty("deleted", out _);
                break;
            case "message_edited":
                MessageOf(data).Text = data.GetProperty("msg").GetString()!;
                break;
            case "message_removed":
                MessageOf(data).IsDeleted = true;
                break;
            case "reaction":
                foreach (JsonElement change in data.GetProperty("changes").EnumerateArray())
                    MessageOf(data).React(change);
                break;
            default:
                // Other items are about people.
                break;
        }
    }

    private static long IdOf(JsonElement item) => item.GetProperty("id").GetInt64();

    private Message MessageOf(JsonElement data) => _lines[data.GetProperty("message").GetInt64()];

    private sealed class Message(string text)
    {
        private readonly HashSet<(string Emoji, string User)> _reactions = [];

        internal string Text { get; set; } = text;

        internal bool IsDeleted { get; set; }

        /// <summary>How many reacted with each emoji.</summary>
        internal Dictionary<string, int> Counts { get; } = [];

        internal void React(JsonElement change)
        {
            string emoji = change.GetProperty("emoji").GetString()!;
            (string, string) one = (emoji, change.GetProperty("user").GetString()!);
            bool isOn = change.GetProperty("on").GetBoolean();
            Assert.True(isOn ? _reactions.Add(one) : _reactions.Remove(one), $"{one} was {(isOn ? "there" : "not there")} before.");
            Counts[emoji] = Counts.GetValueOrDefault(emoji) + (isOn ? 1 : -1);
            if (Counts[emoji] == 0)
                Counts.Remove(emoji);
        }
    }
}
