using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Submissions;

namespace ErlChat.Tests;

/// <summary>The history: pages, private messages, search, and who may read them.</summary>
public sealed class HistoryTests : IAsyncDisposable
{
    private readonly SqliteParts _parts = new();

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    [Fact]
    public async Task Pages_reach_back_to_the_first_message_across_restarts()
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice");
        for (int i = 0; i < 150; i++)
            await alice.SubmitAsync($"message {i}");
        await alice.SubmitAsync("/me waves");
        await alice.SubmitAsync("/topic news");
        await _parts.StopAsync(chat, crash: true);

        chat = await _parts.StartChatAsync();
        var seen = new List<string>();
        long before = long.MaxValue;
        while (await chat.Room.HistoryAsync(alice.Key, "LOBBY", before, 40, CancellationToken.None) is { Count: > 0 } page)
        {
            seen.InsertRange(0, page.Select(mail => mail.Content.Words ?? ((TopicChanged)mail.Content).Topic));
            before = page[0].Sequence;
        }

        Assert.Equal([.. Enumerable.Range(0, 150).Select(i => $"message {i}"), "waves", "news"], seen);
        await _parts.StopAsync(chat);
    }

    // The messages of a room outlive it, and are found by its name.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_said_in_a_private_room_is_not_readable_in_a_later_room_of_that_name(bool crash)
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice"), eve = await chat.LoginAsync("eve");
        await chat.Room.EnterAsync(alice.Key, "vault", isPrivate: true).WithinAsync();
        await alice.SubmitAsync("the treasure", room: "vault");
        await _parts.StopAsync(chat, crash);

        chat = await _parts.StartChatAsync();
        Assert.Equal(["the treasure"], await ReadAsync(alice));
        Assert.Equal(["the treasure"], await FindAsync(alice));
        Assert.Equal(Refusal.NameNotFree, Assert.IsType<Refused>(await chat.Room.EnterAsync(eve.Key, "vault").WithinAsync()).Why);
        await chat.Room.LeaveAsync(alice.Key).WithinAsync();
        await _parts.StopAsync(chat, crash);

        chat = await _parts.StartChatAsync();
        Assert.IsType<RoomAccepted>(await chat.Room.EnterAsync(eve.Key, "VAULT").WithinAsync());
        Assert.Empty(await ReadAsync(eve));
        Assert.Empty(await FindAsync(eve));
        await chat.Submissions.SubmitAsync(new Submission(eve.Key, "no treasure") { Room = "vault" }).WithinAsync();
        Assert.Equal(["no treasure"], await ReadAsync(eve));
        Assert.Equal(["no treasure"], await FindAsync(eve));
        await _parts.StopAsync(chat);

        async Task<IEnumerable<string?>> ReadAsync(TestSession one) =>
            (await chat.Room.HistoryAsync(one.Key, "vault", long.MaxValue, 10, CancellationToken.None))!.Select(mail => mail.Content.Words);

        async Task<IEnumerable<string?>> FindAsync(TestSession one)
        {
            Assert.True(SearchQuery.TryParse("treasure", out SearchQuery? query));
            return (await chat.Room.SearchAsync(one.Key, query!, null, long.MaxValue, 10, CancellationToken.None))!
                .Select(mail => mail.Content.Words);
        }
    }

    // An empty text is not NULL: a cleared topic used to be missing.
    [Fact]
    public async Task Empty_texts_are_kept()
    {
        _parts.OpenLog();
        _parts.History.Add("lobby", new Mail(1, DateTimeOffset.UnixEpoch, new TopicChanged("lobby", new Person("a", "a", "1"), "")));
        await _parts.History.FlushWithAsync(_ => { });
        IReadOnlyList<Mail> page = await _parts.History.ReadAsync("lobby", long.MaxValue, 10, CancellationToken.None);
        Assert.Equal("", Assert.IsType<TopicChanged>(Assert.Single(page).Content).Topic);
    }

    // 64 rows make a batch. Fewer rows wait, and with this clock they wait for ever.
    [Fact]
    public async Task Messages_that_are_not_written_yet_can_be_read()
    {
        _parts.Time = new ManualTimeProvider();
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice"), bob = await chat.LoginAsync("bob");
        for (int i = 0; i < 70; i++)
            await alice.SubmitAsync($"message {i}");

        // At 64 messages, the writer takes all that there are by then. Fewer wait for the clock.
        await Eventually.BeTrueAsync(() => _parts.History.Pending < 64);
        for (int i = 70; i < 76; i++)
            await alice.SubmitAsync($"message {i}");
        await alice.SubmitAsync("a secret", to: "bob");
        Assert.InRange(_parts.History.Pending, 1, 63);
        MailPage? page = await chat.Room.HistoryAsync(bob.Key, "lobby", long.MaxValue, 100, CancellationToken.None);
        Assert.Equal(Enumerable.Range(0, 76).Select(i => $"message {i}"), page!.Select(mail => mail.Content.Words));
        Assert.Equal(["a secret"], await PrivateAsync(chat, bob, "alice"));
        Assert.Equal(["message 34"], await SearchAsync(chat, bob, "message 34"));
        Assert.Equal(["message 69"], await SearchAsync(chat, bob, "MESSAGE 69"));
        Assert.Equal(["a secret"], await SearchAsync(chat, bob, "secret"));
        await _parts.StopAsync(chat);
    }

    [Fact]
    public async Task A_newcomer_reads_the_earlier_messages_of_a_public_room()
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice");
        await chat.Room.EnterAsync(alice.Key, "Den").WithinAsync();
        await alice.SubmitAsync("in the den", room: "den");
        await chat.Room.PartAsync(alice.Key, "den").WithinAsync();
        TestSession bob = await chat.LoginAsync("bob");
        Assert.Null(await chat.Room.HistoryAsync(bob.Key, "den", long.MaxValue, 10, CancellationToken.None));
        await chat.Room.EnterAsync(bob.Key, "DEN").WithinAsync();
        MailPage? page = await chat.Room.HistoryAsync(bob.Key, "den", long.MaxValue, 10, CancellationToken.None);
        Assert.Equal("in the den", Assert.Single(page!).Content.Words);
        await _parts.StopAsync(chat);
    }

    // Only messages that the fold accepted are in the history.
    [Fact]
    public async Task Refused_messages_are_not_in_the_history()
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAdminAsync("alice"), bob = await chat.LoginAsync("bob");
        await alice.SubmitAsync("/admin mute bob 600");
        Assert.IsType<Refused>(await bob.SubmitAsync("muted words"));
        Assert.IsType<Refused>(await alice.SubmitAsync("elsewhere words", room: "nowhere"));
        Assert.Empty((await chat.Room.HistoryAsync(alice.Key, "lobby", long.MaxValue, 10, CancellationToken.None))!);
        Assert.Empty(await SearchAsync(chat, alice, "words"));
        await _parts.StopAsync(chat);
    }

    // The nick does not give access to private messages, since another user can take it later. User ids are not reused.
    [Fact]
    public async Task Private_messages_are_for_the_sessions_that_took_part()
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice"), bob = await chat.LoginAsync("bob"), eve = await chat.LoginAsync("eve");
        await alice.SubmitAsync("for bob alone", to: "Bob");
        await alice.SubmitAsync("a word for myself", to: "alice");
        await chat.Room.LeaveAsync(bob.Key).WithinAsync();
        JoinResult stranger = await chat.Room.JoinAsync(
            new JoinRequest(null, "192.0.2.7") { Name = "bob", WantedUserId = bob.Who.UserId }).WithinAsync();
        var joined = (JoinAccepted)stranger.Outcome;
        Assert.Equal("bob", joined.Who.Nick);
        Assert.NotEqual(bob.Who.UserId, joined.Who.UserId);

        foreach (bool restarted in (bool[])[false, true])
        {
            if (restarted)
            {
                await _parts.StopAsync(chat, crash: true);
                chat = await _parts.StartChatAsync();
            }

            Assert.Equal(["for bob alone"], await PrivateAsync(chat, alice.Key, "BOB"));
            Assert.Equal(["for bob alone", "a word for myself"], await PrivateAsync(chat, alice.Key, null));
            Assert.Equal(["a word for myself"], await PrivateAsync(chat, alice.Key, "alice"));
            Assert.Equal(["for bob alone"], await SearchAsync(chat, alice.Key, "alone"));
            foreach (SessionKey other in (SessionKey[])[eve.Key, stranger.Session])
            {
                Assert.Empty(await PrivateAsync(chat, other, "alice"));
                Assert.Empty(await SearchAsync(chat, other, "alone"));
            }
        }

        await _parts.StopAsync(chat);
    }

    [Fact]
    public async Task A_private_message_is_its_senders_own_and_its_receivers_not()
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice"), bob = await chat.LoginAsync("bob");
        await alice.SubmitAsync("psst", to: "bob");
        await _parts.StopAsync(chat);
        chat = await _parts.StartChatAsync();
        IReadOnlyList<Mail>? sent = await chat.Room.PrivateHistoryAsync(alice.Key, "bob", long.MaxValue, 10, CancellationToken.None);
        IReadOnlyList<Mail>? received = await chat.Room.PrivateHistoryAsync(bob.Key, "alice", long.MaxValue, 10, CancellationToken.None);
        Assert.Equal(new Whisper(alice.Who, bob.Who, "psst", Own: true), Assert.Single(sent!).Content);
        Assert.Equal(new Whisper(alice.Who, bob.Who, "psst", Own: false), Assert.Single(received!).Content);
        await _parts.StopAsync(chat);
    }

    [Fact]
    public async Task Search_looks_where_the_reader_is_and_pages_backwards()
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice"), bob = await chat.LoginAsync("bob");
        await chat.Room.EnterAsync(alice.Key, "den").WithinAsync();
        await alice.SubmitAsync("apple in the den", room: "den");
        for (int i = 0; i < 5; i++)
            await bob.SubmitAsync($"apple {i}");
        Assert.Equal(5, (await SearchAsync(chat, bob, "apple")).Count);
        Assert.Equal(6, (await SearchAsync(chat, alice, "apple")).Count);
        Assert.Null(await chat.Room.SearchAsync(bob.Key, Query("apple"), "den", long.MaxValue, 10, CancellationToken.None));
        MailPage? page = await chat.Room.SearchAsync(alice.Key, Query("apple"), "lobby", long.MaxValue, 2, CancellationToken.None);
        Assert.Equal(["apple 3", "apple 4"], page!.Select(mail => mail.Content.Words));
        page = await chat.Room.SearchAsync(alice.Key, Query("apple"), "lobby", page![0].Sequence, 2, CancellationToken.None);
        Assert.Equal(["apple 1", "apple 2"], page!.Select(mail => mail.Content.Words));
        await _parts.StopAsync(chat);
    }

    [Fact]
    public async Task Writing_again_what_a_replay_brings_changes_nothing()
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice");
        await chat.LoginAsync("bob");
        await alice.SubmitAsync("one");
        await alice.SubmitAsync("two", to: "bob");
        await _parts.History.FlushWithAsync(_ => { });
        await _parts.StopAsync(chat);

        // This is the state after a crash between the log's commit and the history's.
        _parts.Execute("UPDATE meta SET value = 0 WHERE key = 'history_through'");
        chat = await _parts.StartChatAsync();
        await _parts.History.FlushWithAsync(_ => { });
        Assert.Equal(["one", "two"], await SearchAsync(chat, alice.Key, "one", "two"));
        await _parts.StopAsync(chat);
        Assert.Equal(2, _parts.Scalar<long>("SELECT count(*) FROM message"));
        Assert.Equal(2, _parts.Scalar<long>("SELECT count(*) FROM participant"));
    }

    private static SearchQuery Query(string text) =>
        SearchQuery.TryParse(text, out SearchQuery? query) ? query : throw new ArgumentException(text);

    private static Task<List<string>> SearchAsync(TestChat chat, TestSession reader, string query) => SearchAsync(chat, reader.Key, query);

    private static async Task<List<string>> SearchAsync(TestChat chat, SessionKey reader, params string[] queries)
    {
        var found = new List<string>();
        foreach (string query in queries)
        {
            IReadOnlyList<Mail>? items = await chat.Room.SearchAsync(
                reader, Query(query), null, long.MaxValue, 50, CancellationToken.None).WithinAsync();
            found.AddRange(items!.Select(mail => mail.Content.Words!));
        }

        return found;
    }

    private static Task<List<string>> PrivateAsync(TestChat chat, TestSession reader, string with) => PrivateAsync(chat, reader.Key, with);

    private static async Task<List<string>> PrivateAsync(TestChat chat, SessionKey reader, string? with)
    {
        IReadOnlyList<Mail>? items = await chat.Room.PrivateHistoryAsync(
            reader, new Correspondent(with), long.MaxValue, 50, CancellationToken.None).WithinAsync();
        return [.. items!.Select(mail => mail.Content.Words!)];
    }
}
