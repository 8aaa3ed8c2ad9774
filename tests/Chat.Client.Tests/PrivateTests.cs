namespace ErlChat.Client.Tests;

public class PrivateTests
{
    // S14: a message for somebody who left went to the stranger who took the nick.
    [Fact]
    public async Task A_message_for_a_person_does_not_reach_who_took_the_nick()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient alice = await server.LoginAsync("alice");
        await using var hers = new Listener(alice);
        ChatClient robert = await server.LoginAsync("robert");
        await robert.WhisperAsync("alice", "it is me").WithinAsync();
        Whispered got = await hers.TheAsync<Whispered>();
        Assert.NotNull(got.FromId);
        Assert.NotEqual(got.FromId, got.ToId);
        Assert.NotNull(await alice.WhisperAsync("robert", got.FromId, "hello").WithinAsync());
        await robert.LeaveAsync().WithinAsync();
        await robert.DisposeAsync();

        await using ChatClient stranger = await server.LoginAsync("RoBert");
        await using var his = new Listener(stranger);
        Assert.Equal(ChatRefusal.NoSuchUser, await Quick.RefusalAsync(() => alice.WhisperAsync("robert", got.FromId, "a secret")));
        await alice.WhisperAsync("robert", "who are you?").WithinAsync();
        Assert.Equal("who are you?", (await his.TheAsync<Whispered>()).Text);
    }

    [Fact]
    public async Task What_is_no_text_and_a_room_that_looks_like_another_are_refused_by_name()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient alice = await server.LoginAsync("alice");
        Assert.Equal(ChatRefusal.BadText, await Quick.RefusalAsync(() => alice.SayAsync("a\0b")));
        Assert.Equal(ChatRefusal.TooLong, await Quick.RefusalAsync(() => alice.SayAsync("a" + new string('\u0301', 9))));
        await alice.JoinAsync("dev1").WithinAsync();
        Assert.Equal(ChatRefusal.LooksAlike, await Quick.RefusalAsync(() => alice.JoinAsync("devl")));
    }
}
