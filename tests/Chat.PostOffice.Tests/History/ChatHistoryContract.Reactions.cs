using ErlChat.History;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.Tests;

/// <content>Reactions to messages.</content>
public abstract partial class ChatHistoryContract
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reactions_are_counted_in_the_order_in_which_they_were_added(bool settled)
    {
        IChatHistory history = await OpenAsync();
        Say(history, "den", "one");
        long said = _sequence;
        React(history, said, ("👍", "a", true), ("👍", "b", true), ("🙂", "b", true));
        if (settled)
            await SettleAsync();
        React(history, said, ("🙂", "a", true), ("👍", "a", false), ("👍", "b", true), ("🚀", "c", true), ("🚀", "d", false));
        long last = _sequence;
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(
                ["👍 1 nick b: b", "🙂 2 nick b,nick a: b", "🚀 1 nick c: "], await ReactionsAsync(history, said, "b", "d"));
            IReadOnlyDictionary<long, MessageReactions> found = await history.ReadReactionsAsync([said, said + 1], [], default);
            Assert.Equal(last, Assert.Single(found).Value.Through);
            await SettleAsync();
        }
    }

    [Fact]
    public async Task Of_many_people_ten_are_named_and_one_who_takes_it_back_is_followed_by_the_next()
    {
        IChatHistory history = await OpenAsync();
        Say(history, "den", "one");
        long said = _sequence;
        foreach (int[] some in Enumerable.Range(0, 25).Chunk(10))
            React(history, said, [.. some.Select(who => ("👍", $"u{who}", true))]);
        await SettleAsync();
        React(history, said, ("👍", "u3", false), ("👍", "u24", false), ("👍", "u25", true));
        for (int i = 0; i < 2; i++)
        {
            MessageReactions found = Assert.Single(await history.ReadReactionsAsync([said], ["u3", "u20", "u24", "u25"], default)).Value;
            EmojiReactions thumbs = Assert.Single(found.Emojis);
            Assert.Equal(24, thumbs.Count);
            Assert.Equal(10, thumbs.Nicks.Count);
            Assert.DoesNotContain("nick u3", thumbs.Nicks);
            Assert.Equal(["u20", "u25"], thumbs.Users.Order());
            await SettleAsync();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_deleted_message_has_no_reactions_and_gets_none(bool settled)
    {
        IChatHistory history = await OpenAsync();
        Say(history, "den", "one");
        long said = _sequence;
        MessageRef message = await NameAsync(history, said);
        React(history, said, ("👍", "a", true));
        if (settled)
            await SettleAsync();
        Add(history, "den", new MessageRemoved(message, ByModerator: false, Own: false));
        React(history, said, ("🙂", "a", true));
        await SettleAsync();
        Assert.Empty(await ReactionsAsync(history, said));
        Assert.Empty((await history.ReadReactedAsync("den", default, 0, 10, default)).Items);
        Assert.Empty((await history.ReadReactionsOfAsync("a", long.MaxValue, default)).Items);
    }

    [Fact]
    public async Task Changed_reactions_are_found_by_room_in_the_order_of_their_last_changes()
    {
        IChatHistory history = await OpenAsync();
        Say(history, "den", "one");
        Say(history, "den", "two");
        Say(history, "den", "three");
        React(history, 1, ("👍", "a", true));
        React(history, 2, ("👍", "a", true));
        await SettleAsync();
        React(history, 1, ("👍", "a", false));
        React(history, 3, ("👍", "a", true));
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal([(2, 5), (1, 6), (3, 7)], await ChangedAsync(0, 10));
            Assert.Equal([(2, 5)], await ChangedAsync(0, 1));
            Assert.Equal([(1, 6)], await ChangedAsync(5, 1));
            Assert.Equal([(3, 7)], await ChangedAsync(6, 1));
            Assert.Empty((await history.ReadReactedAsync("attic", default, 0, 10, default)).Items);
            await SettleAsync();
        }

        async Task<IEnumerable<(long, long)>> ChangedAsync(long since, int most)
        {
            ReactedPage page = await history.ReadReactedAsync("DEN", default, since, most, default);
            Assert.All(page.Items, one => Assert.Equal((null, s_start.AddTicks(one.Through)), (one.With, one.At)));
            return page.Items.Select(one => (one.Message, one.Through));
        }
    }

    [Fact]
    public async Task Both_readers_of_a_private_message_have_its_reactions_once()
    {
        IChatHistory history = await OpenAsync();
        (SessionKey alice, SessionKey bob, SessionKey eve) = (SessionKey.Of("a"), SessionKey.Of("b"), SessionKey.Of("e"));
        Whisper(history, alice, bob, "psst");
        long said = _sequence++;
        foreach ((SessionKey reader, string with) in ((SessionKey, string)[])[(alice, s_bob.UserId), (bob, s_alice.UserId)])
            Add(history, null, reader, Reacted(said, null, with, [("👍", "b", true)]), _sequence);
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(["👍 1 nick b: b"], await ReactionsAsync(history, said, "b"));
            Assert.Equal(
                s_bob.UserId, Assert.Single((await history.ReadReactedAsync(null, alice, 0, 10, default)).Items).With);
            Assert.Equal(
                s_alice.UserId, Assert.Single((await history.ReadReactedAsync(null, bob, 0, 10, default)).Items).With);
            Assert.Empty((await history.ReadReactedAsync(null, eve, 0, 10, default)).Items);
            await SettleAsync();
        }

        PersonReaction own = Assert.Single((await history.ReadReactionsOfAsync("b", long.MaxValue, default)).Items);
        Assert.Equal((said, null, "👍"), (own.Message, own.Room, own.Emoji));
    }

    [Fact]
    public async Task A_persons_reactions_are_read_from_the_newest_message_to_the_oldest()
    {
        IChatHistory history = await OpenAsync();
        for (int i = 0; i < PersonReactions.Span + 5; i++)
            Say(history, "den", "words");
        long last = _sequence;
        for (long message = 1; message <= last; message++)
            React(history, message, ("👍", "a", true), ("🙂", "a", true), ("👍", "b", true));
        await SettleAsync();
        var found = new List<(long, string)>();
        for (long before = long.MaxValue; before > 0;)
        {
            PersonReactions part = await history.ReadReactionsOfAsync("a", before, default);
            found.AddRange(part.Items.Select(one => (one.Message, one.Emoji)));
            before = part.Before;
        }

        Assert.Equal(2 * last, found.Distinct().Count());
        Assert.Equal(2 * last, found.Count);
        Assert.Equal(found.Select(one => one.Item1).OrderDescending(), found.Select(one => one.Item1));
    }

    // An export showed reactions to messages that had just been deleted, and not those that had just been added.
    [Fact]
    public async Task A_persons_reactions_are_read_as_they_are_before_they_are_written()
    {
        IChatHistory history = await OpenAsync();
        for (int i = 0; i < 3; i++)
            Say(history, "den", "words");
        MessageRef first = await NameAsync(history, 1);
        React(history, 1, ("👍", "a", true));
        React(history, 2, ("👍", "a", true), ("🙂", "a", true));
        await SettleAsync();
        Add(history, "den", new MessageRemoved(first, ByModerator: false, Own: false));
        React(history, 2, ("👍", "a", false), ("👍", "b", true));
        React(history, 3, ("🚀", "a", true));
        for (int i = 0; i < 2; i++)
        {
            PersonReactions part = await history.ReadReactionsOfAsync("a", long.MaxValue, default);
            Assert.Equal([(3, "🚀"), (2, "🙂")], part.Items.Select(one => (one.Message, one.Emoji)));
            Assert.All(part.Items, one => Assert.Equal("den", one.Room));
            await SettleAsync();
        }
    }

    private void React(IChatHistory history, long message, params (string Emoji, string User, bool On)[] changes) =>
        Add(history, "den", Reacted(message, "den", null, changes));

    private static ReactionsChanged Reacted(
        long message, string? room, string? with, (string Emoji, string User, bool On)[] changes) =>
        new(message, room, with, [.. changes.Select(one => new ReactionMade(one.Emoji, one.User, $"nick {one.User}", one.On))]);

    private static async Task<IEnumerable<string>> ReactionsAsync(IChatHistory history, long message, params string[] users) =>
        (await history.ReadReactionsAsync([message], users, default)).TryGetValue(message, out MessageReactions? found)
            ? found.Emojis.Select(one => $"{one.Emoji} {one.Count} {string.Join(',', one.Nicks)}: {string.Join(',', one.Users.Order())}")
            : [];
}
