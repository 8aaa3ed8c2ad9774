using System.Text.Json;

namespace ErlChat.Tests;

/// <summary>A real server on a disk that fills up: what /readyz and the log say of it.</summary>
public sealed class DiskTroubleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("erlchat-disk-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // /readyz said 200 until somebody said something, which was refused; and each refused message was a stack trace.
    [Fact]
    public async Task A_disk_that_fills_up_while_nobody_talks_is_noticed_and_what_is_refused_then_is_one_line()
    {
        using ServerTests.SmallDisk disk = ServerTests.SmallDisk.Mount(_folder, "rw,size=2m");
        string filler = Path.Combine(disk.Path, "filler");
        (ServerProcess server, Uri address) = await ServerProcess.StartAsync(
            Path.Combine(disk.Path, "chat.db"),
            "--Chat:RateLimitCount=100000",
            "--Limits:Enabled=false",
            "--Log:RetryAfter=00:00:00.100",
            "--Log:ProbeEvery=00:00:00.200");
        await using (server)
        {
            using var alice = new Browser(address);
            await alice.LoginAsync("alice");
            Assert.Equal("ready\n", await TextAsync(address));
            Fill(filler);
            await Eventually.BeTrueAsync(() => TextAsync(address).GetAwaiter().GetResult()
                .Contains("log-unavailable: ", StringComparison.Ordinal), TimeSpan.FromSeconds(20));
            Assert.Equal(503, await alice.StatusAsync("readyz"));
            for (int i = 0; i < 200; i++)
            {
                JsonElement answer = await alice.SayAsync($"message {i}");
                Assert.Equal("unavailable", answer.GetProperty("response").GetString());
            }

            File.Delete(filler);
            await Eventually.BeTrueAsync(() => TextAsync(address).GetAwaiter().GetResult() == "ready\n", TimeSpan.FromSeconds(20));
            Assert.Equal("ok", (await alice.SayAsync("room again")).GetProperty("status").GetString());
            await Eventually.BeTrueAsync(() => server.Output.Any(
                line => line.Contains("The log can be written again: 200 entries", StringComparison.Ordinal)), TimeSpan.FromSeconds(20));
            Assert.Equal(0, await server.StopAsync());
        }

        Assert.Single(server.Output, line => line.Contains("The log cannot be written: ", StringComparison.Ordinal));
        Assert.DoesNotContain(server.Output, line => line.TrimStart().StartsWith("at ", StringComparison.Ordinal));
        Assert.Empty(server.Errors);
    }

    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                file.Write(new byte[1024]);
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    private static async Task<string> TextAsync(Uri address)
    {
        using var http = new HttpClient();
        using HttpResponseMessage answer = await http.GetAsync(new Uri(address, "readyz"));
        return await answer.Content.ReadAsStringAsync();
    }
}
