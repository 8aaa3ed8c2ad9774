using System.Text.Json;
using ErlChat.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace ErlChat.Tests;

/// <summary>A stop cancels a running backup, which may take minutes while the stop has seconds.</summary>
public sealed class StopBackupTests : IDisposable
{
    private const string Password = "correct horse";

    private readonly string _folder = Directory.CreateTempSubdirectory("erlchat-stop-").FullName;

    private string Database => Path.Combine(_folder, "chat.db");

    private string Backups => Path.Combine(_folder, "backups");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_running_backup_is_given_up_and_leaves_nothing_behind()
    {
        string[] options = ["--Limits:Enabled=false", $"--Chat:AdminPassword={Password}", $"--Log:BackupFolder={Backups}"];
        (ServerProcess first, _) = await ServerProcess.StartAsync(Database, options);
        await using (first)
            Assert.Equal(0, await first.StopAsync());
        MakeLarge();

        (ServerProcess server, Uri address) = await ServerProcess.StartAsync(Database, options);
        await using (server)
        {
            using RawClient admin = await RawClient.ConnectAsync(address.Port);
            await admin.LoginAsync("boss");
            await admin.PostAsync("/chat/auth/", "password=" + Uri.EscapeDataString(Password));
            Assert.Contains("\"OK\"", (await admin.ReadAsync())!.Body, StringComparison.OrdinalIgnoreCase);
            await admin.PostAsync("/admin/backup/", "");
            Assert.Equal("running", StateOf((await admin.ReadAsync())!));
            await Eventually.BeTrueAsync(() => Directory.Exists(Backups) && Directory.GetFiles(Backups).Length > 0);

            long began = TimeProvider.System.GetTimestamp();
            int code = await server.StopAsync();
            TimeSpan took = TimeProvider.System.GetElapsedTime(began);
            Assert.True(code == 0, string.Join('\n', server.Errors.Concat(server.Output).TakeLast(40)));
            Assert.Empty(server.Errors);
            Assert.True(took < TimeSpan.FromSeconds(5), $"{took}");
            Assert.Empty(Directory.GetFiles(Backups));
            Assert.False(File.Exists(Database + "-wal"), "The write-ahead log was left.");
        }
    }

    /// <summary>Enough for the copy and its check to take longer than the stop is given time to begin.</summary>
    private void MakeLarge()
    {
        using SqliteConnection connection = FileConnection.Open(Database, SqliteOpenMode.ReadWrite);
        connection.Execute("CREATE TABLE large (bytes BLOB)");
        connection.Execute(
            "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number LIMIT 40000) "
            + "INSERT INTO large SELECT randomblob(4000) FROM number");
    }

    private static string? StateOf(RawReply reply)
    {
        using var json = JsonDocument.Parse(reply.Body);
        return json.RootElement.GetProperty("response").GetProperty("last").GetProperty("state").GetString();
    }
}
