using ErlChat.Log;
using ErlChat.Members;
using ErlChat.Postgres.Members;

namespace ErlChat.Tests;

/// <summary>The contract of every store of credentials, between two nodes, and a database that is away.</summary>
public sealed class PostgresCredentialsTests : CredentialStoreContract, IAsyncDisposable
{
    private readonly List<ChatDatabase> _databases = [];

    protected override async Task<ICredentialStore> OpenAsync()
    {
        _databases.Add(await ChatDatabase.CreateAsync());
        return OpenNode();
    }

    protected override Task<ICredentialStore> OpenAgainAsync(ICredentialStore store) => Task.FromResult<ICredentialStore>(OpenNode());

    public async ValueTask DisposeAsync()
    {
        foreach (ChatDatabase database in _databases)
            await database.DisposeAsync();
    }

    [Fact]
    public async Task A_database_that_is_away_makes_every_call_unavailable()
    {
        _databases.Add(await ChatDatabase.CreateAsync());
        PostgresCredentials store = OpenNode($"Host=127.0.0.1;Port={LoopbackPort.Free()};Username=x;Database=x;Timeout=1");
        var at = new StoredPassword("hash", DateTimeOffset.UnixEpoch);
        var identity = new ExternalIdentity("https://id.example", "1");
        foreach (Func<Task> call in (Func<Task>[])
        [
            () => store.FindPasswordAsync("ada", default).AsTask(),
            () => store.ReplacePasswordAsync("ada", null, at).AsTask(),
            () => store.RenewHashAsync("ada", "a", "b").AsTask(),
            () => store.PutResetLinkAsync(new ResetLink("hash", "ada", DateTimeOffset.UnixEpoch)).AsTask(),
            () => store.FindResetLinkAsync("hash", DateTimeOffset.UnixEpoch, default).AsTask(),
            () => store.UseResetLinkAsync("hash", DateTimeOffset.UnixEpoch, at).AsTask(),
            () => store.FindEmailsAsync("ada", DateTimeOffset.UnixEpoch, default).AsTask(),
            () => store.PutEmailLinkAsync(
                new EmailLink("hash", "ada", "ada@mail.example", DateTimeOffset.UnixEpoch), DateTimeOffset.UnixEpoch).AsTask(),
            () => store.FindEmailLinkAsync("hash", DateTimeOffset.UnixEpoch, default).AsTask(),
            () => store.UseEmailLinkAsync("hash", DateTimeOffset.UnixEpoch).AsTask(),
            () => store.RemoveEmailsAsync("ada").AsTask(),
            () => store.AddIdentityAsync(identity, "ada").AsTask(),
            () => store.FindIdentityAsync(identity, default).AsTask(),
            () => store.IdentitiesOfAsync("ada", default).AsTask(),
            () => store.RemoveIdentitiesAsync("ada").AsTask(),
            () => store.EraseAsync("ada").AsTask(),
        ])
        {
            await Assert.ThrowsAsync<LogUnavailableException>(() => call().WithinAsync());
        }
    }

    /// <summary>A program of before this table erases only the password.</summary>
    [Fact]
    public async Task An_address_goes_with_the_password()
    {
        _databases.Add(await ChatDatabase.CreateAsync());
        PostgresCredentials store = OpenNode();
        DateTimeOffset now = DateTimeOffset.UnixEpoch;
        await store.ReplacePasswordAsync("ada", null, new StoredPassword("hash", now));
        await store.PutEmailLinkAsync(new EmailLink("one", "ada", "ada@mail.example", now.AddHours(1)), now);
        Assert.NotNull(await store.UseEmailLinkAsync("one", now));
        await store.PutEmailLinkAsync(new EmailLink("two", "ada", "ada@other.example", now.AddHours(1)), now);
        await _databases[^1].ExecuteAsync("DELETE FROM password");
        Assert.Equal(new MemberEmails(null, null), await store.FindEmailsAsync("ada", now, default));
    }

    /// <summary>A program of before this table sets a password without voiding the link.</summary>
    [Fact]
    public async Task A_new_password_voids_the_link_of_an_address_whoever_sets_it()
    {
        _databases.Add(await ChatDatabase.CreateAsync());
        PostgresCredentials store = OpenNode();
        DateTimeOffset now = DateTimeOffset.UnixEpoch;
        await store.ReplacePasswordAsync("ada", null, new StoredPassword("hash", now));
        await store.PutEmailLinkAsync(new EmailLink("one", "ada", "thief@mail.example", now.AddHours(1)), now);
        await _databases[^1].ExecuteAsync("UPDATE password SET hash = 'stronger' WHERE user_id = 'ada'");
        Assert.NotNull(await store.FindEmailLinkAsync("one", now, default));
        await _databases[^1].ExecuteAsync("UPDATE password SET hash = 'other', changed_at = 1 WHERE user_id = 'ada'");
        Assert.Null(await store.FindEmailLinkAsync("one", now, default));
    }

    private PostgresCredentials OpenNode(string? connection = null)
    {
        ChatDatabase database = _databases[^1];
        return new PostgresCredentials(database.AddNode(connection).Primary, database.Options);
    }
}
