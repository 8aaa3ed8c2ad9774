using ErlChat.Forgetting;
using ErlChat.History;
using ErlChat.Log;
using ErlChat.Members;
using ErlChat.Postgres.Forgetting;
using ErlChat.Postgres.Members;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>Erased persons and old addresses leave the database once every live node has applied that.</summary>
public sealed class PostgresPrivacyTests : IAsyncLifetime
{
    private const string Address = "198.51.100.77";

    private static readonly DateTimeOffset s_start = new(2026, 11, 20, 7, 0, 0, TimeSpan.Zero);
    private static readonly SessionKey s_amy = SessionKey.Of("amy"), s_zoe = SessionKey.Of("zoe");

    private ChatDatabase _database = null!;
    private StorageNode _node = null!;
    private PostgresCredentials _credentials = null!;
    private PostgresPrivacy _privacy = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await ChatDatabase.CreateAsync();
        _node = new StorageNode(_database);
        _credentials = new PostgresCredentials(_node.Primary, _database.Options);
        _privacy = new PostgresPrivacy(_node.Primary, _node.Snapshots, _node.Nodes, _credentials);
    }

    public async ValueTask DisposeAsync()
    {
        _node.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task An_erased_person_is_nowhere_in_the_database()
    {
        await TalkAsync();
        await _credentials.ReplacePasswordAsync("id of zoe", null, new StoredPassword("hash", s_start));
        Assert.Equal(PrivacyStep.NeedsSnapshot, await StepAsync());
        Assert.Equal(1, _node.Snapshots.Interval);
        await SnapshotAsync(8);

        // A node that has yet to apply it would fold entries without their contents.
        await _database.ExecuteAsync("INSERT INTO node (name, origin, applied) VALUES ('slow', 'b', 7)");
        Assert.Equal(PrivacyStep.Working, await StepAsync());
        Assert.Equal(1, await FoundAsync("secretword"));
        await _database.ExecuteAsync("UPDATE node SET applied = 8 WHERE name = 'slow'");
        await StepsAsync();

        Assert.Equal(0, await FoundAsync("secretword"));
        Assert.Equal(0, await FoundAsync("zoe7"));
        Assert.Equal(1, await FoundAsync("the answer"));
        Assert.Null(await _credentials.FindPasswordAsync("id of zoe", CancellationToken.None));
        MailPage page = await _node.History.ReadPrivateAsync(
            s_amy, Correspondent.Anybody, long.MaxValue, 10, CancellationToken.None);
        Assert.Equal(
            [("[deleted]", ""), ("amy", "the answer")],
            page.Select(mail => (Whisper)mail.Content).Select(whisper => (whisper.From.Nick, whisper.Text)));
        Assert.Equal(
            2, (await _node.History.ReadPrivateAsync(s_amy, "[deleted]", long.MaxValue, 10, CancellationToken.None)).Count);
        Assert.Empty(await _node.History.ReadPrivateAsync(s_zoe, Correspondent.Anybody, long.MaxValue, 10, CancellationToken.None));
        Assert.Equal(PrivacyStep.Idle, await StepAsync());

        // Only the snapshot after the erasure is left for a start.
        Assert.Equal(8, (await _node.Snapshots.OpenAsync(CancellationToken.None)).Image!.Sequence);
    }

    [Fact]
    public async Task Old_addresses_are_nowhere_in_the_database()
    {
        await TalkAsync();
        Assert.True(await _privacy.HasAddressesAsync(s_start.AddDays(1), CancellationToken.None));
        Assert.False(await _privacy.HasAddressesAsync(s_start, CancellationToken.None));
        await _node.AppendAsync(
            Joining("bob", "bob", "192.0.2.9") with { At = s_start.AddDays(20) },
            new ForgotAddresses(s_start.AddDays(10)) { At = s_start.AddDays(40) });
        await SnapshotAsync(10);
        await StepsAsync(wasErased: false);
        Assert.Equal(0, await FoundAsync(Address));
        Assert.Equal(1, await FoundAsync("192.0.2.9"));
        Assert.Equal(1, await FoundAsync("secretword"));
        Assert.False(await _privacy.HasAddressesAsync(s_start.AddDays(10), CancellationToken.None));
        Assert.True(await _privacy.HasAddressesAsync(s_start.AddDays(21), CancellationToken.None));
    }

    // No snapshot is needed: the fold does not look at texts.
    [Fact]
    public async Task A_deleted_text_is_nowhere_in_the_database()
    {
        await _node.AppendAsync(
            Joining("amy", "amy", Address),
            new Said(s_amy, "lobby", "secretword one", Action: false) { At = s_start },
            new Said(s_amy, "lobby", "stays", Action: false) { At = s_start },
            Named(new MessageEdited(s_amy, 2, "secretword two")),
            Named(new MessageEdited(s_amy, 3, "stays, corrected")),
            Named(new MessageDeleted(s_amy, 2)),
            Named(new MessageEdited(s_amy, 2, "secretword three")),
            Named(new MessageDeleted(s_zoe, 3)),
            new Said(s_amy, "lobby", "later", Action: false) { At = s_start });
        await _node.StartAsync();
        await _node.SettleAsync();
        await StepsAsync();
        Assert.Equal(0, await FoundAsync("secretword"));
        Assert.Equal(PrivacyStep.Idle, await StepAsync());
        MailPage page = await _node.History.ReadAsync("lobby", long.MaxValue, 10, CancellationToken.None);
        Assert.Equal(["", "stays, corrected", "later"], page.Select(mail => mail.Content.Words));
        Assert.Equal(
            ["stays"], (await _node.History.ReadEarlierAsync(3, CancellationToken.None)).Select(one => one.Text));

        static Entry Named(MessageEntry entry) =>
            entry with { Nick = "amy", Name = "amy", AuthorId = "id of amy", Room = "lobby", At = s_start };
    }

    // More of them than are read at once.
    [Fact]
    public async Task Entries_that_cannot_be_read_do_not_keep_those_behind_them()
    {
        await _node.AppendAsync(
        [
            Joining("amy", "amy", Address),
            Joining("zoe", "zoe7", Address),
            .. Enumerable.Repeat(new Said(s_zoe, "lobby", "unreadable", Action: false) { At = s_start }, 1200),
            new Said(s_zoe, "lobby", "secretword", Action: false) { At = s_start },
            new Erased(s_zoe, s_zoe, "id of zoe", Since: 2) { Nick = "zoe7", At = s_start },
        ]);
        await _node.StartAsync();
        await _node.SettleAsync();
        await _database.ExecuteAsync("UPDATE entry SET body = left(body, 10) WHERE body LIKE '%unreadable%'");
        await SnapshotAsync(1204);
        await StepsAsync();
        Assert.Equal(0, await FoundAsync("secretword"));
        Assert.Equal(PrivacyStep.Idle, await StepAsync());
    }

    [Fact]
    public async Task A_node_that_has_lost_the_lease_changes_nothing()
    {
        await TalkAsync();
        await SnapshotAsync(8);
        await _database.ExecuteAsync(ElectedNode.Replace);
        await StepsAsync();
        Assert.Equal(1, await FoundAsync("secretword"));
    }

    private static Joined Joining(string key, string nick, string host) =>
        new(SessionKey.Of(key), nick, nick, $"id of {key}", null, false, host, "lobby", 10, 16) { At = s_start };

    private async Task TalkAsync()
    {
        await _node.AppendAsync(
            Joining("amy", "amy", Address),
            Joining("zoe", "zoe7", Address),
            new Said(s_zoe, "lobby", "secretword", Action: false) { At = s_start },
            new Whispered(s_zoe, "amy", "psst") { At = s_start },
            new Whispered(s_amy, "zoe7", "the answer") { At = s_start },
            new Told(s_amy, $"zoe7 is at {Address}", null) { At = s_start },
            new Said(s_amy, "lobby", "hello", Action: false) { At = s_start },
            new Erased(s_zoe, s_zoe, "id of zoe", Since: 2) { Nick = "zoe7", At = s_start });
        await _node.StartAsync();
        await _node.SettleAsync();
        await SnapshotAsync(1);
    }

    private Task SnapshotAsync(long sequence) => _node.Snapshots.SaveAsync(
        new ChatStateImage(sequence, [], [new RoomImage("lobby", "", [])], [], [new OriginImage("run", sequence, sequence)]),
        CancellationToken.None);

    private Task<PrivacyStep> StepAsync(bool wasErased = true) =>
        _privacy.StepAsync((_, _) => wasErased, CancellationToken.None).AsTask().WithinAsync();

    /// <summary>As many steps as it takes: the first one only removes the old snapshots.</summary>
    private async Task StepsAsync(bool wasErased = true)
    {
        for (int i = 0; i < 3; i++)
            await StepAsync(wasErased);
    }

    /// <summary>In how many of the entries, or else of the messages, there is a text.</summary>
    private async Task<long> FoundAsync(string text) => Math.Max(
        await _database.ScalarAsync<long>($"SELECT count(*) FROM entry WHERE body LIKE '%{text}%'"),
        await _database.ScalarAsync<long>(
            $"""
            SELECT count(*) FROM (SELECT m::text FROM message AS m UNION ALL SELECT e::text FROM earlier_text AS e) AS row (text)
            WHERE text LIKE '%{text}%'
            """));
}
