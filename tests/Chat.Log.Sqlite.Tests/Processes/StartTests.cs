using System.Net;
using System.Net.Sockets;

namespace ErlChat.Tests;

/// <summary>What an operator can mend is one sentence and exit code 1, wherever in the start it comes up.</summary>
public sealed class StartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("erlchat-start-").FullName;

    private string Database => Path.Combine(_folder, "chat.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // They ended with SIGABRT and a stack trace.
    [Theory]
    [InlineData("192.0.2.77:8000 cannot be listened on", "--urls", "http://192.0.2.77:8000")]
    [InlineData("ftp://127.0.0.1", "--urls", "ftp://127.0.0.1")]
    [InlineData("nonsense", "--urls", "nonsense")]
    [InlineData("needs a certificate", "--urls", "https://127.0.0.1:0")]
    [InlineData("missing.pfx", "--urls", "https://127.0.0.1:0", "--Kestrel:Certificates:Default:Path=/nowhere/missing.pfx")]
    [InlineData("certificate", "--urls", "https://127.0.0.1:0", "--Kestrel:Certificates:Default:Path=/proc/self/cmdline")]
    [InlineData("no-such-folder/chat.sock cannot be listened on", "--urls", "http://unix:/no-such-folder/chat.sock")]
    [InlineData("The peer port 192.0.2.77:5555 cannot be listened on", "--Peer:Address=192.0.2.77", "--Peer:Port=5555")]
    public async Task An_address_that_cannot_be_had_is_one_sentence(string sentence, params string[] options) =>
        await AssertFailsAsync(sentence, options);

    [Fact]
    public async Task A_port_in_use_is_one_sentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await AssertFailsAsync("address already in use", "--urls", $"http://{taken.LocalEndpoint}");
    }

    // A server that was killed leaves its socket behind, and the next one could not start.
    [Fact]
    public async Task A_socket_of_a_killed_server_is_taken_away_and_that_of_a_living_one_is_not()
    {
        string path = Path.Combine(_folder, "chat.sock");
        string[] options = ["--urls", $"http://unix:{path}"];
        (ServerProcess server, _) = await ServerProcess.StartAsync(Database, options);
        await server.KillAsync();
        await server.DisposeAsync();
        Assert.True(File.Exists(path));

        (server, _) = await ServerProcess.StartAsync(Database, options);
        await using (server)
        {
            await using ServerProcess second = ServerProcess.Launch(Path.Combine(_folder, "other.db"), options);
            Assert.Equal(1, await second.ExitAsync());
            Assert.Equal($"{path} is in use by another server.", Assert.Single(second.Errors));
            Assert.Equal(0, await server.StopAsync());
        }
    }

    // Not everything that is in the way of a socket is one that may be taken away.
    [Fact]
    public async Task A_file_in_the_place_of_the_socket_is_left_alone()
    {
        string path = Path.Combine(_folder, "chat.sock");
        await File.WriteAllTextAsync(path, "mine");
        await AssertFailsAsync("address already in use", "--urls", $"http://unix:{path}");
        Assert.Equal("mine", await File.ReadAllTextAsync(path));
    }

    private async Task AssertFailsAsync(string sentence, params string[] options)
    {
        await using ServerProcess server = ServerProcess.Launch(Database, options);
        int code = await server.ExitAsync();
        Assert.True(code == 1, $"Exit code {code}: {string.Join('\n', server.Errors)}");
        Assert.Contains(sentence, Assert.Single(server.Errors), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(server.Output, line => line.StartsWith("   at ", StringComparison.Ordinal)
            || line.Contains("      at ", StringComparison.Ordinal));
    }
}
