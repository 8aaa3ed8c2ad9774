using ErlChat.Log;
using ErlChat.Members;
using ErlChat.Sqlite;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Members;
using Microsoft.Data.Sqlite;

namespace ErlChat.Tests;

/// <summary>The contract of every store of credentials, and what becomes of the tables in backups, exports and salvages.</summary>
public sealed class SqliteCredentialsTests : CredentialStoreContract, IAsyncDisposable
{
    private const string Hash = "AQAAAAIAAzRQ-the-hash";
    private const string Token = "the-token-of-the-link";
    private const string Address = "ada@mail.example";
    private const string NextAddress = "ada@next.example";
    private static readonly DateTimeOffset s_now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
    private static readonly ExternalIdentity s_identity = new("https://id.example", "subject-4711");

    private readonly List<SqliteParts> _parts = [];

    protected override Task<ICredentialStore> OpenAsync() => Task.FromResult<ICredentialStore>(Open());

    public async ValueTask DisposeAsync()
    {
        foreach (SqliteParts parts in _parts)
            await parts.DisposeAsync();
    }

    [Fact]
    public async Task Credentials_are_there_after_a_restart()
    {
        SqliteCredentials store = await FillAsync();
        SqliteParts parts = _parts[0];
        parts.Close();
        parts.OpenLog();
        await CheckAsync(new SqliteCredentials(parts.Database));
        parts.Close();
        await Assert.ThrowsAsync<LogUnavailableException>(() => store.FindPasswordAsync("ada", default).AsTask().WithinAsync());
        await Assert.ThrowsAsync<LogUnavailableException>(() => store.EraseAsync("ada").AsTask().WithinAsync());
    }

    [Fact]
    public async Task A_backup_has_the_credentials_and_a_restore_puts_them_in_place()
    {
        SqliteCredentials store = await FillAsync();
        SqliteParts parts = _parts[0];
        string backup = Path.Combine(parts.Folder, "backup.db");
        Run(parts, "backup", backup);
        await store.EraseAsync("ada");
        parts.Close();
        Run(parts, "restore", backup);
        Run(parts, "verify");
        parts.OpenLog();
        await CheckAsync(new SqliteCredentials(parts.Database));
    }

    /// <summary>People read and share an export to repair a chat. Secrets have no place in it.</summary>
    [Fact]
    public async Task An_export_does_not_have_them_and_neither_do_the_entries()
    {
        await FillAsync();
        SqliteParts parts = _parts[0];
        string export = Run(parts, "export");
        Assert.Contains("joined", export, StringComparison.Ordinal);
        string entries = parts.Scalar<string>("SELECT group_concat(kind || origin || body) FROM entry")!;
        Assert.All([export, entries], text =>
        {
            Assert.DoesNotContain(Hash, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Token, text, StringComparison.Ordinal);
            Assert.DoesNotContain(LinkToken.HashOf(Token), text, StringComparison.Ordinal);
            Assert.DoesNotContain(s_identity.Subject, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Address, text, StringComparison.Ordinal);
            Assert.DoesNotContain(NextAddress, text, StringComparison.Ordinal);
        });
        parts.Close();
        string lines = Path.Combine(parts.Folder, "entries.jsonl"), imported = Path.Combine(parts.Folder, "imported.db");
        await File.WriteAllTextAsync(lines, export);
        Run(parts, "import", lines, "--path", imported);
        parts.Options.Path = imported;
        parts.OpenLog();
        Assert.Null(await new SqliteCredentials(parts.Database).FindPasswordAsync("ada", default));
    }

