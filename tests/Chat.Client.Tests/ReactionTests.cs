namespace ErlChat.Client.Tests;

public class ReactionTests
{
    [Fact]
    public async Task A_reaction_reaches_everyone_and_the_history_and_is_taken_back()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient alice = await server.LoginAsync("alice");
        await using ChatClient bob = await server.LoginAsync("bob");
        await using var his = new Listener(bob);
        long said = (await alice.SayAsync("words").WithinAsync())!.Value;
        long first = (await alice.ReactAsync(said, "👍").WithinAsync())!.Value;
        Assert.Null(await alice.ReactAsync(said, "👍").WithinAsync());
        ReactionsChanged told = await his.TheAsync<ReactionsChanged>();
        Assert.Equal((first, "lobby", null, said), (told.Id, told.Room, told.WithId, told.MessageId));
        Assert.Equal([new ReactionChange("👍", alice.UserId, "alice", On: true)], told.Changes);

        MessageReactions now = Assert.Single((await alice.HistoryAsync().WithinAsync()).OfType<Said>()).Reactions!;
        Assert.Equal(first, now.Through);
        ReactionCount count = Assert.Single(now.All);
        Assert.Equal(("👍", 1, true), (count.Emoji, count.Count, count.Mine));
        Assert.Equal(["alice"], count.Nicks);
        Assert.False(Assert.Single(Assert.Single((await bob.HistoryAsync().WithinAsync()).OfType<Said>()).Reactions!.All).Mine);

        long second = (await alice.ReactAsync(said, "👍", on: false).WithinAsync())!.Value;
        now = Assert.Single((await bob.HistoryAsync().WithinAsync()).OfType<Said>()).Reactions!;
        Assert.Equal(second, now.Through);
        Assert.Empty(now.All);
    }

    [Fact]
    public async Task What_may_not_be_reacted_to_is_refused()
    {
        await using RunningServer server = await RunningServer.StartAsync("Chat:MaxEmojisPerMessage=1");
        await using ChatClient alice = await server.LoginAsync("alice");
        await using ChatClient bob = await server.LoginAsync("bob");
        await alice.JoinAsync("den").WithinAsync();
        long said = (await alice.SayAsync("words", "den").WithinAsync())!.Value;
        Assert.Equal(ChatRefusal.BadEmoji, await Quick.RefusalAsync(() => alice.ReactAsync(said, "+1")));
        Assert.Equal(ChatRefusal.NoSuchMessage, await Quick.RefusalAsync(() => bob.ReactAsync(said, "👍")));
        await alice.ReactAsync(said, "👍").WithinAsync();
        Assert.Equal(ChatRefusal.TooManyReactions, await Quick.RefusalAsync(() => alice.ReactAsync(said, "🙂")));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => bob.ReactAsync(0, "👍"));
    }
}
