namespace ErlChat.Client.Tests;

/// <summary>A session that outlives the program: stored, resumed after a restart of the server, and refused if it has ended.</summary>
public sealed class StoredSessionTests : IDisposable
{
    private const string Password = "a horse in the rain";

    private readonly string _folder = Directory.CreateTempSubdirectory("erlchat-session-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "session");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_guest_comes_back_as_the_same_user_and_reads_what_was_missed()
    {
        await using RunningServer server = await RunningServer.StartAsync("Log:Kind=Sqlite", $"Log:Path={_folder}/chat.db");
        await using ChatClient bob = await server.LoginAsync("bob");
        ChatClient alice = await KeepAsync(server, "alice");
        string id = alice.UserId;
        await alice.JoinAsync("tea").WithinAsync();
        await using (var hers = new Listener(alice))
        {
            await bob.SayAsync("seen").WithinAsync();
            await hers.HeardAsync("seen");
        }

        using (var file = SessionFile.Open(Path))
            file.Save(await alice.DetachAsync().WithinAsync());
        await bob.SayAsync("missed").WithinAsync();
        await bob.WhisperAsync("alice", "missed too").WithinAsync();
        await server.StopAsync();
        await server.StartAgainAsync();

        using var again = SessionFile.Open(Path);
        await using ChatClient back = await ChatClient.ResumeAsync(again.Load()!, options: Quick.Options).WithinAsync();
        await using var listener = new Listener(back);
        Assert.Equal(("alice", id), (back.Nick, back.UserId));
        Resynced missed = await listener.TheAsync<Resynced>();
        Assert.False(missed.NewSession);
        Assert.Equal(["missed", "missed too"], missed.Missed.Select(one => one is Said said ? said.Text : ((Whispered)one).Text));
        Assert.Equal(["lobby", "tea"], missed.Rooms.Select(room => room.Room).Order());
        await bob.SayAsync("after", cancellationToken: TestContext.Current.CancellationToken).WithinAsync(TimeSpan.FromSeconds(20));
        await listener.HeardAsync("after");

        // What the listener has read is not read again.
        Assert.True(back.Export().Cursor > listener.Said.Single().Id);
    }

    [Fact]
    public async Task A_session_that_has_ended_is_not_resumed()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient alice = await KeepAsync(server, "alice");
        StoredSession stored = alice.Export();
        await alice.LeaveAsync().WithinAsync();
        Assert.Equal(ChatRefusal.SessionEnded, await Quick.RefusalAsync(() => ChatClient.ResumeAsync(stored, options: Quick.Options)));
        Assert.Equal(ChatRefusal.SessionEnded, await Quick.RefusalAsync(() => Task.Run(alice.Export)));
        await using ChatClient free = await server.LoginAsync("alice");
    }

    [Fact]
    public async Task A_kick_during_an_absence_is_explained_also_after_a_restart_of_the_server()
    {
        const string notice = "You have been kicked from the chat room. Reason: noise";
        await using RunningServer server = await RunningServer.StartAsync(
            "Chat:AdminPassword=demopass", "Log:Kind=Sqlite", $"Log:Path={_folder}/chat.db", "Chat:PollTimeout=00:00:00.2",
            "Chat:PollJitter=00:00:00", "Chat:IdleLimit=00:00:01", "Chat:CheckIdle=00:00:00.1");
        await using ChatClient root = await server.LoginAsync("root1");
        await root.AuthenticateAsync("demopass").WithinAsync();
        await using var roots = new Listener(root);
        StoredSession stored = await (await KeepAsync(server, "alice")).DetachAsync().WithinAsync();
        await roots.TheAsync<UserLeft>(left => left is { Nick: "alice", IsOffline: true });
        await root.SayAsync("/admin kick alice noise").WithinAsync();
        await AssertToldAsync();
        await server.StopAsync();
        await server.StartAgainAsync();
        await AssertToldAsync();
        await using ChatClient free = await server.LoginAsync("alice");

        async Task AssertToldAsync()
        {
            ChatRefusedException told = await Assert.ThrowsAsync<ChatRefusedException>(
                () => ChatClient.ResumeAsync(stored, options: Quick.Options).WithinAsync());
            Assert.Equal((ChatRefusal.SessionEnded, "kicked", notice), (told.Why, told.Word, told.Explanation));
        }
    }

