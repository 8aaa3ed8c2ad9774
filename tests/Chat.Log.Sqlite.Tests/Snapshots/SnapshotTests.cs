using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.Snapshots;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Files;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>Snapshots: taken in time, used when old enough, and never trusted when damaged.</summary>
public sealed class SnapshotTests : IAsyncDisposable
{
    private readonly SqliteParts _parts = new();

    public SnapshotTests() => (_parts.Options.SnapshotEvery, _parts.Options.RestoreMail) = (10, 5);

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    [Fact]
    public async Task The_chat_is_the_same_from_any_snapshot_and_from_none()
    {
        (SessionKey alice, long newest) = await TalkAsync(42);
        long[] snapshots = Snapshots();
        Assert.InRange(snapshots.Length, 2, 3);

        // The newest usable snapshot is damaged in the middle, and the one before is cut short. Without any, the whole log is folded.
        string whole = await DescribeAsync(alice);
        Assert.Contains($"sequence {newest}", whole, StringComparison.Ordinal);
        _parts.Execute(
            "UPDATE snapshot SET image = substr(image, 1, 40) || zeroblob(1) || substr(image, 42) "
            + "WHERE sequence = (SELECT max(sequence) FROM snapshot)");
        Assert.Equal(whole, await DescribeAsync(alice));
        _parts.Execute("UPDATE snapshot SET image = substr(image, 1, 20)");
        Assert.Equal(whole, await DescribeAsync(alice));
        _parts.Execute("DELETE FROM snapshot");
        Assert.Equal(whole, await DescribeAsync(alice));
    }

    [Theory]
    [InlineData("UPDATE snapshot SET image = substr(image, 1, length(image) / 2)", "its checksum is wrong")]
    [InlineData("UPDATE snapshot SET image = substr(image, 1, 30) || x'ff' || substr(image, 32)", "its checksum is wrong")]
    [InlineData("UPDATE snapshot SET format = 99", "its format is 99, not 1 to 8")]
    [InlineData("UPDATE snapshot SET sha256 = zeroblob(32)", "its checksum is wrong")]
    public async Task A_damaged_snapshot_is_reported_and_skipped(string damage, string problem)
    {
        (SessionKey alice, _) = await TalkAsync(42);
        string whole = await DescribeAsync(alice);
        int before = _parts.Logs.Of("SnapshotUnusable").Count;
        _parts.Execute(damage);
        Assert.Equal(whole, await DescribeAsync(alice));
        IReadOnlyList<LogLine> said = _parts.Logs.Of("SnapshotUnusable");
        Assert.True(said.Count > before);
        Assert.Contains(problem, said[^1].Text, StringComparison.Ordinal);
    }

    // Its checksum is right but its contents are contradictory: the start used to end with an exception.
    [Fact]
    public async Task A_snapshot_that_contradicts_itself_is_skipped()
    {
        (SessionKey alice, _) = await TalkAsync(42);
        string whole = await DescribeAsync(alice);
        foreach (long sequence in Snapshots())
        {
            (byte[] image, byte[] checksum) = SnapshotCodec.Encode(new ChatStateImage(
                sequence, [], [new RoomImage("lobby", "", [new MemberImage(alice.ToString(), 1, false)])], [], []));
            _parts.Execute(
                "UPDATE snapshot SET image = $image, sha256 = $checksum WHERE sequence = $sequence",
                ("$image", image),
                ("$checksum", checksum),
                ("$sequence", sequence));
        }

        Assert.Equal(whole, await DescribeAsync(alice));
        Assert.NotEmpty(_parts.Logs.Of("SnapshotUnusable"));
    }

    [Fact]
    public async Task A_start_folds_only_what_came_after_the_snapshot()
    {
        (SessionKey alice, _) = await TalkAsync(42);
        long oldest = Snapshots()[0];
        _parts.Execute("DELETE FROM entry WHERE sequence <= $oldest", ("$oldest", oldest));
        TestChat chat = await _parts.StartChatAsync();
        Assert.NotNull(chat.Room.Find(alice));
        await _parts.StopAsync(chat);
    }

    // Each stop added a snapshot and pushed out the ones old enough to start from, until none was left.
    [Fact]
    public async Task Many_restarts_in_a_row_leave_a_snapshot_that_can_be_used()
    {
        await TalkAsync(42);
        for (int i = 0; i < 6; i++)
        {
            TestChat chat = await _parts.StartChatAsync();
            await chat.LoginAsync($"visitor{i}");
            await _parts.StopAsync(chat);
        }

        long usable = _parts.Scalar<long>("SELECT sequence FROM entry ORDER BY sequence DESC LIMIT 1 OFFSET 5");
        Assert.Contains(Snapshots(), snapshot => snapshot <= usable && snapshot >= usable - 20);
    }

