namespace ErlChat.Client.Tests;

public class PrivateTests
{
    // Previously, a message for a user who had left went to the stranger who took the nick.
    [Fact]
    public async Task A_message_for_a_person_does_not_reach_another_user_who_took_the_nick()
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
    public async Task A_private_room_exists_for_those_who_are_in_it()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient alice = await server.LoginAsync("alice");
        await using ChatClient bob = await server.LoginAsync("bob");
        await using ChatClient eve = await server.LoginAsync("eve");
        await using var his = new Listener(bob);
        await alice.SayAsync("/join vault private").WithinAsync();
        await alice.SayAsync("the treasure", "vault").WithinAsync();
        await alice.SayAsync("/invite bob", "vault").WithinAsync();
        Assert.Equal(
            "alice invites you to the private room vault. Type /join vault to enter it.", (await his.TheAsync<Notice>()).Text);

        Assert.Equal(["lobby"], (await eve.RoomsAsync().WithinAsync()).Select(room => room.Name));
        Assert.Equal(ChatRefusal.NameNotFree, await Quick.RefusalAsync(() => eve.JoinAsync("vault")));
        Assert.Equal(ChatRefusal.NoSuchRoom, await Quick.RefusalAsync(() => eve.UsersAsync("vault")));
        foreach (ChatClient one in new[] { bob, eve })
            Assert.Equal(ChatRefusal.NotInRoom, await Quick.RefusalAsync(() => one.HistoryAsync("vault")));

        Assert.Equal(["alice", "bob"], (await bob.JoinAsync("vault").WithinAsync()).Users);
        Assert.Contains("vault", (await bob.RoomsAsync().WithinAsync()).Select(room => room.Name));
        Assert.Equal("the treasure", ((Said)Assert.Single(await bob.HistoryAsync("vault").WithinAsync())).Text);
        await alice.SayAsync("/room slow 3600", "vault").WithinAsync();
        await bob.SayAsync("one", "vault").WithinAsync();
        ChatRefusedException slow = await Assert.ThrowsAsync<ChatRefusedException>(() => bob.SayAsync("two", "vault")).WithinAsync();
        Assert.Equal(ChatRefusal.SlowMode, slow.Why);
        Assert.InRange(slow.RetryAfter!.Value, TimeSpan.FromSeconds(3000), TimeSpan.FromSeconds(3600));
        await alice.SayAsync("/kick bob", "vault").WithinAsync();
        Assert.Equal("vault", (await his.TheAsync<RoomParted>()).Room);
        Assert.Equal(ChatRefusal.NotInRoom, await Quick.RefusalAsync(() => bob.SayAsync("three", "vault")));
    }

    [Fact]
    public async Task Invalid_texts_and_look_alike_rooms_are_refused_with_their_own_reasons()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient alice = await server.LoginAsync("alice");
        Assert.Equal(ChatRefusal.BadText, await Quick.RefusalAsync(() => alice.SayAsync("a\0b")));
        Assert.Equal(ChatRefusal.TooLong, await Quick.RefusalAsync(() => alice.SayAsync("a" + new string('\u0301', 9))));
        await alice.JoinAsync("dev1").WithinAsync();
        Assert.Equal(ChatRefusal.LooksAlike, await Quick.RefusalAsync(() => alice.JoinAsync("devl")));
    }
}
