using CsCheck;
using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Settings;
using Microsoft.Extensions.Options;

namespace ErlChat.Tests;

/// <content>Editing and deleting messages.</content>
public abstract partial class ChatHistoryContract
{
    private static readonly Gen<Step> s_step = Gen.Select(
        Gen.Int[0, 9], Gen.Int[0, 99], Gen.OneOf("alpha", "beta", "alpha beta", "gamma"), Gen.Bool, Gen.Int[0, 5],
        (what, which, text, isPrivate, settles) => new Step(what, which, text, isPrivate, settles == 0));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_edited_message_has_its_newest_text_and_the_earlier_ones_are_kept(bool settled)
    {
        IChatHistory history = await OpenAsync();
        Say(history, "den", "one");
        long said = _sequence;
        if (settled)
            await SettleAsync();
        MessageRef message = await NameAsync(history, said);
        Add(history, "den", new MessageChanged(message, "two", Own: false));
        Add(history, "den", new MessageChanged(message, "three", Own: false));
        long changed = _sequence;
        Spoken now = Assert.IsType<Spoken>(Assert.Single(await ReadAsync(history, "den")).Content);
        Assert.Equal(("three", changed), (now.Text, now.Change!.Sequence));
        Assert.Equal(MessageChangeKind.Edited, now.Change.Kind);
        await SettleAsync();
        Assert.Equal(
            [(s_start.AddTicks(said), "one"), (s_start.AddTicks(changed - 1), "two")],
            (await history.ReadEarlierAsync(said, CancellationToken.None)).Select(one => (one.At, one.Text)));
        Assert.Empty(await history.ReadEarlierAsync(said + 1, CancellationToken.None));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_deleted_message_has_no_text_and_no_edit_brings_it_back(bool byModerator)
    {
        IChatHistory history = await OpenAsync();
        Say(history, "den", "secret");
        long said = _sequence;
        MessageRef message = await NameAsync(history, said);
        Add(history, "den", new MessageChanged(message, "secret too", Own: false));
        Add(history, "den", new MessageRemoved(message, byModerator, Own: false));
        long removed = _sequence;
        Add(history, "den", new MessageChanged(message, "again", Own: false));
        for (int i = 0; i < 2; i++)
        {
            Spoken now = Assert.IsType<Spoken>(Assert.Single(await ReadAsync(history, "den")).Content);
            MessageChangeKind kind = byModerator ? MessageChangeKind.RemovedByModerator : MessageChangeKind.Removed;
            Assert.Equal(("", new MessageChange(removed, s_start.AddTicks(removed), kind)), (now.Text, now.Change));
            Assert.Empty(await FindAsync(history, "secret", ["den"], null));
            Assert.Empty(await FindAsync(history, "again", ["den"], null));
            Assert.Empty(await history.ReadEarlierAsync(said, CancellationToken.None));
            await SettleAsync();
        }
    }

    [Fact]
    public async Task Only_messages_that_a_reader_may_have_are_found_by_their_sequence()
    {
        IChatHistory history = await OpenAsync();
        (SessionKey alice, SessionKey bob, SessionKey eve) = (SessionKey.Of("a"), SessionKey.Of("b"), SessionKey.Of("e"));
        Whisper(history, alice, bob, "psst");
        Add(history, "den", new TopicChanged("den", s_alice, "topic"));
        Say(history, "den", "words");
        for (int i = 0; i < 2; i++)
        {
            Assert.True(((Whisper)(await history.FindAsync(1, alice, CancellationToken.None))!.Content).Own);
            Assert.False(((Whisper)(await history.FindAsync(1, bob, CancellationToken.None))!.Content).Own);
            Assert.Null(await history.FindAsync(1, eve, CancellationToken.None));
            Assert.Null(await history.FindAsync(2, alice, CancellationToken.None));
            Assert.Equal("words", (await history.FindAsync(3, eve, CancellationToken.None))!.Content.Words);
            Assert.Null(await history.FindAsync(4, alice, CancellationToken.None));
            Assert.Null(await history.FindAsync(long.MaxValue, alice, CancellationToken.None));
            await SettleAsync();
        }
    }

    [Fact]
    public async Task A_private_message_changes_in_both_copies()
    {
        IChatHistory history = await OpenAsync();
        (SessionKey alice, SessionKey bob, SessionKey eve) = (SessionKey.Of("a"), SessionKey.Of("b"), SessionKey.Of("e"));
        Whisper(history, alice, bob, "one");
        Whisper(history, alice, bob, "two");
        await SettleAsync();
        foreach ((long said, string? text) in ((long, string?)[])[(1, "changed"), (2, null)])
        {
            var message = new MessageRef(said, s_start.AddTicks(said), s_alice) { To = s_bob };
            _sequence++;
            foreach ((SessionKey reader, bool own) in ((SessionKey, bool)[])[(alice, true), (bob, false)])
            {
                Add(
                    history,
                    null,
                    reader,
                    text is null ? new MessageRemoved(message, false, own) : new MessageChanged(message, text, own),
                    _sequence);
            }
        }

        for (int i = 0; i < 2; i++)
        {
            foreach (SessionKey reader in (SessionKey[])[alice, bob])
            {
                Assert.Equal(["changed", ""], await PrivateAsync(history, reader, Correspondent.Anybody));
                ChangesPage changes = await history.ReadChangesAsync(null, reader, 0, 10, CancellationToken.None);
                Assert.Equal([1, 2], changes.Items.Select(mail => mail.Sequence));
                Assert.All(changes.Items, mail => Assert.Equal(reader == alice, ((Whisper)mail.Content).Own));
            }

            Assert.Empty((await history.ReadChangesAsync(null, eve, 0, 10, CancellationToken.None)).Items);
            await SettleAsync();
        }
    }

    // A page of the tables that had only messages which waited to be changed again was empty. Whoever goes on from its last item ended
    // there.
    [Fact]
    public async Task A_page_is_full_even_if_all_that_is_stored_of_it_is_changed_again()
    {
        IChatHistory history = await OpenAsync();
        var messages = new List<MessageRef>();
        for (int i = 0; i < 4; i++)
        {
            Say(history, "den", "words");
            messages.Add(await NameAsync(history, _sequence));
        }

        foreach (MessageRef message in messages)
            Add(history, "den", new MessageChanged(message, "once", Own: false));
        await SettleAsync();
        foreach (MessageRef message in messages.Take(2))
            Add(history, "den", new MessageChanged(message, "twice", Own: false));
        for (int i = 0; i < 2; i++)
        {
            ChangesPage page = await history.ReadChangesAsync("den", SessionKey.Of("alice"), 0, 2, CancellationToken.None);
            Assert.Equal([3, 4], page.Items.Select(mail => mail.Sequence));
            Assert.True(page.More);
            long last = ChangedMessage.ChangeOf(page.Items[^1])!.Sequence;
            page = await history.ReadChangesAsync("den", SessionKey.Of("alice"), last, 2, CancellationToken.None);
            Assert.Equal([(1, "twice"), (2, "twice")], page.Items.Select(mail => (mail.Sequence, ChangedMessage.TextOf(mail))));
            Assert.False(page.More);
            await SettleAsync();
        }
    }

    /// <summary>Whatever is said, edited and deleted in whatever order, and whatever of it is stored: it is read as from memory.</summary>
    [Fact]
    public async Task Changes_are_read_as_the_history_in_memory_has_them()
    {
        IChatHistory history = await OpenAsync();
        int number = 0;
        await Property.HoldsAsync(s_step.Array[1, 25], 25, async steps =>
        {
            string room = $"room {++number}";
            var alice = SessionKey.Of($"alice {number}");
            long first = _sequence;
            var memory = new MemoryHistory(Options.Create(new ChatOptions()));
            foreach (Step step in steps)
            {
                long sequence = ++_sequence;
                if (await ContentOfAsync(step, room, alice, first, memory) is not var (content, isPrivate))
                    continue;
                foreach (IChatHistory one in (IChatHistory[])[memory, history])
                    Add(one, isPrivate ? null : room, alice, content, sequence);
                if (step.Settles)
                    await SettleAsync();
            }

            for (int i = 0; i < 2; i++)
            {
                await SameAsync(memory, history, room, alice, first);
                await SettleAsync();
            }
        });
    }

    private static async Task SameAsync(MemoryHistory memory, IChatHistory history, string room, SessionKey alice, long first)
    {
        Assert.Equal((await ReadAsync(memory, room)).Select(Shown), (await ReadAsync(history, room)).Select(Shown));
        foreach (string word in (string[])["alpha", "beta", "gamma"])
        {
            Assert.Equal(
                await FindAsync(memory, word, [room], alice), await FindAsync(history, word, [room], alice));
        }

        foreach (string? where in (string?[])[room, null])
        {
            for (long since = first; ;)
            {
                ChangesPage one = await memory.ReadChangesAsync(where, alice, since, 3, CancellationToken.None);
                ChangesPage other = await history.ReadChangesAsync(where, alice, since, 3, CancellationToken.None);
                Assert.Equal(one.Items.Select(Shown), other.Items.Select(Shown));
                if (one.Items.Count == 0)
                    break;
                since = ChangedMessage.ChangeOf(one.Items[^1])!.Sequence;
                Assert.True(other.More || !one.More);
            }
        }
    }

    private static (long, string, MessageChange?) Shown(Mail mail) =>
        (mail.Sequence, ChangedMessage.TextOf(mail), ChangedMessage.ChangeOf(mail));

    /// <summary>What a step adds; null if there is no message yet.</summary>
    private static async Task<(MailContent Content, bool IsPrivate)?> ContentOfAsync(
        Step step, string room, SessionKey alice, long first, MemoryHistory memory)
    {
        if (step.What < 4)
        {
            return step.IsPrivate
                ? (new Whisper(s_alice, s_alice, step.Text, Own: true), true)
                : (new Spoken(room, s_alice, step.Text, Action: false, Own: false), false);
        }

        // The fold refuses changes of what was deleted.
        if (await memory.FindAsync(first + 1 + step.Which % 8, alice, CancellationToken.None) is not { } found
            || ChangedMessage.IsRemoved(found))
        {
            return null;
        }

        MessageRef message = ChangedMessage.NameOf(found);
        return (
            step.What < 8
                ? new MessageChanged(message, step.Text, Own: message.Room is null)
                : new MessageRemoved(message, ByModerator: false, Own: message.Room is null),
            message.Room is null);
    }

    private static async Task<MessageRef> NameAsync(IChatHistory history, long sequence) =>
        ChangedMessage.NameOf((await history.FindAsync(sequence, default, CancellationToken.None))!);

    private static ValueTask<MailPage> ReadAsync(IChatHistory history, string room) =>
        history.ReadAsync(room, long.MaxValue, 50, CancellationToken.None);

    /// <summary>Says something, or changes a message.</summary>
    /// <param name="What">Below 4: says; below 8: edits; otherwise deletes.</param>
    private readonly record struct Step(int What, int Which, string Text, bool IsPrivate, bool Settles);
}
