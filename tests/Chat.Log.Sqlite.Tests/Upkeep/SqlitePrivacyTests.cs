using System.Text;
using ErlChat.Forgetting;
using ErlChat.History;
using ErlChat.Members;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Sqlite;
using ErlChat.Sqlite.Forgetting;
using ErlChat.Sqlite.Members;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ErlChat.Tests;

/// <summary>Erased persons and old addresses leave the database, and the chat starts as it was.</summary>
public sealed class SqlitePrivacyTests : IAsyncDisposable
{
    private const string Address = "198.51.100.77";

    private readonly SqliteParts _parts = new();
    private readonly ManualTimeProvider _time = new();

    public SqlitePrivacyTests() => (_parts.Options.SnapshotEvery, _parts.Options.RestoreMail) = (1000, 50);

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    [Fact]
    public async Task An_erased_person_is_nowhere_in_the_database()
    {
        TestChat chat = await _parts.StartChatAsync(_time);
        TestSession amy = await chat.LoginAsync("amy"), zoe = await LoginAsync(chat, "zoe7");
        await zoe.SubmitAsync("secretword in the lobby");
        await zoe.SubmitAsync("/topic secretword topic");
        await amy.SubmitAsync("amy answers");
        await zoe.SubmitAsync("secretword for amy", to: "amy");
        await amy.SubmitAsync("answer to the other", to: "zoe7");
        await new SqliteCredentials(_parts.Database).ReplacePasswordAsync(
            zoe.Who.UserId, null, new StoredPassword("hash of zoe", _time.GetUtcNow()));

        Assert.IsType<Accepted>(await chat.Room.Erasures.EraseAsync(zoe.Key, zoe.Who.UserId), exactMatch: false);
        using PrivacySweep sweep = Sweep(chat);
        await SweepAllAsync(sweep);

        MailPage page = (await chat.Room.HistoryAsync(amy.Key, "lobby", long.MaxValue, 10, CancellationToken.None))!;
        Assert.Equal(
            [("[deleted]", ""), ("[deleted]", ""), ("amy", "amy answers")],
            page.Select(mail => mail.Content switch
            {
                Spoken spoken => (spoken.Who.Nick, spoken.Text),
                TopicChanged topic => (topic.Who.Name, topic.Topic),
                _ => default,
            }));
        page = (await chat.Room.PrivateHistoryAsync(
            amy.Key, Correspondent.Anybody, long.MaxValue, 10, CancellationToken.None))!;
        Assert.Equal(
            [("[deleted]", "amy", ""), ("amy", "[deleted]", "answer to the other")],
            page.Select(mail => (Whisper)mail.Content).Select(whisper => (whisper.From.Nick, whisper.To.Nick, whisper.Text)));
        Assert.Empty(await SearchAsync(chat, amy, "secretword"));
        Assert.Single(await SearchAsync(chat, amy, "answers"));
        Assert.Null(await new SqliteCredentials(_parts.Database).FindPasswordAsync(zoe.Who.UserId, CancellationToken.None));
        await StopAndCheckAsync(chat, "secretword", "zoe7", "hash of zoe", Address);

        // The start has nothing to fold before the erasure, although so few entries are within the mail to restore.
        chat = await _parts.StartChatAsync(_time);
        Assert.NotNull(chat.Room.Find(amy.Key));
        Assert.Null(chat.Room.FindPerson("zoe7"));
        Assert.Equal(1, chat.Room.SessionCount);
        await _parts.StopAsync(chat);
    }

    [Fact]
    public async Task Old_addresses_are_nowhere_in_the_database()
    {
        TestChat chat = await _parts.StartChatAsync(_time);
        TestSession amy = await LoginAsync(chat, "amy");
        await amy.SubmitAsync("stays");
        using PrivacySweep sweep = Sweep(chat);
        await SweepAllAsync(sweep);
        Assert.Equal(Address, chat.Room.Find(amy.Key)!.Host);
        Assert.Equal(0, ForgotCount());

        Pass(TimeSpan.FromDays(32));
        TestSession bob = chat.SessionOf(await chat.Room.JoinAsync(new JoinRequest("bob", "192.0.2.9")).WithinAsync());
        await SweepAllAsync(sweep);
        Assert.True(HostAddress.IsForgotten(chat.Room.Find(amy.Key)!.Host));
        Assert.Equal("192.0.2.9", chat.Room.Find(bob.Key)!.Host);
        Assert.InRange(ForgotCount(), 1, 3);
        await SweepAllAsync(sweep);
        long count = ForgotCount();
        await StopAndCheckAsync(chat, Address);
        Assert.Equal(1, _parts.Scalar<long>("SELECT count(*) FROM entry WHERE body LIKE '%192.0.2.9%'"));

        chat = await _parts.StartChatAsync(_time);
        Assert.True(HostAddress.IsForgotten(chat.Room.Find(amy.Key)!.Host));
        Assert.Equal(["stays"], (await chat.Room.HistoryAsync(amy.Key, "lobby", long.MaxValue, 10, CancellationToken.None))!
            .Select(mail => mail.Content.Words));
        Assert.Equal(count, ForgotCount());
        await _parts.StopAsync(chat);
    }

