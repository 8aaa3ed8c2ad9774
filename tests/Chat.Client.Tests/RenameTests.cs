namespace ErlChat.Client.Tests;

/// <summary>Renamed rooms: everything goes by the address, and both names lead to the room.</summary>
public class RenameTests
{
    [Fact]
    public async Task A_renamed_room_is_told_listed_and_entered_under_its_new_name()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient alice = await server.LoginAsync("alice");
        await using ChatClient bob = await server.LoginAsync("bob");
        await alice.JoinAsync("den").WithinAsync();
        await bob.JoinAsync("den").WithinAsync();
        await using var his = new Listener(bob);
        await alice.RenameRoomAsync("den", "Cellar").WithinAsync();
        RoomRenamed told = await his.TheAsync<RoomRenamed>();
        Assert.Equal(("den", "alice", "Cellar"), (told.Room, told.Nick, told.Title));

        RoomInfo listed = Assert.Single(await bob.RoomsAsync().WithinAsync(), room => room.Name == "den");
        Assert.Equal("Cellar", listed.Title);
        Assert.Equal(("den", "Cellar"), await OfAsync(bob, "cellar"));
        Assert.Equal("Cellar", (await bob.MeAsync().WithinAsync()).Titles["den"]);
        await bob.SayAsync("hello", "Cellar").WithinAsync();
        Assert.Equal("den", ((Said)Assert.Single(await alice.HistoryAsync("cellar").WithinAsync())).Room);

        // The client knows that it is in the room already.
        Assert.Equal("den", (await bob.JoinAsync("CELLAR").WithinAsync()).Room);
        await using ChatClient eve = await server.LoginAsync("eve");
        RoomSnapshot entered = await eve.JoinAsync("cellar").WithinAsync();
        Assert.Equal(("den", "Cellar"), (entered.Room, entered.Title));
        Assert.Equal(ChatRefusal.NotModerator, await Quick.RefusalAsync(() => eve.RenameRoomAsync("den", "mine")));
        await alice.JoinAsync("attic").WithinAsync();
        Assert.Equal(ChatRefusal.NameNotFree, await Quick.RefusalAsync(() => alice.RenameRoomAsync("attic", "cellar")));
        Assert.Equal(ChatRefusal.BadRoomName, await Quick.RefusalAsync(() => alice.RenameRoomAsync("attic", "no blanks")));

        await alice.RenameRoomAsync("Cellar", "").WithinAsync();
        Assert.Equal(("den", null), await OfAsync(bob, "den"));
        Assert.Equal(ChatRefusal.NoSuchRoom, await Quick.RefusalAsync(() => bob.RoomAsync("cellar")));
    }

    private static async Task<(string Name, string? Title)> OfAsync(ChatClient client, string room)
    {
        RoomDetails details = await client.RoomAsync(room).WithinAsync();
        return (details.Room.Name, details.Room.Title);
    }
}