    [Fact]
    public async Task Snapshots_of_every_outcome_of_a_key_come_back()
    {
        var image = new ChatStateImage(
            7,
            [
                new SessionImage(
                    SessionKey.Of("a").ToString(),
                    new Person("alice", "Alice", "id"),
                    "192.0.2.1",
                    "lobby",
                    DateTimeOffset.UnixEpoch,
                    true,
                    DateTimeOffset.UnixEpoch.AddTicks(1),
                    3,
                    DateTimeOffset.UnixEpoch,
                    [
                        new KeyedImage("1", DateTimeOffset.UnixEpoch, new Accepted(1)),
                        new KeyedImage("2", DateTimeOffset.UnixEpoch, new Refused(Refusal.Muted, TimeSpan.FromSeconds(2))),
                        new KeyedImage("3", DateTimeOffset.UnixEpoch, new RoomAccepted(2, "den", "", [new Person("b", "b", "c")])),
                        new KeyedImage("4", DateTimeOffset.UnixEpoch, new Repeated(new Accepted(1))),
                    ]),
            ],
            [new RoomImage("lobby", "", [new MemberImage(SessionKey.Of("a").ToString(), 1, false)])],
            [new Ban("192.0.2.9", "eve", "rude", DateTimeOffset.UnixEpoch)],
            [new OriginImage("run", 5, 7)])
        {
            PersonBans = [new Ban(null, "eve", "rude", DateTimeOffset.UnixEpoch) { UserId = "id of eve" }],
            Mutes = [new Mute("fay", null, DateTimeOffset.UnixEpoch) { UserId = "id of fay" }],
            Acts = [new Act(3, DateTimeOffset.UnixEpoch, ActKind.Banned, "alice", "id") { Of = "eve", Text = "rude" }],
        };
        (byte[] bytes, byte[] checksum) = SnapshotCodec.Encode(image);
        ChatStateImage? again = SnapshotCodec.TryDecode(SnapshotCodec.Format, bytes, checksum, out _);
        Assert.Equivalent(image, again, strict: true);
        Assert.Equal(image.Sessions[0].Keyed[1].Outcome, again!.Sessions[0].Keyed[1].Outcome);
        Assert.IsType<RoomAccepted>(again.Sessions[0].Keyed[2].Outcome);

        // A program that does not know that users can be offline must not read a snapshot in which one is.
        Assert.Equal(3, SnapshotCodec.FormatOf(image));
        image = image with { PersonBans = null, Mutes = null };
        Assert.Equal(1, SnapshotCodec.FormatOf(image));
        Assert.Equal(2, SnapshotCodec.FormatOf(image with { Sessions = [image.Sessions[0] with { OfflineSince = 7 }] }));

        // Nor must one that does not know private rooms.
        var rules = new RoomRulesImage(
            "id", true, true, true, TimeSpan.FromSeconds(5), 3, ["b"], ["c"], [new SpeakerImage("d", DateTimeOffset.UnixEpoch)]);
        ChatStateImage ruled = image with { Rooms = [image.Rooms[0] with { Rules = rules }] };
        ChatStateImage named = image with { Sealed = [new SealedImage("attic", 6)], SealedFloor = 2 };
        foreach (ChatStateImage one in new[] { ruled, named })
        {
            Assert.Equal(3, SnapshotCodec.FormatOf(one));
            (bytes, checksum) = SnapshotCodec.Encode(one);
            Assert.Equivalent(one, SnapshotCodec.TryDecode(3, bytes, checksum, out _), strict: true);
        }

        await Task.CompletedTask;
    }

    [Fact]
    public async Task Without_snapshot_and_first_entries_a_start_is_refused_until_the_loss_is_accepted()
    {
        await TalkAsync(42);
        _parts.Execute("DELETE FROM snapshot");
        _parts.Execute("DELETE FROM entry WHERE sequence <= 20");
        _parts.Execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('removed_through', 20)");
        LogStartException refused = await Assert.ThrowsAsync<LogStartException>(() => _parts.StartChatAsync());
        Assert.Contains("no snapshot can be read", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Log:AcceptLostState=true", refused.Message, StringComparison.Ordinal);
        _parts.Close();
        _parts.Options.AcceptLostState = true;
        TestChat chat = await _parts.StartChatAsync();
        Assert.Single(_parts.Logs.Of("StateLost"));
        await _parts.StopAsync(chat);
    }

    private async Task<(SessionKey Session, long Newest)> TalkAsync(int messages)
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice");
        await chat.Room.EnterAsync(alice.Key, "den").WithinAsync();
        for (int i = 0; i < messages; i++)
        {
            await alice.SubmitAsync($"message {i}", key: $"key {i}");

            // A snapshot is written in the background, and the next one does not begin before it is done.
            await Eventually.BeTrueAsync(() => Settled(chat.Office.Head));
        }

        await _parts.StopAsync(chat);
        return (alice.Key, chat.Office.Head);
    }

    private bool Settled(long head) => head % 10 != 0 || _parts.Logs.Of("SnapshotSaved").Count >= head / 10;

    private long[] Snapshots()
    {
        var found = new List<long>();
        using Microsoft.Data.Sqlite.SqliteConnection connection = _parts.Connect();
        using Microsoft.Data.Sqlite.SqliteCommand command = connection.Command("SELECT sequence FROM snapshot ORDER BY sequence");
        using Microsoft.Data.Sqlite.SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
            found.Add(rows.GetInt64(0));
        return [.. found];
    }

    private async Task<string> DescribeAsync(SessionKey session)
    {
        TestChat chat = await _parts.StartChatAsync();
        SessionView view = chat.Room.Find(session)!;
        MailRead read = await chat.Office.Find(session)!.ReadAsync(
            chat.Office.Head - 4, true, TimeSpan.Zero, CancellationToken.None).WithinAsync();
        string text = $"sequence {chat.Office.Head} {view.Who} {string.Join(' ', view.Rooms)} {view.LastActiveAt:O} "
            + string.Join('|', chat.Room.Rooms()) + string.Join('|', read.Mail.Select(mail => (mail.Sequence, mail.Content)));
        await _parts.StopAsync(chat);
        return text;
    }
}
