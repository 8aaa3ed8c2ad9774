using System.Runtime.Versioning;
using System.Text.Json;
using ErlChat.Rooms;
using ErlChat.Sqlite;
using ErlChat.Submissions;

namespace ErlChat.Web.Tests.Operator;

/// <summary>A backup on demand, while the chat is running.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("erlchat-");

    private string Backups => Path.Combine(_folder.FullName, "data", "backups");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task It_is_written_checked_and_named_by_the_server()
    {
        await using ChatServerHost server = await StartAsync();
        CometClient admin = await server.LoginAdminAsync("boss");
        Assert.Equal(JsonValueKind.Null, (await admin.GetAsync("/admin/backup/")).Response.GetProperty("last").ValueKind);
        Assert.False(Directory.Exists(Backups));

        // The server chooses the name, whatever the caller sends.
        Assert.True((await admin.PostAsync("/admin/backup/", ("name", "../../evil.db"), ("folder", "/tmp"))).IsOk);
        JsonElement done = await DoneAsync(admin);
        Assert.Equal("done", done.GetProperty("state").GetString());
        Assert.True(done.GetProperty("verified").GetBoolean());
        Assert.InRange(done.GetProperty("entries").GetInt64(), 3, server.Office.Head);
        string name = done.GetProperty("name").GetString()!;
        Assert.Matches(@"^chat-\d{8}-\d{6}\.db$", name);
        string file = Assert.Single(Directory.GetFileSystemEntries(Backups));
        Assert.Equal(Path.Combine(Backups, name), file);
        Assert.Equal(done.GetProperty("bytes").GetInt64(), new FileInfo(file).Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Backups));
        using var said = new StringWriter();
        Assert.Equal(0, LogTool.Run(["verify", "--path", file], file, said, said));
        CometAnswer state = await admin.GetAsync("/admin/backup/");
        Assert.Equal(Backups, state.Response.GetProperty("folder").GetString());
        Assert.Equal(name, Assert.Single(state.Response.GetProperty("files").EnumerateArray()).GetProperty("name").GetString());

        // The chat continued during the backup, and continues afterwards.
        Assert.True((await admin.SendAsync("hello")).IsOk);
    }

    [Fact]
    public async Task A_new_backup_removes_only_the_oldest_backups_over_the_number_to_keep()
    {
        Directory.CreateDirectory(Backups);
        string[] others = ["chat-20260101-000000.db.old", "chat-today.db", "chat-20261399-000000.db", "mine.db"];
        string[] old = ["chat-20260101-000000.db", "chat-20260102-000000.db", "chat-20260103-000000.db"];
        foreach (string name in (string[])[.. others, .. old])
            await File.WriteAllTextAsync(Path.Combine(Backups, name), "x");

        // A file left by a server that was killed in the middle.
        await File.WriteAllTextAsync(Path.Combine(Backups, "chat-20260103-000000.db.0a1b2c3d.partial"), "x");
        await using ChatServerHost server = await StartAsync("Log:KeepBackups=2");
        CometClient admin = await server.LoginAdminAsync("boss");
        Assert.True((await admin.PostAsync("/admin/backup/")).IsOk);
        string made = (await DoneAsync(admin)).GetProperty("name").GetString()!;
        Assert.Equal(
            ((string[])[.. others, "chat-20260103-000000.db", made]).Order(StringComparer.Ordinal),
            Directory.GetFiles(Backups).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    // Two administrators press the button at once, again and again. Only one backup is made at a time, and each that starts also finishes.
    [Fact]
    public Task One_at_a_time_however_many_ask() => Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        await using ChatServerHost server = await StartAsync("Log:KeepBackups=0");
        CometClient admin = await server.LoginAdminAsync("boss");
        int begun = 0;
        for (int round = 0; round < 5; round++)
        {
            using var barrier = new Barrier(4);
            int[] pauses = [.. Enumerable.Range(0, 4).Select(_ => random.Next(3))];
            CometAnswer[] answers = await Task.WhenAll(pauses.Select(pause => Task.Run(async () =>
            {
                barrier.SignalAndWait(TimeSpan.FromSeconds(20));
                for (int i = 0; i < pause; i++)
                    await Task.Yield();
                return await admin.Tab().PostAsync("/admin/backup/");
            })));
            Assert.All(answers, answer => Assert.True(
                answer.IsOk || answer is { Status: HttpStatusCode.Conflict, Error: "busy" }, answer.Body));
            Assert.Contains(answers, answer => answer.IsOk);
            begun += answers.Count(answer => answer.IsOk);
            Assert.Equal("done", (await DoneAsync(admin)).GetProperty("state").GetString());
        }

        Assert.Equal(begun, Directory.GetFiles(Backups).Length);
        Assert.Equal(begun, server.Logs.Of("BackupWritten").Count);
    });

    [Fact]
    public async Task A_cancelled_backup_leaves_no_file_and_the_next_one_works()
    {
        await using ChatServerHost server = await StartAsync([.. ChatServerHost.NoLimits]);
        CometClient admin = await server.LoginAdminAsync("boss");
        await FillAsync(server, 6 << 20);
        Assert.True((await admin.PostAsync("/admin/backup/")).IsOk);
        Assert.True((await admin.PostAsync("/admin/backup/cancel/")).IsOk);
        Assert.Equal("cancelled", (await DoneAsync(admin)).GetProperty("state").GetString());
        Assert.Empty(Directory.GetFileSystemEntries(Backups));
        Assert.True((await admin.PostAsync("/admin/backup/cancel/")).IsOk);
        Assert.True((await admin.PostAsync("/admin/backup/")).IsOk);
        Assert.Equal("done", (await DoneAsync(admin)).GetProperty("state").GetString());
    }

    // Copying many megabytes must not delay a stop, and half a copy would look like a backup to an operator who needs one.
    [Fact]
    public async Task A_stop_does_not_wait_for_it_and_leaves_no_partial_file()
    {
        await using ChatServerHost server = await StartAsync([.. ChatServerHost.NoLimits]);
        CometClient admin = await server.LoginAdminAsync("boss");
        await FillAsync(server, 6 << 20);
        Assert.True((await admin.PostAsync("/admin/backup/")).IsOk);
        await Eventually.BeTrueAsync(() => Directory.Exists(Backups) && Directory.GetFiles(Backups, "*.partial").Length == 1);
        await server.StopAsync().WithinAsync(TimeSpan.FromSeconds(5));
        Assert.Empty(Directory.GetFileSystemEntries(Backups));
        Assert.Single(server.Logs.Of("BackupGivenUp"));
    }

    [Fact]
    public async Task If_nothing_can_be_written_it_says_why()
    {
        string file = Path.Combine(_folder.FullName, "file");
        await File.WriteAllTextAsync(file, "x");
        await using ChatServerHost server = await StartAsync($"Log:BackupFolder={file}");
        CometClient admin = await server.LoginAdminAsync("boss");
        Assert.True((await admin.PostAsync("/admin/backup/")).IsOk);
        JsonElement failed = await DoneAsync(admin);
        Assert.Equal("failed", failed.GetProperty("state").GetString());
        Assert.Contains(file, failed.GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.Single(server.Logs.Of("BackupFailed"));
        Assert.True((await admin.SendAsync("hello")).IsOk);
    }

    [Fact]
    public async Task A_log_in_memory_has_nothing_to_back_up()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.AdminPassword);
        CometClient admin = await server.LoginAdminAsync("boss");
        CometAnswer refused = await admin.PostAsync("/admin/backup/");
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Equal("no_database", refused.Error);
        Assert.Contains("Log:Kind", refused.Reason, StringComparison.Ordinal);
        Assert.False((await admin.GetAsync("/admin/backup/")).Response.GetProperty("possible").GetBoolean());
    }

    private string Database => Path.Combine(_folder.FullName, "data", "chat.db");

    private Task<ChatServerHost> StartAsync(params string[] options) =>
        ChatServerHost.StartAsync(["Log:Kind=Sqlite", $"Log:Path={Database}", ChatServerHost.AdminPassword, .. options]);

    /// <summary>The last backup, once it has finished.</summary>
    private static async Task<JsonElement> DoneAsync(CometClient admin)
    {
        for (int looks = 0; looks < 1000; looks++)
        {
            JsonElement last = (await admin.GetAsync("/admin/backup/")).Response.GetProperty("last");
            if (last.GetProperty("state").GetString() != "running")
                return last;
            await Task.Delay(TimeSpan.FromMilliseconds(60), TimeProvider.System);
        }

        throw new TimeoutException("The backup did not end.");
    }

    /// <summary>Sends messages with this many bytes in total, so that a backup takes a while.</summary>
    private static async Task FillAsync(ChatServerHost server, int bytes)
    {
        JoinResult writer = await server.Room.JoinAsync(new JoinRequest("writer", "192.0.2.1"));
        string text = string.Concat(Enumerable.Range(0, 1900).Select(i => (char)('\u4e00' + i)));
        for (int written = 0; written < bytes; written += 64 * text.Length * 3)
            await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => server.Submissions.SubmitAsync(new Submission(writer.Session, text))));
    }
}
