namespace ErlChat.Client.Tests;

/// <summary>Members through the library: password, devices, read marks, and what others see of a user who comes and goes.</summary>
public class MemberTests
{
    private const string Password = "a horse in the rain";

    [Fact]
    public async Task A_guest_becomes_a_member_and_logs_in_on_a_second_device()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient amy = await server.LoginAsync("amy");
        await using var hers = new Listener(amy);
        ChatClient laptop = await server.LoginAsync("bob");
        Assert.False(laptop.IsMember);
        Assert.Equal(ChatRefusal.BadPassword, await Quick.RefusalAsync(() => laptop.RegisterAsync("short")));
        Assert.Equal(ChatRefusal.NotMember, await Quick.RefusalAsync(() => laptop.ChangePasswordAsync("x", Password)));
        await laptop.RegisterAsync(Password).WithinAsync();
        Assert.True(laptop.IsMember);
        Assert.Equal(ChatRefusal.AlreadyMember, await Quick.RefusalAsync(() => laptop.RegisterAsync(Password)));
        Assert.InRange(laptop.MinPasswordLength, 6, 20);

        await using ChatClient phone = await SignInAsync(server, "BOB", Password);
        Assert.Equal(("bob", laptop.UserId, true), (phone.Nick, phone.UserId, phone.IsMember));
        await using var pocket = new Listener(phone);
        await laptop.JoinAsync("tea").WithinAsync();
        await laptop.SayAsync("from the laptop").WithinAsync();
        await pocket.HeardAsync("from the laptop");
        Assert.True(Assert.Single(pocket.Said).Own);
        Assert.Equal("tea", (await pocket.TheAsync<RoomEntered>()).Room);

