using ErlChat.Limits;
using ErlChat.Members;
using ErlChat.Nodes;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Web.Passwords;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace ErlChat.Web.Tests.Passwords;

/// <summary>The passwords of members in a server: hashed by the framework's hasher, limited, and never in the server's log.</summary>
public class MemberPasswordTests
{
    private const string Good = "correct horse";

    [Fact]
    public async Task A_password_is_stored_as_the_frameworks_hash_and_checked()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        Assert.Equal(PasswordResult.Accepted, await SetAsync(server, "ada"));
        StoredPassword stored = (await Store(server).FindPasswordAsync("ada", default))!;
        Assert.Equal(
            PasswordVerificationResult.Success, new PasswordHasher<object>().VerifyHashedPassword(new object(), stored.Hash, Good));
        Assert.Equal(PasswordResult.Accepted, await CheckAsync(server, "ada", Good));
        Assert.Equal(PasswordResult.Wrong, await CheckAsync(server, "ada", "wrong"));
        Assert.Equal(PasswordResult.Wrong, await CheckAsync(server, "ada", new string('x', 100_000)));
    }

    /// <summary>A hash of the same cost is computed once, whether there is such a member, one without a password, or neither.</summary>
    [Fact]
    public async Task A_wrong_password_costs_as_much_as_one_of_nobody()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        await SetAsync(server, "ada");
        var compared = new List<string>();
        var hashing = (MemberHashing)server.Services.GetRequiredService<IPasswordHashing>();
        hashing.Compare = (hash, password) =>
        {
            compared.Add($"{hash.Iterations} rounds, {password}");
            return hash.Verify(password);
        };
        foreach (string? userId in (string?[])["ada", "without a password", null])
            Assert.Equal(PasswordResult.Wrong, await CheckAsync(server, userId, "wrong"));
        Assert.Equal(Enumerable.Repeat($"{PasswordHash.DefaultIterations} rounds, wrong", 3), compared);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(0)]
    public async Task A_weaker_hash_is_replaced_at_the_next_login(int iterations)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        var at = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
        string weak = iterations > 0
            ? PasswordHash.Create("demopass", iterations).ToString()
            : "pbkdf2-sha256$1000$c2FsdHNhbHQ=$" + Convert.ToBase64String(System.Security.Cryptography.Rfc2898DeriveBytes.Pbkdf2(
                "demopass", "saltsalt"u8, 1000, System.Security.Cryptography.HashAlgorithmName.SHA256, 32));
        await Store(server).ReplacePasswordAsync("ada", null, new StoredPassword(weak, at));
        Assert.Equal(PasswordResult.Wrong, await CheckAsync(server, "ada", "wrong"));
        Assert.Equal(weak, (await Store(server).FindPasswordAsync("ada", default))!.Hash);
        Assert.Equal(PasswordResult.Accepted, await CheckAsync(server, "ada", "demopass"));
        StoredPassword stored = (await Store(server).FindPasswordAsync("ada", default))!;
        Assert.Equal((PasswordHash.DefaultIterations, at), (PasswordHash.Parse(stored.Hash)!.Iterations, stored.ChangedAt));
        Assert.Equal(PasswordResult.Accepted, await CheckAsync(server, "ada", "demopass"));
    }

    [Fact]
    public async Task A_hash_that_cannot_be_read_is_no_password()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        await Store(server).ReplacePasswordAsync("ada", null, new StoredPassword("nonsense", DateTimeOffset.UnixEpoch));
        Assert.Equal(PasswordResult.Wrong, await CheckAsync(server, "ada", "nonsense"));
    }

    [Fact]
    public async Task Five_wrong_passwords_from_an_address_delay_nobody_elsewhere()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        var refused = new List<Limit>();
        server.Services.GetRequiredService<Admission>().Refusing += refused.Add;
        await SetAsync(server, "ada", "home");
        for (int i = 0; i < 5; i++)
            Assert.Equal(PasswordResult.Wrong, await CheckAsync(server, "ada", "wrong", "elsewhere"));
        PasswordAnswer answer = await Passwords(server).CheckAsync("ada", "ada", "elsewhere", Good).WithinAsync();
        Assert.Equal(new PasswordAnswer(PasswordResult.TooManyTries, TimeSpan.FromSeconds(12)), answer);
        Assert.Equal([new Limit(LimitKind.PasswordTries, LimitScope.Session)], refused);
        Assert.Equal(PasswordResult.Accepted, await CheckAsync(server, "ada", Good, "home"));
        server.Clock.Advance(TimeSpan.FromSeconds(12));
        Assert.Equal(PasswordResult.Accepted, await CheckAsync(server, "ada", Good, "elsewhere"));
    }

    /// <summary>
    /// Strangers with many addresses use up what may be tried of a person, but not for the addresses that the person has used.
    /// </summary>
    [Fact]
    public async Task Strangers_do_not_lock_a_member_out()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync("Chat:PasswordTriesPerPerson=3");
        await SetAsync(server, "ada", "office");
        Assert.Equal(PasswordResult.Accepted, await CheckAsync(server, "ada", Good, "home"));
        Assert.Equal(PasswordResult.Wrong, await CheckAsync(server, "ada", "wrong", "zombie 1"));
        Task<PasswordAnswer> waiting = Passwords(server).CheckAsync("ada", "ada", "zombie 2", "wrong");
        Assert.Equal(PasswordResult.Accepted, await CheckAsync(server, "ada", Good, "home"));
        Assert.False(waiting.IsCompleted);

        // Longer than it waits, and not so long that another try is allowed, however late a busy machine notices.
        for (int i = 0; i < 15 && !waiting.IsCompleted; i++)
        {
            server.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        Assert.Equal(PasswordResult.TooManyTries, (await waiting.WithinAsync()).Result);
    }

    /// <summary>Both queues share one thread, and take turns.</summary>
    [Fact]
    public async Task Administrators_do_not_wait_behind_members()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync(
            ChatServerHost.AdminPassword, "Chat:PasswordTriesPerServer=1000");
        Task<PasswordAnswer>[] members =
        [
            .. Enumerable.Range(0, 12).Select(i => Passwords(server).CheckAsync(null, $"nick{i}", $"host{i}", "wrong")),
        ];
        AdminCheck check = await server.Services.GetRequiredService<IAdminPasswords>()
            .CheckAsync(SessionKey.Of("admin"), "host", "demopass").AsTask().WithinAsync();
        Assert.Equal(AdminLogin.Right, check.Login);
        Assert.Contains(members, member => !member.IsCompleted);
        PasswordAnswer[] answers = await Task.WhenAll(members).WithinAsync(TimeSpan.FromSeconds(60));
        Assert.All(answers, answer => Assert.Equal(PasswordResult.Wrong, answer.Result));
    }

    [Fact]
    public async Task Passwords_that_wait_when_the_server_stops_are_refused()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync("Chat:PasswordTriesPerServer=1");
        MemberPasswords passwords = Passwords(server);
        Assert.Equal(PasswordResult.Wrong, await CheckAsync(server, null, "wrong"));
        Task<PasswordAnswer> waiting = passwords.CheckAsync(null, "bob", "elsewhere", "wrong");
        await server.StopAsync();
        Assert.Equal(PasswordResult.Unavailable, (await waiting.WithinAsync()).Result);
        Assert.Equal(PasswordResult.Unavailable, (await passwords.CheckAsync(null, "bob", "elsewhere", "wrong").WithinAsync()).Result);
    }

    [Fact]
    public async Task No_log_has_a_password_a_hash_or_a_token()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            "Logging:LogLevel:Default=Trace", "Logging:LogLevel:Microsoft.AspNetCore=Trace");
        await SetAsync(server, "ada");
        await CheckAsync(server, "ada", Good);
        await CheckAsync(server, "ada", "wr0ngpassword");
        string hash = (await Store(server).FindPasswordAsync("ada", default))!.Hash;
        ResetLinks links = server.Services.GetRequiredService<ResetLinks>();
        NewLink link = (await links.CreateAsync("ada"))!;
        Assert.Equal("ada", (await links.UseAsync(link.Token, "ada", "host", "battery staple").WithinAsync()).UserId);
        string log = string.Join('\n', server.Logs.Lines.Select(line => $"{line.Text} {line.Exception}"));
        Assert.NotEmpty(log);
        foreach (string secret in (string[])
            [Good, "wr0ngpassword", "battery staple", hash, link.Token, LinkToken.HashOf(link.Token)])
        {
            Assert.DoesNotContain(secret, log, StringComparison.Ordinal);
        }
    }

    /// <summary>Over PostgreSQL: one store for all nodes, and tries that count on all of them.</summary>
    [Fact]
    public async Task Nodes_share_passwords_links_and_tries()
    {
        PostgresServer database = await PostgresServer.Shared;
        string connection = "Log:Connection=" + database.ConnectionTo(await database.CreateDatabaseAsync());
        await using ChatServerHost one = await StartAsync("Node:Name=n1");
        await using ChatServerHost two = await StartAsync("Node:Name=n2");
        await SetAsync(one, "ada");
        NewLink link = (await one.Services.GetRequiredService<ResetLinks>().CreateAsync("ada").WithinAsync())!;
        Assert.Equal(PasswordResult.Accepted, await CheckAsync(two, "ada", Good));
        (PasswordAnswer used, _) = await two.Services.GetRequiredService<ResetLinks>()
            .UseAsync(link.Token, "ada", "host", "battery staple").WithinAsync();
        Assert.Equal(PasswordResult.Accepted, used.Result);
        Assert.Equal(PasswordResult.BadLink, (await one.Services.GetRequiredService<ResetLinks>().FindAsync(link.Token)).Result);

        // A wrong try is told to the other node twice: for the nick, and for the address.
        int heard = 0;
        two.Services.GetRequiredService<SharedTries>().Heard += _ => Interlocked.Increment(ref heard);
        Assert.Equal(PasswordResult.Wrong, await CheckAsync(one, "ada", Good));
        for (int i = 0; i < 5; i++)
            await CheckAsync(one, "ada", "wrong", "elsewhere");
        await Eventually.BeTrueAsync(() => Volatile.Read(ref heard) >= 12, TimeSpan.FromSeconds(20));
        Assert.Equal(PasswordResult.TooManyTries, await CheckAsync(two, "ada", "wrong", "elsewhere"));

        Task<ChatServerHost> StartAsync(string name) => ChatServerHost.StartAsync(
            ["Log:Kind=Postgres", connection, "Node:Cookie=chocolate-chip-cookie", name]);
    }

    private static MemberPasswords Passwords(ChatServerHost server) => server.Services.GetRequiredService<MemberPasswords>();

    private static ICredentialStore Store(ChatServerHost server) => server.Services.GetRequiredService<ICredentialStore>();

    private static async Task<PasswordResult> SetAsync(ChatServerHost server, string userId, string host = "host") =>
        (await Passwords(server).SetFirstAsync(userId, userId, host, Good).WithinAsync()).Result;

    private static async Task<PasswordResult> CheckAsync(
        ChatServerHost server, string? userId, string password, string host = "host") =>
        (await Passwords(server).CheckAsync(userId, userId ?? "nobody", host, password).WithinAsync()).Result;
}