    // Both copies of the state may be gone. The chat then folds entries without their contents, and lives.
    [Fact]
    public async Task Without_any_snapshot_the_chat_starts_from_the_redacted_log()
    {
        SessionKey amy = await EraseZoeAsync();
        _parts.Execute("DELETE FROM snapshot");
        TestChat chat = await _parts.StartChatAsync(_time);
        Assert.NotNull(chat.Room.Find(amy));
        Assert.Equal(1, chat.Room.SessionCount);
        await _parts.StopAsync(chat);
    }

    // The log has only the user id.
    [Fact]
    public async Task A_rebuilt_history_shows_an_erased_person_as_before()
    {
        SessionKey amy = await EraseZoeAsync();
        Assert.Equal(0, LogTool.Run(["reindex"], _parts.File, TextWriter.Null, TextWriter.Null));
        TestChat chat = await _parts.StartChatAsync(_time);
        using PrivacySweep sweep = Sweep(chat);
        await SweepAllAsync(sweep);
        MailPage page = (await chat.Room.HistoryAsync(amy, "lobby", long.MaxValue, 10, CancellationToken.None))!;
        Assert.Equal("[deleted]", ((Spoken)Assert.Single(page).Content).Who.Nick);
        await _parts.StopAsync(chat);
    }

    // The entry is in the log, but the fold refused it. That the person is gone by then makes no difference.
    [Fact]
    public async Task A_refused_erasure_removes_nothing()
    {
        TestChat chat = await _parts.StartChatAsync(_time);
        TestSession amy = await chat.LoginAsync("amy"), zoe = await LoginAsync(chat, "zoe7");
        await zoe.SubmitAsync("stays");
        Assert.Equal(
            new Refused(Refusal.NotAdmin), await chat.Room.Erasures.EraseAsync(amy.Key, zoe.Who.UserId));
        Assert.Equal("zoe7", chat.Room.Find(zoe.Key)!.Who.Nick);
        await chat.Room.LeaveAsync(zoe.Key).WithinAsync();
        using PrivacySweep sweep = Sweep(chat);
        await SweepAllAsync(sweep);
        Assert.Equal(["stays"], (await chat.Room.HistoryAsync(amy.Key, "lobby", long.MaxValue, 10, CancellationToken.None))!
            .Select(mail => mail.Content.Words));
        await _parts.StopAsync(chat);
    }

    /// <summary>Runs a chat until somebody who wrote something is erased from the database.</summary>
    /// <returns>The session of somebody who stays.</returns>
    private async Task<SessionKey> EraseZoeAsync()
    {
        TestChat chat = await _parts.StartChatAsync(_time);
        TestSession amy = await chat.LoginAsync("amy"), zoe = await LoginAsync(chat, "zoe7");
        await zoe.SubmitAsync("secretword");
        await chat.Room.Erasures.EraseAsync(zoe.Key, zoe.Who.UserId);
        using PrivacySweep sweep = Sweep(chat);
        await SweepAllAsync(sweep);
        await _parts.StopAsync(chat);
        return amy.Key;
    }

    private PrivacySweep Sweep(TestChat chat) => new(
        chat.Room,
        Options.Create(chat.Options),
        _time,
        NullLogger<PrivacySweep>.Instance,
        new SqlitePrivacy(_parts.Database, _parts.History, _parts.Snapshots, new SqliteCredentials(_parts.Database)));

    /// <summary>As often as it takes until nothing is left to do. A snapshot is saved in the background.</summary>
    private async Task SweepAllAsync(PrivacySweep sweep)
    {
        const string waiting = """
            SELECT min(sequence) FROM entry WHERE kind IN ('erased', 'forgot_addresses')
            AND sequence > coalesce((SELECT value FROM meta WHERE key = 'redacted_through'), 0)
            """;
        for (int i = 0; i < 6; i++)
        {
            await sweep.SweepAsync(CancellationToken.None).WithinAsync();
            try
            {
                await Eventually.BeTrueAsync(
                    () => _parts.Scalar<long>(waiting) == 0
                        || _parts.Scalar<long>($"SELECT coalesce(max(sequence) >= ({waiting}), 0) FROM snapshot") == 1,
                    TimeSpan.FromMilliseconds(300));
            }
            catch (TimeoutException)
            {
                // No snapshot was asked for yet, or the entry came while another one was being saved. The next sweep asks again.
            }
        }
    }

    private async Task StopAndCheckAsync(TestChat chat, params string[] gone)
    {
        await _parts.StopAsync(chat);
        Assert.Equal(0, LogTool.Run(["verify"], _parts.File, TextWriter.Null, TextWriter.Null));
        string bytes = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(_parts.File));
        Assert.All(gone, text => Assert.DoesNotContain(text, bytes, StringComparison.OrdinalIgnoreCase));
    }

    private void Pass(TimeSpan time)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromDays(1))
            _time.Advance(TimeSpan.FromDays(1));
    }

    private long ForgotCount() => _parts.Scalar<long>("SELECT count(*) FROM entry WHERE kind = 'forgot_addresses'");

    private static async Task<TestSession> LoginAsync(TestChat chat, string nick) =>
        chat.SessionOf(await chat.Room.JoinAsync(new JoinRequest(nick, Address)).WithinAsync());

    private static async Task<MailPage> SearchAsync(TestChat chat, TestSession reader, string word) =>
        (await chat.Room.SearchAsync(reader.Key, Query(word), null, long.MaxValue, 10, CancellationToken.None))!;

    private static SearchQuery Query(string text) =>
        SearchQuery.TryParse(text, out SearchQuery? query) ? query : throw new ArgumentException(text);
}
