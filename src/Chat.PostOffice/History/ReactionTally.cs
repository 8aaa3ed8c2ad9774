using ErlChat.Mailboxes;
using ErlChat.Postings;

namespace ErlChat.History;

/// <summary>
/// Counts reactions: what tables have, and over it what is not written yet. Of the tables it needs only the first rows of each emoji, with
/// their number, and the rows of the people that it is about.
/// </summary>
/// <remarks>Not thread-safe. First add the rows, then apply what waits, then build.</remarks>
public sealed class ReactionTally
{
    private readonly Dictionary<long, Counted> _messages = [];
    private readonly Mail[] _pending;
    private readonly HashSet<string> _asked;

    /// <param name="pending">What is not written yet, oldest first: mail with <see cref="ReactionsChanged"/>.</param>
    /// <param name="messages">The messages to count.</param>
    /// <param name="users">People of whom the result must say what they used.</param>
    public ReactionTally(IEnumerable<Mail> pending, IReadOnlyCollection<long> messages, IReadOnlyCollection<string> users)
    {
        _pending = [.. pending.Where(mail => messages.Contains(((ReactionsChanged)mail.Content).Message)).DistinctBy(Key)];
        _asked = [.. users];
        ReactionMade[] made = [.. _pending.SelectMany(static mail => ((ReactionsChanged)mail.Content).Changes)];
        Rows = MessageReactions.MostNicks + made.Count(static one => !one.On);
        Users = [.. made.Select(static one => one.UserId).Concat(users).Distinct()];

        // The two copies of a private change are one.
        static long Key(Mail mail) => mail.Sequence;
    }

    /// <summary>How many of the first rows of each message and emoji are needed.</summary>
    public int Rows { get; }

    /// <summary>The people of whom all rows are needed.</summary>
    public IReadOnlyList<string> Users { get; }

    /// <summary>Adds how far the reactions of a message are written.</summary>
    public void AddThrough(long message, long through) => Of(message).Through = through;

    /// <summary>Adds a row. The rows of a message come in the order in which they were added.</summary>
    /// <param name="row">The row.</param>
    /// <param name="total">How many rows the message and the emoji have.</param>
    public void Add(StoredReaction row, int total)
    {
        ArgumentNullException.ThrowIfNull(row);
        Emoji emoji = Of(row.Message).Of(row.Emoji);
        emoji.Count = total;
        emoji.By.Add((row.UserId, row.Nick));
    }

    /// <summary>The reactions to those messages that have, or had, any.</summary>
    public IReadOnlyDictionary<long, MessageReactions> Build()
    {
        foreach (Mail mail in _pending)
            Apply(mail);
        return _messages.ToDictionary(
            static one => one.Key,
            one => new MessageReactions(one.Value.Through, [.. one.Value.Emojis.Where(static emoji => emoji.Count > 0).Select(Shown)]));
    }

    private void Apply(Mail mail)
    {
        var changed = (ReactionsChanged)mail.Content;
        Counted message = Of(changed.Message);
        if (mail.Sequence <= message.Through)
            return;
        message.Through = mail.Sequence;
        foreach (ReactionMade made in changed.Changes)
        {
            Emoji emoji = message.Of(made.Emoji);
            bool had = emoji.By.Exists(one => one.UserId == made.UserId);
            if (had == made.On)
                continue;
            emoji.Count += made.On ? 1 : -1;
            if (made.On)
                emoji.By.Add((made.UserId, made.Nick));
            else
                emoji.By.RemoveAll(one => one.UserId == made.UserId);

            // One that is used again comes after the others.
            if (emoji.Count == 0)
                message.Emojis.Remove(emoji);
        }
    }

    private EmojiReactions Shown(Emoji emoji) => new(
        emoji.Name,
        emoji.Count,
        [.. emoji.By.Take(MessageReactions.MostNicks).Select(static one => one.Nick)],
        emoji.By.Select(static one => one.UserId).Where(_asked.Contains).ToHashSet());

    private Counted Of(long message)
    {
        if (!_messages.TryGetValue(message, out Counted? counted))
            _messages.Add(message, counted = new Counted());
        return counted;
    }

    private sealed class Counted
    {
        internal long Through { get; set; }

        internal List<Emoji> Emojis { get; } = [];

        internal Emoji Of(string name)
        {
            if (Emojis.Find(one => one.Name == name) is { } found)
                return found;
            var emoji = new Emoji(name);
            Emojis.Add(emoji);
            return emoji;
        }
    }

    private sealed class Emoji(string name)
    {
        internal string Name { get; } = name;

        internal int Count { get; set; }

        internal List<(string UserId, string Nick)> By { get; } = [];
    }
}
