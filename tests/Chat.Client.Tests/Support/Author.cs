namespace ErlChat.Client.Tests;

/// <summary>Says things, edits and deletes some of them, and reacts to those of all authors. Keeps what must come of it.</summary>
/// <param name="number">Begins each text.</param>
/// <param name="ids">The acknowledged messages of all authors, to which this one adds its own.</param>
internal sealed class Author(ChatClient client, int number, Random random, List<long> ids)
{
    private static readonly string[] s_emojis = ["👍", "🎉", "🙂"];

    private readonly Dictionary<long, string?> _own = [];
    private readonly HashSet<(long Id, string Emoji)> _reactions = [];
    private int _said, _edits;

    /// <summary>The lines of the board that these authors must have made.</summary>
    internal static IReadOnlyList<string> Expected(IReadOnlyCollection<Author> all)
    {
        ILookup<long, string> reactions = all.SelectMany(author => author._reactions).ToLookup(one => one.Id, one => one.Emoji);
        return
        [
            .. all.SelectMany(author => author._own).OrderBy(one => one.Key)
                .Select(one => Board.Line(one.Key, one.Value, reactions[one.Key].CountBy(emoji => emoji))),
        ];
    }

    /// <summary>Whether the message still has a text, as far as its author knows.</summary>
    internal bool Keeps(long id) => _own.GetValueOrDefault(id) is not null;

    /// <summary>Says something. Returns it with its place in the log.</summary>
    internal async Task<(long Id, string Text)> SayAsync(CancellationToken cancellationToken = default)
    {
        string text = $"{number}/{_said++}";
        long id = (await client.SayAsync(text, cancellationToken: cancellationToken))!.Value;
        _own.Add(id, text);
        lock (ids)
            ids.Add(id);
        return (id, text);
    }

    /// <summary>Edits or deletes one of its own messages, or reacts to any, or takes that back.</summary>
    internal Task ChangeAsync() => random.Next(6) switch
    {
        0 => DeleteAsync(),
        1 or 2 => EditAsync(),
        _ => ReactAsync(),
    };

    private async Task EditAsync()
    {
        if (ChooseOwn() is not { } id)
            return;
        string text = $"{number} edited {_edits++}";
        await client.EditAsync(id, text);
        _own[id] = text;
    }

    private async Task DeleteAsync()
    {
        if (ChooseOwn() is not { } id)
            return;
        await client.DeleteAsync(id);
        _own[id] = null;
    }

    private async Task ReactAsync()
    {
        long[] all;
        lock (ids)
            all = [.. ids];
        if (all.Length == 0)
            return;
        (long Id, string Emoji) one = (all[random.Next(all.Length)], s_emojis[random.Next(s_emojis.Length)]);
        bool isOn = !_reactions.Contains(one);
        try
        {
            await client.ReactAsync(one.Id, one.Emoji, isOn);
        }
        catch (ChatRefusedException e) when (e.Why == ChatRefusal.NoSuchMessage)
        {
            // It was deleted.
            return;
        }

        if (isOn)
            _reactions.Add(one);
        else
            _reactions.Remove(one);
    }

    private long? ChooseOwn()
    {
        long[] there = [.. _own.Where(one => one.Value is not null).Select(one => one.Key)];
        return there.Length == 0 ? null : there[random.Next(there.Length)];
    }
}