    [Fact]
    public async Task A_guest_who_goes_offline_keeps_the_nick_and_is_back_with_the_first_call()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            "Chat:PollTimeout=00:00:00.2", "Chat:PollJitter=00:00:00", "Chat:IdleLimit=00:00:01", "Chat:CheckIdle=00:00:00.1");
        await using ChatClient bob = await server.LoginAsync("bob");
        await using var his = new Listener(bob);
        ChatClient alice = await KeepAsync(server, "alice");
        StoredSession stored = await alice.DetachAsync().WithinAsync();
        UserLeft left = await his.TheAsync<UserLeft>();
        Assert.Equal(("alice", true), (left.Nick, left.IsOffline));
        Assert.Equal(ChatRefusal.NickInUse, await Quick.RefusalAsync(() => server.LoginAsync("alice")));
        await using ChatClient back = await ChatClient.ResumeAsync(stored, options: Quick.Options).WithinAsync();
        Assert.Equal("alice", (await his.TheAsync<UserJoined>(joined => joined.IsBack)).Nick);
    }

    // A member whose session the server has forgotten cannot log in again without the password, and must not try for minutes.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_member_whose_device_was_logged_out_elsewhere_is_told(bool isRunning)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient laptop = await server.LoginAsync("bob");
        await laptop.RegisterAsync(Password).WithinAsync();
        ChatClient first = await MemberTests.SignInAsync(server, "bob", Password);
        StoredSession stored = await first.DetachAsync().WithinAsync();
        if (!isRunning)
        {
            await laptop.EndOtherDevicesAsync().WithinAsync();
            Assert.Equal(ChatRefusal.SessionEnded, await Quick.RefusalAsync(() => ChatClient.ResumeAsync(stored, options: Quick.Options)));
            return;
        }

        await using ChatClient phone = await ChatClient.ResumeAsync(stored, options: Quick.Options).WithinAsync();
        await using var pocket = new Listener(phone);
        await laptop.EndOtherDevicesAsync().WithinAsync();
        Assert.Equal("left", (await pocket.TheAsync<SessionEnded>()).Reason);
        Assert.Equal(ChatRefusal.SessionEnded, await Quick.RefusalAsync(() => Task.Run(phone.Export)));
    }

    [Fact]
    public void A_file_that_others_may_read_is_refused()
    {
        using (var file = SessionFile.Open(Path))
            file.Save(Sample);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Mode(Path));
        foreach (string mode in new[] { "640", "604", "620", "666" })
        {
            SetMode(Path, mode);
            PrivateFileException refused = Assert.Throws<PrivateFileException>(() => SessionFile.Open(Path));
            Assert.Contains($"(mode {mode}). Change that: chmod 600 {Path}", refused.Message, StringComparison.Ordinal);
            Assert.Throws<PrivateFileException>(() => PrivateFile.ReadSecret(Path));
        }

        SetMode(Path, "600");
        using var again = SessionFile.Open(Path);
        StoredSession loaded = again.Load()!;
        Assert.Equal(Sample.ToJson(), loaded.ToJson());
        Assert.DoesNotContain("secret", loaded.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_file_has_one_user_at_a_time_and_is_not_mistaken_for_another_file()
    {
        using (var file = SessionFile.Open(Path))
        {
            Assert.Null(file.Load());
            Assert.True(Assert.Throws<PrivateFileException>(() => SessionFile.Open(Path)).IsInUse);
            file.Save(new StoredSession { Servers = Sample.Servers, Nick = new string('n', 900), Token = "t", Cursor = 1 });
            file.Save(Sample);
            Assert.Equal(Sample.ToJson(), file.Load()!.ToJson());
            file.Clear();
            Assert.Null(file.Load());
            file.Save(Sample);
        }

        Assert.Contains("cannot be opened", Assert.Throws<PrivateFileException>(() => SessionFile.Open(_folder)).Message);
        string bad = Sample.ToJson().Replace("secret", "a;b", StringComparison.Ordinal);
        foreach (string other in new[] { "my notes", "{}", "null", "[1]", bad, new string('x', 70_000) })
        {
            File.WriteAllText(Path, other);
            using (var file = SessionFile.Open(Path))
                Assert.Contains("does not contain a stored session", Assert.Throws<PrivateFileException>(file.Load).Message);
            Assert.Equal(other, File.ReadAllText(Path));
        }
    }

    [Theory]
    [InlineData("a horse in the rain\n", "a horse in the rain")]
    [InlineData("\uFEFFone\r\ntwo", "one")]
    [InlineData(" blanks count ", " blanks count ")]
    [InlineData("", null)]
    [InlineData("\nsecond line", null)]
    public void A_password_is_the_first_line_of_a_private_file(string content, string? password)
    {
        File.WriteAllText(Path, content);
        SetMode(Path, "600");
        if (password is not null)
            Assert.Equal(password, PrivateFile.ReadSecret(Path));
        else
            Assert.Throws<PrivateFileException>(() => PrivateFile.ReadSecret(Path));
        Assert.Throws<PrivateFileException>(() => PrivateFile.ReadSecret(Path + "2"));
    }

    private static StoredSession Sample { get; } = new()
    {
        Servers = [new Uri("http://one.example/x"), new Uri("http://two.example:81")],
        Nick = "ann",
        Token = "secret",
        Cursor = 17,
        Epoch = "e\"1",
    };

    private static Task<ChatClient> KeepAsync(RunningServer server, string nick) =>
        ChatClient.LoginAsync([server.Address], new ChatLogin(nick) { Keep = true }, Quick.Options).WithinAsync();

    private static UnixFileMode Mode(string path) =>
        OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : File.GetUnixFileMode(path);

    private static void SetMode(string path, string octal)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(octal, 8));
    }
}
