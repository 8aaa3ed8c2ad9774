using System.Text.Json;

namespace ErlChat.Tests;

/// <summary>Backup and restore with real servers, the real tool and a client of 2009, which sends no epoch.</summary>
public sealed class RestoreServerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("erlchat-restore-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Database => Path.Combine(_folder, "data", "chat.db");

    private string Backup => Path.Combine(_folder, "backup.db");

    // Its cursor was ahead of the backup; once the log had grown past it, it went on from there: 301 of 400 messages were missing, and
    // nothing said so.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_without_an_epoch_misses_nothing_silently_after_a_restore(bool keepsOld)
    {
        (ServerProcess server, Uri address) = await ServerProcess.StartAsync(
            Database, "--Chat:RateLimitCount=100000", "--Limits:Enabled=false");
        using var reader = new Browser(address);
        using var writer = new Browser(address);
        await using (server)
        {
            await reader.LoginAsync("reader");
            await writer.LoginAsync("writer");
            await writer.SayAsync("kept");
            Assert.Equal("kept", Assert.Single(await reader.PollAsync()).Text);
            await DoAsync("backup", Backup);
            for (int i = 0; i < 100; i++)
                await writer.SayAsync($"lost {i}");
            for (int read = 0; read < 100;)
                read += (await reader.PollAsync()).Count;
            Assert.Equal(1, (await ToolProcess.RunAsync(Database, "restore", Backup)).Code);
            await server.KillAsync();
        }

        if (!keepsOld)
        {
            foreach (string file in Directory.GetFiles(Path.GetDirectoryName(Database)!, "chat.db*"))
                File.Delete(file);
        }

        await DoAsync("restore", Backup);
        long cursor = reader.Cursor;
        for (int restart = 0; restart < 2; restart++)
        {
            (server, address) = await ServerProcess.StartAsync(Database, "--Chat:RateLimitCount=100000", "--Limits:Enabled=false");
            await using (server)
            {
                reader.Address = writer.Address = address;
                for (int i = 0; i < 200; i++)
                    Assert.Equal("ok", (await writer.SayAsync($"new {restart} {i}")).GetProperty("status").GetString());
                foreach (long old in (long[])[cursor, cursor - 1, cursor - 50, cursor + 1])
                {
                    JsonElement answer = await reader.GetAsync($"chat/wait/?msg_id={old}");
                    Assert.Equal("error", answer.GetProperty("status").GetString());
                    Assert.Equal("resync", answer.GetProperty("response").GetString());
                }

                // As the resync asks for: start, then the history of what was missed.
                reader.Cursor = (await reader.GetAsync("chat/start/")).GetProperty("response").GetInt64();
                await writer.SayAsync($"and on {restart}");
                Assert.Equal($"and on {restart}", Assert.Single(await reader.PollAsync()).Text);
                List<(long Id, string Text)> history = await reader.HistoryAsync();
                Assert.Equal(history.Select(item => item.Id).Order().Distinct(), history.Select(item => item.Id));
                Assert.Equal((201 * (restart + 1)) + 1, history.Count);
                Assert.All(history, item => Assert.InRange(item.Id, 1, (1L << 53) - 1));
                Assert.Equal(0, await server.StopAsync());
            }
        }
    }

    [Fact]
    public async Task The_tool_answers_with_its_exit_codes_and_one_line()
    {
        (ServerProcess server, Uri address) = await ServerProcess.StartAsync(Database);
        await using (server)
        {
            using var alice = new Browser(address);
            await alice.LoginAsync("alice");
            await alice.SayAsync("hello");
            (int code, string output, string error) = await ToolProcess.RunAsync(Database, "verify");
            Assert.Equal((0, ""), (code, error));
            Assert.EndsWith("All is well.\n", output, StringComparison.Ordinal);
            (code, output, error) = await ToolProcess.RunAsync(Database, "compact");
            Assert.Equal((1, "", $"{Database} is in use by another server.\n"), (code, output, error));
            Assert.Equal(2, (await ToolProcess.RunAsync(Database, "shred")).Code);
            (code, output, _) = await ToolProcess.RunAsync(Database, "--help");
            Assert.Equal(0, code);
            Assert.Contains("salvage", output, StringComparison.Ordinal);
            Assert.Equal(0, await server.StopAsync());
        }
    }

    private async Task DoAsync(params string[] args)
    {
        (int code, string output, string error) = await ToolProcess.RunAsync(Database, args);
        Assert.True(code == 0, output + error);
    }
}
