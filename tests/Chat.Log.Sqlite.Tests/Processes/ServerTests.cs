using System.Diagnostics;
using System.Text.Json;

namespace ErlChat.Tests;

/// <summary>Real servers on real files: killed, stopped, started twice, on a full disk and on one that cannot be written.</summary>
public sealed class ServerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("erlchat-server-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Database => Path.Combine(_folder, "data", "chat.db");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_browser_does_not_notice_a_restart(bool killed)
    {
        (ServerProcess server, Uri address) = await ServerProcess.StartAsync(Database);
        using var alice = new Browser(address);
        using var bob = new Browser(address);
        await using (server)
        {
            await alice.LoginAsync("alice");
            await bob.LoginAsync("bob");
            await bob.SayAsync("one");
            Assert.Equal("one", Assert.Single(await alice.PollAsync()).Text);
            await bob.SayAsync("two");
            if (killed)
                await server.KillAsync();
            else
                Assert.Equal(0, await server.StopAsync());
        }

        // A stop brings everything into the one file; a kill leaves it to the next start.
        Assert.Equal(killed, File.Exists(Database + "-wal"));
        (server, address) = await ServerProcess.StartAsync(Database);
        await using (server)
        {
            alice.Address = bob.Address = address;
            JsonElement again = await bob.SayAsync("two");
            await bob.SayAsync("three");
            List<(long Id, string Text)> read = await alice.PollAsync();
            if (read.Count < 2)
                read.AddRange(await alice.PollAsync());
            Assert.Equal(["two", "three"], read.Select(item => item.Text));
            Assert.Equal(read[0].Id, again.GetProperty("id").GetInt64());
            Assert.Equal(["one", "two", "three"], (await alice.HistoryAsync()).Select(item => item.Text));
            JsonElement found = await alice.GetAsync("chat/search/?q=THREE");
            Assert.Equal(
                "three", Assert.Single(found.GetProperty("response").EnumerateArray()).GetProperty("d").GetProperty("msg").GetString());
            Assert.Equal("bad_query", (await alice.GetAsync("chat/search/?q=%22open")).GetProperty("response").GetString());
        }
    }

    [Fact]
    public async Task A_second_start_on_the_same_file_says_so_in_one_line()
    {
        (ServerProcess server, _) = await ServerProcess.StartAsync(Database);
        await using (server)
        {
            await using ServerProcess second = ServerProcess.Launch(Database);
            Assert.Equal(1, await second.ExitAsync());
            Assert.Equal($"{Database} is in use by another server.", Assert.Single(second.Errors));
        }
    }

    [Fact]
    public async Task A_full_disk_makes_the_server_unready_until_there_is_room()
    {
        using SmallDisk disk = SmallDisk.Mount(_folder, "rw,size=1m");
        string filler = Path.Combine(disk.Path, "filler");
        (ServerProcess server, Uri address) = await ServerProcess.StartAsync(
            Path.Combine(disk.Path, "chat.db"), "--Chat:RateLimitCount=100000", "--Log:RetryAfter=00:00:00.100");
        await using (server)
        {
            using var alice = new Browser(address);
            await alice.LoginAsync("alice");
            await File.WriteAllBytesAsync(filler, new byte[300_000]);
            var said = new List<string>();
            for (int i = 0; ; i++)
            {
                string text = $"message {i} " + new string('x', 1500);
                JsonElement answer = await alice.SayAsync(text);
                if (answer.GetProperty("status").GetString() == "error")
                {
                    Assert.Equal("unavailable", answer.GetProperty("response").GetString());
                    break;
                }

                said.Add(text);
            }

            Assert.Equal(503, await alice.StatusAsync("readyz"));
            Assert.Equal(200, await alice.StatusAsync("healthz"));
            Assert.Equal(said, (await alice.HistoryAsync()).Select(item => item.Text));
            File.Delete(filler);
            for (int looks = 0; await alice.StatusAsync("readyz") != 200; looks++)
            {
                Assert.True(looks < 100, string.Join('\n', server.Output));
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }

            Assert.Equal("ok", (await alice.SayAsync("room again")).GetProperty("status").GetString());
            Assert.Equal([.. said, "room again"], (await alice.HistoryAsync()).Select(item => item.Text));
            Assert.Equal(0, await server.StopAsync());
        }
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_named_in_one_line()
    {
        using SmallDisk disk = SmallDisk.Mount(_folder, "ro,size=1m");
        await using ServerProcess server = ServerProcess.Launch(Path.Combine(disk.Path, "chat.db"));
        Assert.Equal(1, await server.ExitAsync());
        Assert.Contains("chat.db cannot be made: Read-only file system", Assert.Single(server.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Log:SnapshotEvery=10", "Log:SnapshotEvery (10) must not be below Log:RestoreMail (1000)")]
    [InlineData("--Log:Kind=Clay", "Clay")]
    public async Task Options_that_make_no_sense_are_named(string option, string complaint)
    {
        await using ServerProcess server = ServerProcess.Launch(Database, option);
        Assert.Equal(1, await server.ExitAsync());
        Assert.Contains(complaint, Assert.Single(server.Errors), StringComparison.Ordinal);
    }

    /// <summary>A file system in memory, taken away at the end.</summary>
    internal sealed class SmallDisk : IDisposable
    {
        private SmallDisk(string path) => Path = path;

        internal string Path { get; }

        internal static SmallDisk Mount(string folder, string options)
        {
            string path = System.IO.Path.Combine(folder, "disk");
            Directory.CreateDirectory(path);
            Assert.SkipUnless(OperatingSystem.IsLinux()
                && Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", path) == 0, "Only root can mount a small disk.");
            return new SmallDisk(path);
        }

        public void Dispose() => Run("umount", Path);

        private static int Run(string program, params string[] args)
        {
            using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode;
        }
    }
}
