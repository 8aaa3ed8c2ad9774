using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Settings;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.History;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace ErlChat.Tests;

/// <summary>Memory and database find the same, whatever is searched for, and while the index is made anew.</summary>
public sealed class SearchRuleTests : IAsyncDisposable
{
    private static readonly string[] s_words =
    [
        "deployment", "deploy", "Straße", "STRASSE", "crème", "CRÈME", "creme\u0301", "don't", "naïve", "İstanbul", "ǅungla", "中文搜尋",
        "我好想要",
        "日本語", "がぎぐ", "한국어", "ภาษาไทย", "ที่นี่", "हिन्दी", "العَرَبية", "שָׁלוֹם", "это", "Ёлка", "йод", "ΣΊΣΥΦΟΣ", "σίσυφος", "🙂",
        "👩‍👩‍👧",
        "1️⃣", "a", "of", "12", "3.14", "C++", "<b>", "\u200b", "𝒳𝓎", "𐐀𐐨", "\ud800",
    ];

    private readonly SqliteParts _parts = new();

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    [Fact]
    public async Task Memory_and_database_find_the_same() => await Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        _parts.OpenLog();
        var memory = new MemoryHistory(Options.Create(new ChatOptions()));
        SessionKey alice = SessionKey.Of("alice");
        var texts = new List<string>();
        for (int i = 1; i <= 400; i++)
        {
            string text = Text(random, random.Next(1, 7));
            texts.Add(text);
            var who = new Person("alice", "alice", "1");
            string room = random.Next(4) == 0 ? "den" : "lobby";
            MailContent content = random.Next(6) == 0
                ? new Whisper(who, who, text, random.Next(2) == 0)
                : new Spoken(room, who, text, Action: false, Own: false);
            var mail = new Mail(i, DateTimeOffset.UnixEpoch, content);
            foreach (IChatHistory history in (IChatHistory[])[memory, _parts.History])
            {
                if (content is Whisper)
                    history.AddPrivate(alice, mail);
                else
                    history.Add(room, mail);
            }
        }

        await _parts.History.FlushWithAsync(_ => { });
        int found = 0;
        for (int i = 0; i < 400; i++)
        {
            if (i == 200)
                Mend(steps: 2);
            string query = random.Next(3) == 0 ? Text(random, random.Next(1, 3)) : Piece(random, texts[random.Next(texts.Count)]);
            if (random.Next(4) == 0)
                query += " " + Piece(random, texts[random.Next(texts.Count)]);
            if (!SearchQuery.TryParse(query.Replace('"', ' '), out SearchQuery? parsed))
                continue;
            var scope = new SearchScope(random.Next(2) == 0 ? ["Lobby"] : ["lobby", "den"], random.Next(2) == 0 ? alice : null);
            PageSize size = random.Next(1, 30);
            long before = random.Next(3) == 0 ? random.Next(1, 400) : long.MaxValue;
            MailPage one = await memory.SearchAsync(parsed, scope, before, size, CancellationToken.None);
            MailPage other = await _parts.History.SearchAsync(parsed, scope, before, size, CancellationToken.None);
            bool isSame = one.Select(mail => mail.Sequence).SequenceEqual(other.Select(mail => mail.Sequence));
            Assert.True(isSame, $"{Seeds.Variable}={seed}: {query}");
            Assert.Equal(one.More, other.More);
            found += one.Count;
        }

        Assert.True(found > 400, $"{found}");
        _parts.Close();
        File.Delete(_parts.File);
    });

    // P46, and scripts that write no blanks between words.
    [Theory]
    [InlineData("中文", "我好想要中文搜尋")]
    [InlineData("中文搜", "我好想要中文搜尋")]
    [InlineData("搜", "我好想要中文搜尋")]
    [InlineData("deploy", "the deployment is done")]
    [InlineData("ploym", "the deployment is done")]
    [InlineData("ไทย", "ภาษาไทยไม่มีช่องว่าง")]
    [InlineData("ok", "It's OK.")]
    [InlineData("e", "here")]
    [InlineData("creme brul", "Crème brûlée")]
    [InlineData("\"lée, s’il\"", "Crème brûlée s'il vous plaît")]
    public async Task Parts_of_words_are_found_also_short_ones(string query, string text)
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice");
        await alice.SubmitAsync(text);
        await alice.SubmitAsync("no: ХЖ");
        await _parts.History.FlushWithAsync(_ => { });
        Assert.True(SearchQuery.TryParse(query, out SearchQuery? parsed));
        MailPage? page = await chat.Room.SearchAsync(alice.Key, parsed, null, long.MaxValue, 9, CancellationToken.None).WithinAsync();
        Assert.Equal([text], page!.Select(mail => mail.Content.Words));
        await _parts.StopAsync(chat);
    }

    // The text itself says what matches: all parts of "abcde" and "cdefg" are in "abcde cdefg", and "abcdefg" is not.
    [Fact]
    public async Task All_parts_without_the_whole_are_no_match()
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice");
        await alice.SubmitAsync("abcde cdefg");
        await _parts.History.FlushWithAsync(_ => { });
        Assert.True(SearchQuery.TryParse("abcdefg", out SearchQuery? parsed));
        Assert.Empty((await chat.Room.SearchAsync(alice.Key, parsed, null, long.MaxValue, 9, CancellationToken.None).WithinAsync())!);
        await _parts.StopAsync(chat);
    }

    // While the index is made anew, what it lacks is looked through; a search used to miss it.
    [Fact]
    public async Task Nothing_is_missed_while_the_index_is_made_anew()
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice");
        for (int i = 0; i < 600; i++)
            await alice.SubmitAsync($"apple {i}");
        await _parts.History.FlushWithAsync(_ => { });
        Assert.True(SearchQuery.TryParse("apple", out SearchQuery? parsed));
        for (int steps = 0; steps < 4; steps++)
        {
            Mend(steps);
            MailPage? page = await chat.Room.SearchAsync(
                alice.Key, parsed, null, long.MaxValue, 1000, CancellationToken.None).WithinAsync();
            Assert.Equal(Enumerable.Range(0, 600).Select(i => $"apple {i}"), page!.Select(mail => mail.Content.Words));
        }

        await _parts.StopAsync(chat);
    }

    /// <summary>As a restart in the middle of it finds the index; no server mends it meanwhile, since none has seen it detached.</summary>
    private void Mend(int steps)
    {
        using SqliteConnection connection = _parts.Connect();
        connection.Execute("BEGIN IMMEDIATE");
        SearchIndex.Detach(connection);
        for (int i = 0; i < steps; i++)
            Assert.True(SearchIndex.Mend(connection));
        connection.Execute("COMMIT");
    }

    private static string Text(Random random, int words) => string.Concat(Enumerable.Range(0, words).Select(_ =>
        s_words[random.Next(s_words.Length)] + (random.Next(5) == 0 ? "" : " ,.-\n"[random.Next(5)])));

    private static string Piece(Random random, string text)
    {
        int start = random.Next(text.Length);
        return text.Substring(start, random.Next(1, Math.Min(12, text.Length - start) + 1));
    }
}