        await laptop.LeaveAsync().WithinAsync();
        await laptop.DisposeAsync();
        Assert.DoesNotContain(hers.Events, one => one is UserLeft);
        await phone.LeaveAsync().WithinAsync();
        UserLeft left = await hers.TheAsync<UserLeft>();
        Assert.Equal(("bob", true), (left.Nick, left.IsOffline));
        await using ChatClient again = await SignInAsync(server, "bob", Password);
        Assert.Equal("bob", (await hers.TheAsync<UserJoined>(joined => joined.IsBack)).Nick);
        Assert.Contains("tea", (await again.MeAsync().WithinAsync()).Rooms);
    }

    [Fact]
    public async Task Wrong_passwords_and_closed_doors_have_their_own_reasons()
    {
        await using RunningServer server = await RunningServer.StartAsync("Chat:Registration=Closed");
        await using ChatClient bob = await server.LoginAsync("bob");
        Assert.Equal(ChatRefusal.RegistrationClosed, await Quick.RefusalAsync(() => bob.RegisterAsync(Password)));
        Assert.Equal(ChatRefusal.WrongPassword, await Quick.RefusalAsync(() => SignInAsync(server, "bob", Password)));
        await using RunningServer members = await RunningServer.StartAsync("Chat:Guests=None");
        Assert.Equal(ChatRefusal.NoGuests, await Quick.RefusalAsync(() => members.LoginAsync("bob")));
    }

    [Fact]
    public async Task An_invitation_makes_a_member_where_one_is_needed()
    {
        await using RunningServer server = await RunningServer.StartAsync("Chat:Registration=Invite", "Chat:PasswordTriesPerGuesser=50");
        await using ChatClient bob = await server.LoginAsync("bob");
        Assert.Equal(ChatRefusal.InvitationNeeded, await Quick.RefusalAsync(() => bob.RegisterAsync(Password)));
        Assert.Equal(ChatRefusal.BadLink, await Quick.RefusalAsync(() => bob.RegisterAsync(Password, "nothing")));
        string secret = await server.InviteAsync();
        await bob.RegisterAsync(Password, $"https://chat.example/talk/invitation/?token={secret}").WithinAsync();
        Assert.True(bob.IsMember);
        await using ChatClient amy = await server.LoginAsync("amy");
        Assert.Equal(ChatRefusal.BadLink, await Quick.RefusalAsync(() => amy.RegisterAsync(Password, secret)));
        await amy.RegisterAsync(Password, await server.InviteAsync()).WithinAsync();
        Assert.True((await amy.MeAsync().WithinAsync()).IsMember);
    }

    [Fact]
    public async Task Devices_are_listed_and_logged_out_and_a_new_password_logs_out_the_others()
    {
        await using RunningServer server = await RunningServer.StartAsync("Chat:PasswordTriesPerGuesser=50");
        await using ChatClient laptop = await server.LoginAsync("bob");
        await laptop.RegisterAsync(Password).WithinAsync();
        await using ChatClient phone = await SignInAsync(server, "bob", Password);
        await using var pocket = new Listener(phone);
        await using ChatClient tablet = await SignInAsync(server, "bob", Password);
        await using var table = new Listener(tablet);
        IReadOnlyList<Device> devices = await laptop.DevicesAsync().WithinAsync();
        Assert.Equal([true, false, false], devices.Select(device => device.IsThis));
        Assert.All(devices, device => Assert.True(device.IsOnline && device.Since.Year > 2000 && device.Host.Length > 0));
        Assert.Equal(ChatRefusal.NoSuchDevice, await Quick.RefusalAsync(() => laptop.EndDeviceAsync("0123")));

        // The client must not log in again by itself, although it knows the password.
        await laptop.EndDeviceAsync(devices[1].Id).WithinAsync();
        Assert.Equal(new SessionEnded("left"), await pocket.TheAsync<SessionEnded>());
        Assert.Equal(ChatRefusal.WrongPassword, await Quick.RefusalAsync(() => laptop.ChangePasswordAsync("wrong one", "a cow in snow")));
        await laptop.ChangePasswordAsync(Password, "a cow in the snow").WithinAsync();
        Assert.Equal(new SessionEnded("left"), await table.TheAsync<SessionEnded>());
        Assert.Single(await laptop.DevicesAsync().WithinAsync());
        Assert.Equal(ChatRefusal.WrongPassword, await Quick.RefusalAsync(() => SignInAsync(server, "bob", Password)));
        await using ChatClient newest = await SignInAsync(server, "bob", "a cow in the snow");
        await laptop.EndOtherDevicesAsync().WithinAsync();
        Assert.Equal(ChatRefusal.SessionEnded, await Quick.RefusalAsync(() => newest.MeAsync()));
    }

    [Fact]
    public async Task What_is_read_on_one_device_is_read_on_the_others()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient amy = await server.LoginAsync("amy");
        await using ChatClient laptop = await server.LoginAsync("bob");
        await laptop.RegisterAsync(Password).WithinAsync();
        await using ChatClient phone = await SignInAsync(server, "bob", Password);
        await using var pocket = new Listener(phone);
        long psst = (await amy.WhisperAsync("bob", "psst").WithinAsync())!.Value;
        long said = (await amy.SayAsync("hello").WithinAsync())!.Value;
        await laptop.MarkPrivateReadAsync(amy.UserId, psst).WithinAsync();
        await laptop.MarkReadAsync(ChatClient.Lobby, said).WithinAsync();
        ReadElsewhere read = await pocket.TheAsync<ReadElsewhere>(one => one.WithId is not null);
        Assert.Equal((amy.UserId, psst), (read.WithId, read.UpTo));
        PersonInfo me = await phone.MeAsync().WithinAsync();
        Assert.Equal([new ReadMark("lobby", null, said), new ReadMark(null, amy.UserId, psst)], me.Read);
        Assert.Equal(ChatRefusal.NotInRoom, await Quick.RefusalAsync(() => laptop.MarkReadAsync("attic", 1)));
        Assert.Equal("psst", Assert.Single(await phone.PrivateHistoryAsync().WithinAsync()).Text);
        Assert.Equal(amy.UserId, await phone.UserIdOfAsync("AMY").WithinAsync());
        Assert.Null(await phone.UserIdOfAsync("nobody").WithinAsync());
    }

    [Fact]
    public async Task A_kick_is_explained()
    {
        await using RunningServer server = await RunningServer.StartAsync("Chat:AdminPassword=demopass");
        await using ChatClient root = await server.LoginAsync("root1");
        await using ChatClient bob = await server.LoginAsync("bob");
        await using var his = new Listener(bob);
        await root.AuthenticateAsync("demopass").WithinAsync();
        await Eventually.BeTrueAsync(() => server.Office.Parked == 2);
        await root.SayAsync("/admin kick bob noise").WithinAsync();
        SessionEnded ended = await his.TheAsync<SessionEnded>();
        Assert.Equal(("kicked", "You have been kicked from the chat room. Reason: noise"), (ended.Reason, ended.Explanation));
    }

    [Fact]
    public async Task Owners_and_moderators_look_after_a_room()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient alice = await server.LoginAsync("alice");
        await using ChatClient bob = await server.LoginAsync("bob");
        await using var his = new Listener(bob);
        await alice.JoinPrivateAsync("vault").WithinAsync();
        await alice.InviteAsync("vault", "bob").WithinAsync();
        Assert.Equal(["bob"], (await alice.RoomAsync("vault").WithinAsync()).Invited);
        Assert.Equal(["vault"], (await bob.MeAsync().WithinAsync()).Invitations);
        await alice.UninviteAsync("vault", "bob").WithinAsync();
        Assert.Equal(ChatRefusal.NameNotFree, await Quick.RefusalAsync(() => bob.JoinAsync("vault")));
        Assert.Equal(ChatRefusal.NoSuchRoom, await Quick.RefusalAsync(() => bob.RoomAsync("vault")));
        await alice.InviteAsync("vault", "bob").WithinAsync();
        await bob.JoinAsync("vault").WithinAsync();
        Assert.Equal(ChatRefusal.NotModerator, await Quick.RefusalAsync(() => bob.InviteAsync("vault", "alice")));

        await alice.SetRoleAsync("vault", "bob", RoomRole.Moderator).WithinAsync();
        await bob.ChangeRoomAsync("vault", new RoomChange { IsLocked = true, Slow = TimeSpan.FromSeconds(5) }).WithinAsync();
        Assert.Equal(
            ChatRefusal.NotOwner, await Quick.RefusalAsync(() => bob.ChangeRoomAsync("vault", new RoomChange { IsArchived = true })));
        RoomDetails details = await bob.RoomAsync("vault").WithinAsync();
        Assert.Equal(
            (true, true, false, TimeSpan.FromSeconds(5)),
            (details.Room.IsPrivate, details.Room.IsLocked, details.Room.IsArchived, details.Room.Slow));
        Assert.Equal(("alice", "bob", RoomRole.Moderator), (details.Owner, Assert.Single(details.Moderators), details.Role));
        await alice.SetRoleAsync("vault", "bob", RoomRole.Member).WithinAsync();
        await alice.RemoveAsync("vault", "bob", "too loud").WithinAsync();
        RoomParted parted = await his.TheAsync<RoomParted>();
        Assert.Equal(("alice", "too loud"), (parted.By, parted.Reason));
        Assert.Contains("/invite", (await bob.CommandsAsync().WithinAsync()).Select(command => command.Name));
    }

    [Fact]
    public async Task A_link_opens_a_private_room_until_it_is_revoked()
    {
        await using RunningServer server = await RunningServer.StartAsync("Chat:MaxLinksPerRoom=2");
        await using ChatClient alice = await server.LoginAsync("alice");
        await using ChatClient bob = await server.LoginAsync("bob");
        await alice.JoinPrivateAsync("vault").WithinAsync();
        Assert.Equal(ChatRefusal.NotModerator, await Quick.RefusalAsync(() => alice.MakeRoomLinkAsync(ChatClient.Lobby)));
        NewRoomLink made = await alice.MakeRoomLinkAsync("vault").WithinAsync();
        Assert.Equal("alice", made.Link.By);
        Assert.True(made.Link.Until > TimeProvider.System.GetUtcNow());
        Assert.DoesNotContain(made.Secret, made.ToString(), StringComparison.Ordinal);
        Assert.Equal([made.Link], (await alice.RoomAsync("vault").WithinAsync()).Links);
        await alice.MakeRoomLinkAsync("vault").WithinAsync();
        Assert.Equal(ChatRefusal.TooManyLinks, await Quick.RefusalAsync(() => alice.MakeRoomLinkAsync("vault")));

        RoomSnapshot entered = await bob.EnterByLinkAsync($"{server.Address}chat/#join={made.Secret}").WithinAsync();
        Assert.Equal(("vault", 2), (entered.Room, entered.Users.Count));
        Assert.Equal("vault", (await bob.EnterByLinkAsync(made.Secret).WithinAsync()).Room);
        Assert.Empty((await bob.RoomAsync("vault").WithinAsync()).Links);
        Assert.Equal(ChatRefusal.NotModerator, await Quick.RefusalAsync(() => bob.RevokeRoomLinkAsync("vault", made.Link.Id)));
        await bob.PartAsync("vault").WithinAsync();
        await alice.RevokeRoomLinkAsync("vault", made.Link.Id).WithinAsync();
        Assert.Equal(ChatRefusal.BadLink, await Quick.RefusalAsync(() => alice.RevokeRoomLinkAsync("vault", made.Link.Id)));
        Assert.Equal(ChatRefusal.BadLink, await Quick.RefusalAsync(() => bob.EnterByLinkAsync(made.Secret)));
    }

    [Fact]
    public async Task Users_are_ignored_on_all_devices_up_to_a_limit()
    {
        await using RunningServer server = await RunningServer.StartAsync("Chat:MaxIgnoredPerPerson=1");
        await using ChatClient alice = await server.LoginAsync("alice");
        await using ChatClient eve = await server.LoginAsync("eve");
        await using ChatClient mal = await server.LoginAsync("mal");
        await alice.IgnoreAsync("EVE").WithinAsync();
        await alice.IgnoreAsync("eve").WithinAsync();
        IgnoredUser ignored = Assert.Single((await alice.MeAsync().WithinAsync()).Ignored);
        Assert.Equal(("eve", eve.UserId), (ignored.Nick, ignored.UserId));
        Assert.Equal(ChatRefusal.TooManyIgnored, await Quick.RefusalAsync(() => alice.IgnoreAsync("mal")));
        Assert.Equal(ChatRefusal.NoSuchUser, await Quick.RefusalAsync(() => alice.IgnoreAsync("nobody")));
        Assert.Equal(ChatRefusal.NoSuchUser, await Quick.RefusalAsync(() => alice.StopIgnoringAsync("mal")));
        await alice.StopIgnoringAsync("eve").WithinAsync();
        Assert.Empty((await alice.MeAsync().WithinAsync()).Ignored);
    }

    // By nick, the next guest with it would be ignored.
    [Fact]
    public async Task One_particular_user_is_ignored_by_id()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient alice = await server.LoginAsync("alice");
        ChatClient first = await server.LoginAsync("eve");
        string gone = first.UserId;
        await alice.IgnoreByIdAsync(gone).WithinAsync();
        await first.DisposeAsync();
        await using ChatClient second = await server.LoginAsync("eve");
        Assert.Equal(ChatRefusal.NoSuchUser, await Quick.RefusalAsync(() => alice.IgnoreByIdAsync("somebody else")));
        Assert.Equal(ChatRefusal.NotAllowed, await Quick.RefusalAsync(() => alice.IgnoreByIdAsync(alice.UserId)));
        IgnoredUser ignored = Assert.Single((await alice.MeAsync().WithinAsync()).Ignored);
        Assert.Equal((gone, true), (ignored.UserId, ignored.Until is not null));

        // Of two with the same nick, the other stays.
        await alice.IgnoreByIdAsync(second.UserId).WithinAsync();
        await alice.StopIgnoringByIdAsync(gone).WithinAsync();
        Assert.Equal(second.UserId, Assert.Single((await alice.MeAsync().WithinAsync()).Ignored).UserId);
        Assert.Equal(ChatRefusal.NoSuchUser, await Quick.RefusalAsync(() => alice.StopIgnoringByIdAsync(gone)));
    }

    [Fact]
    public async Task Whom_the_user_ignores_comes_from_a_server_that_keeps_it()
    {
        const string Me = """
            {"status":"ok","response":{"nick":"alice","rooms":["lobby"],"preferences":{"ignored":[
            {"nick":"eve","user_id":"u7","from":5,"until":90},{"nick":"mal","user_id":"u8","from":7}]}}}
            """;
        using var server = new ScriptedServer
        {
            Answer = (path, _) => path.StartsWith("/chat/me/", StringComparison.Ordinal) ? Task.FromResult(ScriptedServer.Json(Me)) : null,
        };
        server.Poll("""{"status":"ok","response":[{"id":101,"t":"preferences","d":{}}]}""");
        await using ChatClient alice = await server.LoginAsync();
        await using var hers = new Listener(alice);
        Assert.Equal(101, (await hers.TheAsync<PreferencesChanged>()).Id);
        Assert.Equal(
            [new IgnoredUser("eve", "u7", 5, 90), new IgnoredUser("mal", "u8", 7, null)],
            (await alice.MeAsync(seen: 101).WithinAsync()).Ignored);
        Assert.Contains("/chat/me/?seen=101", server.Asked);
    }

    internal static Task<ChatClient> SignInAsync(RunningServer server, string nick, string password, ChatClientOptions? options = null) =>
        ChatClient.LoginAsync(
            [server.Address], new ChatLogin(nick) { Password = password, Keep = true }, options ?? Quick.Options).WithinAsync();
}
