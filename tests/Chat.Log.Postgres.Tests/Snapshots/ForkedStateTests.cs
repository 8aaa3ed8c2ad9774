namespace ErlChat.Tests;

/// <summary>A log that is rolled back under a node: the state that only this node then has must not come back with a snapshot.</summary>
public sealed class ForkedStateTests
{
    [Fact]
    public async Task What_only_a_stopped_node_had_seen_is_gone_when_the_log_has_grown_past_it()
    {
        await using ChatDatabase database = await ChatDatabase.CreateAsync();
        database.Options.RestoreMail = 5;
        database.Logs.Expect("LogEnded");
        using (StorageNode first = new(database))
        {
            await using TestChat chat = await StartAsync(first);
            await TalkAsync(chat, "alice", 3);
            await TalkAsync(chat, "bob", 5);
            await database.ExecuteAsync("DELETE FROM entry WHERE sequence > 4");
            await Eventually.BeTrueAsync(() => chat.Room.Progress() is null);
        }

        using (StorageNode second = new(database))
        {
            await using TestChat chat = await StartAsync(second);
            await TalkAsync(chat, "carol", 14);
        }

        // The second one has saved its state, entry 19. A start cannot use that yet, but it could use one of entry 10.
        long[] stored = await database.ScalarAsync<long[]>("SELECT array_agg(sequence ORDER BY sequence) FROM snapshot");
        Assert.Equal([19], stored);
        using (StorageNode third = new(database))
        {
            await using TestChat chat = await StartAsync(third);
            Assert.Equal(["alice", "carol"], chat.Room.SessionsAfter("", "", 10).Sessions.Select(session => session.Who.Nick).Order());
        }
    }

    /// <summary>A chat that accepts messages. Right after the start, the log may not have found the database yet.</summary>
    private static async Task<TestChat> StartAsync(StorageNode node)
    {
        TestChat chat = await new TestChatBuilder().WithRealTime().WithoutLimits()
            .WithLog(node.Log).WithHistory(node.History).WithSnapshots(node.Snapshots).StartAsync();
        await Eventually.BeTrueAsync(() => node.Log.IsAvailable && chat.Room.IsReady);
        return chat;
    }

    private static async Task TalkAsync(TestChat chat, string nick, int messages)
    {
        TestSession session = await chat.LoginAsync(nick);
        for (int i = 0; i < messages; i++)
            Assert.IsType<Outcomes.Accepted>(await chat.SayAsync(session, $"message {i}"));
    }
}
