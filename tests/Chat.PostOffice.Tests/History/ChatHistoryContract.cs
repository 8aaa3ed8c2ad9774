using CsCheck;
using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Settings;
using Microsoft.Extensions.Options;

namespace ErlChat.Tests;

/// <summary>
/// What every history must do; each history has a class that inherits these tests. A history that stores messages elsewhere some time after
/// they were added is tested before and after that.
/// </summary>
public abstract partial class ChatHistoryContract : IAsyncDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 20, 7, 0, 0, TimeSpan.Zero);
    private static readonly Person s_alice = new("Alice", "Alice A.", "id of alice");
    private static readonly Person s_bob = new("Bob", "Bob", "id of bob");

    private static readonly Gen<string> s_text = Gen.Select(
        Gen.OneOf(
            "deployment", "deploy", "Straße", "STRASSE", "crème", "CRÈME", "creme\u0301", "don't", "naïve", "İstanbul", "ǅungla", "中文搜尋",
            "我好想要", "日本語", "がぎぐ", "한국어", "ภาษาไทย", "ที่นี่", "हिन्दी", "العَرَبية", "שָׁלוֹם", "это", "Ёлка", "йод", "ΣΊΣΥΦΟΣ",
            "σίσυφος", "🙂", "👩‍👩‍👧", "1️⃣",
            "a", "of", "12", "3.14", "C++", "<b>", "it's 'quoted' \\ it", "\u200b", "𝒳𝓎", "𐐀𐐨", "\ud800"),
        Gen.OneOf("", "", " ", ",", ".", "-", "\n"),
        (word, separator) => word + separator).Array[1, 6].Select(string.Concat);

    private static readonly Gen<Piece> s_piece = Gen.Select(
        Gen.Int[0, 99], Gen.Int[0, 99], Gen.Int[1, 12], Gen.Int[1, 30],
        (text, start, length, size) => new Piece(text, start, length, size));

    private long _sequence;

    /// <summary>The history that the tests use, empty at first.</summary>
    protected abstract Task<IChatHistory> OpenAsync();

    /// <summary>Completes when everything that was added is stored where this history stores it.</summary>
    protected abstract Task SettleAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task Pages_reach_back_to_the_first_message()
    {
        IChatHistory history = await OpenAsync();
        for (int i = 0; i < 75; i++)
            Say(history, "Den", $"message {i}");
        await SettleAsync();
        for (int i = 75; i < 100; i++)
            Say(history, "den", $"message {i}");
        Say(history, "lobby", "elsewhere");
        var seen = new List<string?>();
        var more = new List<bool>();
        for (long before = long.MaxValue; ;)
        {
            MailPage page = await history.ReadAsync("DEN", before, 40, CancellationToken.None);
            seen.InsertRange(0, page.Select(mail => mail.Content.Words));
            more.Add(page.More);
            if (!page.More)
                break;
            before = page[0].Sequence;
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"message {i}"), seen);
        Assert.Equal([true, true, false], more);
        Assert.Empty(await history.ReadAsync("attic", long.MaxValue, 40, CancellationToken.None));
    }

    // Some of it is stored and some is not: a page must neither repeat nor skip anything where the two meet.
    [Theory]
    [InlineData(0)]
    [InlineData(75)]
    [InlineData(100)]
    public async Task Pages_reach_forward_to_the_last_message(int settled)
    {
        IChatHistory history = await OpenAsync();
        SessionKey alice = SessionKey.Of("alice");
        for (int i = 0; i < 100; i++)
        {
            if (i == settled)
                await SettleAsync();
            Say(history, "Den", $"message {i}");
            Say(history, "lobby", "elsewhere");
            Add(history, alice, new Whisper(s_alice, i % 2 == 0 ? s_bob : s_alice, $"message {i}", Own: true));
        }

        if (settled == 100)
            await SettleAsync();
        foreach (int size in new[] { 7, 25, 40 })
        {
            string[] all = [.. Enumerable.Range(0, 100).Select(i => $"message {i}")];
            Assert.Equal(all, await UpwardAsync(start => history.ReadAsync("DEN", start, size, CancellationToken.None)));
            Assert.Equal(
                all.Where((_, i) => i % 2 == 0),
                await UpwardAsync(start => history.ReadPrivateAsync(alice, "bob", start, size, CancellationToken.None)));
        }

        MailPage end = await history.ReadAsync("den", PageStart.After(_sequence), 40, CancellationToken.None);
        Assert.Empty(end);
        Assert.False(end.Newer || end.More);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_page_forward_has_no_more_bytes_than_fit_and_skips_nothing(bool settled)
    {
        IChatHistory history = await OpenAsync();
        foreach (int length in new[] { 400, 400, 400, 10 })
            Say(history, "lobby", new string('x', length));
        if (settled)
            await SettleAsync();
        Say(history, "lobby", "short");
        MailPage page = await history.ReadAsync("lobby", PageStart.After(0), new PageSize(10, 1100), CancellationToken.None);
        Assert.Equal([1, 2], page.Select(mail => mail.Sequence));
        Assert.True(page.Newer);
        page = await history.ReadAsync("lobby", PageStart.After(2), new PageSize(10, 1), CancellationToken.None);
        Assert.Equal([3], page.Select(mail => mail.Sequence));
        Assert.True(page.Newer);
        page = await history.ReadAsync("lobby", PageStart.After(3), new PageSize(10, 1100), CancellationToken.None);
        Assert.Equal([4, 5], page.Select(mail => mail.Sequence));
        Assert.False(page.Newer);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Everything_comes_back_unchanged(bool settled)
    {
        IChatHistory history = await OpenAsync();
        MailContent[] contents =
        [
            new Spoken("Den", s_alice, "hello\nworld 中文 🙂", Action: false, Own: false),
            new Spoken("Den", s_bob, "waves", Action: true, Own: false),
            new TopicChanged("Den", s_alice, "news"),
            new TopicChanged("Den", s_alice, ""),
        ];
        foreach (MailContent content in contents)
            Add(history, "Den", content);
        if (settled)
            await SettleAsync();
        MailPage page = await history.ReadAsync("den", long.MaxValue, 10, CancellationToken.None);
        Assert.Equal(contents, page.Select(mail => mail.Content));
        Assert.Equal(Enumerable.Range(1, 4).Select(i => s_start.AddTicks(i)), page.Select(mail => mail.At));
        Assert.False(page.More);
    }

    [Fact]
    public async Task A_page_has_no_more_bytes_than_fit_but_always_one_message()
    {
        IChatHistory history = await OpenAsync();
        for (int i = 0; i < 4; i++)
            Say(history, "lobby", new string('x', 400));
        await SettleAsync();
        MailPage page = await history.ReadAsync("lobby", long.MaxValue, new PageSize(10, 1100), CancellationToken.None);
        Assert.Equal([3, 4], page.Select(mail => mail.Sequence));
        Assert.True(page.More);
        page = await history.ReadAsync("lobby", 2, new PageSize(10, 1), CancellationToken.None);
        Assert.Equal([1], page.Select(mail => mail.Sequence));
        Assert.False(page.More);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Private_messages_are_for_the_sessions_that_took_part(bool settled)
    {
        IChatHistory history = await OpenAsync();
        SessionKey alice = SessionKey.Of("alice"), bob = SessionKey.Of("bob"), eve = SessionKey.Of("eve");
        Whisper(history, alice, bob, "for bob alone");
        Add(history, alice, new Whisper(s_alice, s_alice, "a word for myself", Own: true));
        if (settled)
            await SettleAsync();
        Assert.Equal(["for bob alone", "a word for myself"], await PrivateAsync(history, alice, Correspondent.Anybody));
        Assert.Equal(["for bob alone"], await PrivateAsync(history, alice, "BOB"));
        Assert.Equal(["for bob alone"], await PrivateAsync(history, alice, new Correspondent(null, "id of bob")));
        Assert.Equal(["for bob alone"], await PrivateAsync(history, alice, new Correspondent("bob", "id of bob")));
        Assert.Empty(await PrivateAsync(history, alice, new Correspondent("bob", "id of alice")));
        Assert.Equal(["for bob alone"], await PrivateAsync(history, bob, "alice"));
        Assert.Empty(await PrivateAsync(history, eve, Correspondent.Anybody));
        MailPage sent = await history.ReadPrivateAsync(alice, "bob", long.MaxValue, 10, CancellationToken.None);
        MailPage received = await history.ReadPrivateAsync(bob, "alice", long.MaxValue, 10, CancellationToken.None);
        Assert.Equal(new Whisper(s_alice, s_bob, "for bob alone", Own: true), Assert.Single(sent).Content);
        Assert.Equal(new Whisper(s_alice, s_bob, "for bob alone", Own: false), Assert.Single(received).Content);
        Assert.Equal(["for bob alone"], await FindAsync(history, "alone", [], bob));
        Assert.Empty(await FindAsync(history, "alone", ["lobby"], eve));
        Assert.Empty(await FindAsync(history, "alone", ["lobby"], null));
    }

    [Theory]
    [InlineData("Straße", "STRASSE", true)]
    [InlineData("Straße", "STRASSE", false)]
    [InlineData("Zoë", "ZOE\u0308", true)]
    [InlineData("σίσυφος", "ΣΊΣΥΦΟΣ", true)]
    public async Task Private_messages_are_found_by_any_spelling_of_a_nick(string nick, string typed, bool settled)
    {
        IChatHistory history = await OpenAsync();
        SessionKey alice = SessionKey.Of("alice");
        Add(history, alice, new Whisper(s_alice, new Person(nick, nick, "id"), "a word", Own: true));
        if (settled)
            await SettleAsync();
        Assert.Equal(["a word"], await PrivateAsync(history, alice, typed));
        Assert.Equal(["a word"], await PrivateAsync(history, alice, nick));
        Assert.Empty(await PrivateAsync(history, alice, "Zoe"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Search_looks_where_the_reader_is_and_pages_backwards(bool settled)
    {
        IChatHistory history = await OpenAsync();
        SessionKey alice = SessionKey.Of("alice"), bob = SessionKey.Of("bob");
        Say(history, "den", "apple in the den");
        Add(history, "lobby", new TopicChanged("lobby", s_alice, "apple"));
        Whisper(history, alice, bob, "an apple for bob");
        for (int i = 0; i < 5; i++)
            Say(history, "lobby", $"apple {i}");
        if (settled)
            await SettleAsync();
        Assert.Equal(["apple in the den", "an apple for bob", "apple 0", "apple 1", "apple 2", "apple 3", "apple 4"],
            await FindAsync(history, "apple", ["Lobby", "DEN"], bob));
        Assert.Equal(["apple 0", "apple 1", "apple 2", "apple 3", "apple 4"], await FindAsync(history, "apple", ["lobby"], null));
        MailPage page = await history.SearchAsync(
            Query("apple"), new SearchScope(["lobby"], null), long.MaxValue, 2, CancellationToken.None);
        Assert.Equal(["apple 3", "apple 4"], page.Select(mail => mail.Content.Words));
        Assert.True(page.More);
        page = await history.SearchAsync(Query("apple"), new SearchScope(["lobby"], null), page[0].Sequence, 9, CancellationToken.None);
        Assert.Equal(["apple 0", "apple 1", "apple 2"], page.Select(mail => mail.Content.Words));
        Assert.False(page.More);
    }

    // For those who ask for their data: also from rooms that do not exist any more, and without private messages.
    [Fact]
    public async Task What_a_person_wrote_in_rooms_is_read_in_parts()
    {
        IChatHistory history = await OpenAsync();
        var own = new List<string>();
        for (int i = 0; i < 620; i++)
        {
            if (i == 600)
                await SettleAsync();
            if (i % 3 > 0)
            {
                Say(history, "den", $"other {i}");
                continue;
            }

            own.Insert(0, $"own {i}");
            Add(history, i % 2 == 0 ? "den" : "lobby", new Spoken(i % 2 == 0 ? "den" : "lobby", s_bob, own[0], Action: false, Own: false));
        }

        Add(history, SessionKey.Of("bob"), new Whisper(s_bob, s_alice, "in private", Own: true));
        var read = new List<string?>();
        for (long before = long.MaxValue; before > 0;)
        {
            AuthorPage part = await history.ReadOfAsync(s_bob.UserId, before, CancellationToken.None);
            read.AddRange(part.Items.Select(mail => mail.Content.Words));
            Assert.True(part.Before < before);
            before = part.Before;
        }

        Assert.Equal<string?>(own, read);
        AuthorPage nobody = await history.ReadOfAsync("nobody", long.MaxValue, CancellationToken.None);
        Assert.Empty(nobody.Items);
    }

    // A name may have been that of a private room before.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Search_leaves_out_what_is_sealed(bool settled)
    {
        IChatHistory history = await OpenAsync();
        SessionKey alice = SessionKey.Of("alice"), bob = SessionKey.Of("bob");
        Say(history, "Den", "apple in private");
        Say(history, "lobby", "apple in the lobby");
        Whisper(history, alice, bob, "an apple for bob");
        Say(history, "den", "apple in private too");
        Say(history, "den", "apple in public");
        if (settled)
            await SettleAsync();
        var scope = new SearchScope(["lobby", "den", "attic"], bob) { Sealed = [("DEN", 4), ("attic", 9)] };
        foreach (string query in new[] { "apple", "in" })
        {
            MailPage page = await history.SearchAsync(Query(query), scope, long.MaxValue, 50, CancellationToken.None);
            Assert.Equal(
                query == "in" ? ["apple in the lobby", "apple in public"] : ["apple in the lobby", "an apple for bob", "apple in public"],
                page.Select(mail => mail.Content.Words));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Search_can_be_limited_to_an_author_and_to_what_is_older_than_a_time(bool settled)
    {
        IChatHistory history = await OpenAsync();
        SessionKey alice = SessionKey.Of("alice"), bob = SessionKey.Of("bob");
        var zoe = new Person("Zoë", "Zoë", "id of zoe");
        for (int i = 1; i <= 6; i++)
            Add(history, "den", new Spoken("den", i % 2 == 0 ? s_bob : zoe, $"apple {i}", Action: false, Own: false));
        Whisper(history, alice, bob, "apple 7");
        if (settled)
            await SettleAsync();
        Assert.Equal(["apple 2", "apple 4", "apple 6"], await SearchAsync("BOB", null));
        Assert.Equal(["apple 1", "apple 3", "apple 5"], await SearchAsync("ZOE\u0308", null));
        Assert.Equal(["apple 7"], await SearchAsync("alice", null));
        Assert.Empty(await SearchAsync("Zoe", null));
        Assert.Equal(["apple 1", "apple 2", "apple 3"], await SearchAsync(null, 4));
        Assert.Equal(["apple 2", "apple 4"], await SearchAsync("bob", 6));
        Assert.Empty(await SearchAsync("bob", 2));

        MailPage page = await history.SearchAsync(
            Query("apple").Limited("bob", s_start.AddTicks(6)), new SearchScope(["den"], bob), long.MaxValue, 1, CancellationToken.None);
        Assert.Equal(["apple 4"], page.Select(mail => mail.Content.Words));
        Assert.True(page.More);

        async Task<IEnumerable<string?>> SearchAsync(string? author, int? until) =>
            (await history.SearchAsync(
                Query("apple").Limited(author, until is { } ticks ? s_start.AddTicks(ticks) : null),
                new SearchScope(["den"], bob),
                long.MaxValue,
                50,
                CancellationToken.None)).Select(mail => mail.Content.Words);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Search_can_be_limited_to_one_private_conversation(bool settled)
    {
        IChatHistory history = await OpenAsync();
        SessionKey alice = SessionKey.Of("alice"), bob = SessionKey.Of("bob"), zoe = SessionKey.Of("zoe");
        var other = new Person("Zoë", "Zoë", "id of zoe");
        Say(history, "lobby", "apple in the lobby");
        Whisper(history, alice, bob, "apple 1");
        Between(alice, s_alice, zoe, other, "apple 2");
        Between(zoe, other, alice, s_alice, "apple 3");
        Between(zoe, other, bob, s_bob, "apple 4");
        long edited = Between(zoe, other, alice, s_alice, "plum");
        if (settled)
            await SettleAsync();
        var name = new MessageRef(edited, s_start.AddTicks(edited), other) { To = s_alice };
        Add(history, alice, new MessageChanged(name, "apple 5", Own: false));
        Add(history, zoe, new MessageChanged(name, "apple 5", Own: true));
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(["apple 1"], await FindAsync(alice, new Correspondent(null, s_bob.UserId)));
            Assert.Equal(["apple 1"], await FindAsync(alice, "BOB"));
            Assert.Equal(["apple 2", "apple 3", "apple 5"], await FindAsync(alice, new Correspondent("ZOE\u0308", other.UserId)));
            Assert.Equal(["apple 2", "apple 3", "apple 5"], await FindAsync(zoe, "Alice"));
            Assert.Equal(["apple 4"], await FindAsync(bob, new Correspondent(null, other.UserId)));
            Assert.Equal(["apple 1", "apple 4"], await FindAsync(bob, Correspondent.Anybody));
            Assert.Empty(await FindAsync(alice, new Correspondent("bob", other.UserId)));
            Assert.Empty(await FindAsync(alice, "alice"));
            await SettleAsync();
        }

        long Between(SessionKey from, Person sender, SessionKey to, Person receiver, string text)
        {
            _sequence++;
            Add(history, null, from, new Whisper(sender, receiver, text, Own: true), _sequence);
            Add(history, null, to, new Whisper(sender, receiver, text, Own: false), _sequence);
            return _sequence;
        }

        async Task<IEnumerable<string?>> FindAsync(SessionKey reader, Correspondent with) => (await history.SearchAsync(
            Query("apple"), new SearchScope([], reader) { With = with }, long.MaxValue, 50, CancellationToken.None))
            .Select(mail => mail.Content.Words);
    }

    // Anything that has a special meaning in a search engine is a word to search for, or is ignored.
    [Theory]
    [InlineData("NEAR(apple pie)", "pie near apple")]
    [InlineData("text:apple", "the text: apple")]
    [InlineData("apple* OR", "apple or two")]
    [InlineData("apple:* | !pie & <->", "apple pie")]
    [InlineData("don't", "I don't know")]
    [InlineData("\\' or 1=1", "or 1 1")]
    [InlineData("\"pie apple\"", "a pie, apple")]
    [InlineData("^apple + pie - x", "apple; pie; x")]
    [InlineData("CRÈME", "la crème")]

    // Parts of words, and scripts that write no blanks between words.
    [InlineData("中文", "我好想要中文搜尋")]
    [InlineData("中文搜", "我好想要中文搜尋")]
    [InlineData("搜", "我好想要中文搜尋")]
    [InlineData("尋", "我好想要中文搜尋")]
    [InlineData("deploy", "the deployment is done")]
    [InlineData("ploym", "the deployment is done")]
    [InlineData("ไทย", "ภาษาไทยไม่มีช่องว่าง")]
    [InlineData("ok", "It's OK.")]
    [InlineData("e", "here")]
    [InlineData("creme brul", "Crème brûlée")]
    [InlineData("\"lée, s’il\"", "Crème brûlée s'il vous plaît")]
    public async Task Parts_of_words_are_found_and_there_is_no_other_syntax(string query, string text)
    {
        IChatHistory history = await OpenAsync();
        Say(history, "lobby", text);
        Say(history, "lobby", "no: ХЖ");
        await SettleAsync();
        Assert.Equal([text], await FindAsync(history, query, ["lobby"], null));
    }

    // All parts of "abcde" and "cdefg" are in the text, but "abcdefg" is not.
    [Fact]
    public async Task All_parts_without_the_whole_are_no_match()
    {
        IChatHistory history = await OpenAsync();
        for (int i = 0; i < 30; i++)
            Say(history, "lobby", "abcde cdefg");
        Say(history, "lobby", "abcdefg");
        for (int i = 0; i < 30; i++)
            Say(history, "lobby", "abcde cdefg");
        await SettleAsync();
        Assert.Equal(["abcdefg"], await FindAsync(history, "abcdefg", ["lobby"], null));
        Assert.Empty(await FindAsync(history, "abcdefgh", ["lobby"], null));
    }

    [Fact]
    public async Task All_histories_find_the_same()
    {
        IChatHistory history = await OpenAsync();
        SessionKey alice = SessionKey.Of("alice");
        Gen<(string[] Texts, Piece[] Pieces)> talk = Gen.Select(s_text.Array[1, 20], s_piece.Array[1, 12]);
        int number = 0;
        await Property.HoldsAsync(talk, 25, async said =>
        {
            string room = $"room {++number}";
            var memory = new MemoryHistory(Options.Create(new ChatOptions()));
            foreach ((int i, string text) in said.Texts.Index())
            {
                MailContent content = i % 5 == 4
                    ? new Whisper(s_alice, s_alice, text, Own: true)
                    : new Spoken(room, s_alice, text, false, false);
                Add(memory, content is Whisper ? null : room, alice, content, ++_sequence);
                Add(history, content is Whisper ? null : room, alice, content, _sequence);
            }

            await SettleAsync();
            long first = _sequence - said.Texts.Length;
            foreach (Piece piece in said.Pieces)
            {
                string text = said.Texts[piece.Text % said.Texts.Length];
                int start = piece.Start % text.Length;
                string words = text.Substring(start, Math.Min(piece.Length, text.Length - start)).Replace('"', ' ');
                if (!SearchQuery.TryParse(words, out SearchQuery? query))
                    continue;
                var scope = new SearchScope([room.ToUpperInvariant()], piece.Length % 2 == 0 ? alice : null);
                long before = piece.Start % 4 == 0 ? first + piece.Start : long.MaxValue;
                MailPage one = await memory.SearchAsync(query, scope, before, piece.Size, CancellationToken.None);
                MailPage other = await history.SearchAsync(query, scope, before, piece.Size, CancellationToken.None);

                // Private messages of the samples before are in this history, too.
                long[] found = [.. other.Select(mail => mail.Sequence).Where(sequence => sequence > first)];
                Assert.Equal(one.Select(mail => mail.Sequence), found);
                if (scope.Private is null)
                    Assert.Equal(one.More, other.More);
            }
        });
    }

    protected static SearchQuery Query(string text) =>
        SearchQuery.TryParse(text, out SearchQuery? query) ? query : throw new ArgumentException(text);

    protected static async Task<IEnumerable<string?>> FindAsync(IChatHistory history, string query, string[] rooms, SessionKey? reader)
    {
        ArgumentNullException.ThrowIfNull(history);
        return (await history.SearchAsync(Query(query), new SearchScope(rooms, reader), long.MaxValue, 50, CancellationToken.None))
            .Select(mail => mail.Content.Words);
    }

    protected void Say(IChatHistory history, string room, string text) =>
        Add(history, room, new Spoken(room, s_alice, text, Action: false, Own: false));

    /// <summary>A message from alice to bob, with its two copies.</summary>
    protected void Whisper(IChatHistory history, SessionKey alice, SessionKey bob, string text)
    {
        ArgumentNullException.ThrowIfNull(history);
        _sequence++;
        history.AddPrivate(alice, new Mail(_sequence, s_start.AddTicks(_sequence), new Whisper(s_alice, s_bob, text, Own: true)));
        history.AddPrivate(bob, new Mail(_sequence, s_start.AddTicks(_sequence), new Whisper(s_alice, s_bob, text, Own: false)));
        history.Applied(_sequence);
    }

    private static void Add(IChatHistory history, string? room, SessionKey reader, MailContent content, long sequence)
    {
        var mail = new Mail(sequence, s_start.AddTicks(sequence), content);
        if (room is null)
            history.AddPrivate(reader, mail);
        else
            history.Add(room, mail);
        history.Applied(sequence);
    }

    private void Add(IChatHistory history, string room, MailContent content) => Add(history, room, default, content, ++_sequence);

    private void Add(IChatHistory history, SessionKey reader, MailContent content) => Add(history, null, reader, content, ++_sequence);

    /// <summary>The texts of all pages, read from the beginning on.</summary>
    private static async Task<List<string?>> UpwardAsync(Func<PageStart, ValueTask<MailPage>> read)
    {
        var texts = new List<string?>();
        for (long after = 0; ;)
        {
            MailPage page = await read(PageStart.After(after));
            texts.AddRange(page.Select(mail => mail.Content.Words));
            if (!page.Newer)
                return texts;
            after = page[^1].Sequence;
        }
    }

    private static async Task<IEnumerable<string?>> PrivateAsync(IChatHistory history, SessionKey reader, Correspondent with) =>
        (await history.ReadPrivateAsync(reader, with, long.MaxValue, 50, CancellationToken.None)).Select(mail => mail.Content.Words);

    /// <summary>A part of one of the texts, to search for, and how many matches to ask for.</summary>
    private readonly record struct Piece(int Text, int Start, int Length, int Size);
}