    [Fact]
    public async Task The_token_of_a_link_is_nowhere_in_the_files()
    {
        await FillAsync();
        SqliteParts parts = _parts[0];
        parts.Close();
        byte[] file = await File.ReadAllBytesAsync(parts.File);
        Assert.Equal(-1, file.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(Token)));
        Assert.NotEqual(-1, file.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(LinkToken.HashOf(Token))));
    }

    /// <summary>Whoever removes an address wants it gone.</summary>
    [Fact]
    public async Task A_removed_address_is_nowhere_in_the_file()
    {
        SqliteCredentials store = await FillAsync();
        await store.RemoveEmailsAsync("ada");
        SqliteParts parts = _parts[0];
        parts.Close();
        byte[] file = await File.ReadAllBytesAsync(parts.File);
        foreach (string address in (string[])[Address, NextAddress])
            Assert.Equal(-1, file.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(address)));
        Assert.NotEqual(-1, file.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(Hash)));
    }

    [Fact]
    public async Task A_salvage_takes_them()
    {
        await FillAsync();
        SqliteParts parts = _parts[0];
        parts.Close();
        string salvaged = Path.Combine(parts.Folder, "salvaged.db");
        string said = Run(parts, "salvage", salvaged);
        Assert.Contains("7 credentials of members were taken", said, StringComparison.Ordinal);
        Run(parts, "restore", salvaged);
        parts.OpenLog();
        await CheckAsync(new SqliteCredentials(parts.Database));
    }

    [Fact]
    public async Task A_salvage_says_when_some_of_them_are_lost()
    {
        SqliteCredentials store = await FillAsync();
        for (int i = 0; i < 300; i++)
            await store.ReplacePasswordAsync($"user{i:000}", null, new StoredPassword(Hash + new string('x', 60), s_now));
        SqliteParts parts = _parts[0];
        parts.Close();
        byte[] file = await File.ReadAllBytesAsync(parts.File);
        for (int page = 0; page < file.Length; page += 4096)
        {
            // A leaf of the table, from its middle.
            if (file[page] == 0x0a && file.AsSpan(page, 4096).IndexOf("user150"u8) >= 0)
                file.AsSpan(page, 4096).Fill(0x5a);
        }

        await File.WriteAllBytesAsync(parts.File, file);
        string salvaged = Path.Combine(parts.Folder, "salvaged.db");
        string said = Run(parts, "salvage", salvaged);
        Assert.Contains("Not all credentials of members could be read.", said, StringComparison.Ordinal);
        using SqliteConnection made = FileConnection.Open(salvaged, SqliteOpenMode.ReadOnly);
        Assert.InRange(made.Scalar<long>("SELECT count(*) FROM password"), 200, 300);
        Assert.Equal(1, made.Scalar<long>("SELECT count(*) FROM password WHERE user_id = 'ada'"));
        Assert.Equal(1, made.Scalar<long>("SELECT count(*) FROM password WHERE user_id = 'user299'"));
    }

    private static string Run(SqliteParts parts, params string[] command)
    {
        using var output = new StringWriter();
        int exit = LogTool.Run(command, parts.File, output, output);
        Assert.True(exit == 0, output.ToString());
        return output.ToString();
    }

    private static async Task CheckAsync(SqliteCredentials store)
    {
        Assert.Equal(new StoredPassword(Hash, s_now), await store.FindPasswordAsync("ada", default));
        Assert.Equal("ada", await store.FindResetLinkAsync(LinkToken.HashOf(Token), s_now, default));
        Assert.Equal("ada", await store.FindIdentityAsync(s_identity, default));
        Assert.Equal(new MemberEmails(Address, NextAddress), await store.FindEmailsAsync("ada", s_now, default));
        Assert.Equal(s_now.AddDays(7), await store.FindInvitationAsync(LinkToken.HashOf(Token), s_now, default));
        Assert.Equal([new Appointment("ada", s_now)], await store.AppointmentsAsync(default));
    }

    private SqliteCredentials Open()
    {
        var parts = new SqliteParts();
        _parts.Add(parts);
        parts.OpenLog();
        return new SqliteCredentials(parts.Database);
    }

    /// <summary>A chat in which somebody is a member.</summary>
    private async Task<SqliteCredentials> FillAsync()
    {
        var parts = new SqliteParts();
        _parts.Add(parts);
        TestChat chat = await parts.StartChatAsync();
        await chat.LoginAsync("ada");
        await parts.StopAsync(chat);
        parts.OpenLog();
        var store = new SqliteCredentials(parts.Database);
        Assert.True(await store.ReplacePasswordAsync("ada", null, new StoredPassword(Hash, s_now)));
        await store.PutEmailLinkAsync(new EmailLink(LinkToken.HashOf(Token), "ada", Address, s_now.AddDays(1)), s_now);
        Assert.NotNull(await store.UseEmailLinkAsync(LinkToken.HashOf(Token), s_now));
        await store.PutEmailLinkAsync(new EmailLink(LinkToken.HashOf(Token), "ada", NextAddress, s_now.AddDays(1)), s_now);
        await store.PutResetLinkAsync(new ResetLink(LinkToken.HashOf(Token), "ada", s_now.AddDays(1)));
        Assert.Equal("ada", await store.AddIdentityAsync(s_identity, "ada"));
        Assert.True(await store.PutInvitationAsync(new InvitationLink(LinkToken.HashOf(Token), s_now.AddDays(7)), s_now, limit: 1));
        await store.PutAppointmentAsync(new Appointment("ada", s_now));
        return store;
    }
}
