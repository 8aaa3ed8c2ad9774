using ErlChat.Limits;
using Microsoft.Extensions.Logging;

namespace ErlChat.Web.Tests;

/// <summary>What the start says. A volume that was not mounted was a new, empty chat, and nobody was told.</summary>
public sealed class StartReportTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("erlchat-");

    public void Dispose() => _folder.Delete(recursive: true);

    private string Database => Path.Combine(_folder.FullName, "data", "chat.db");

    [Fact]
    public async Task The_database_was_made_and_is_found_again()
    {
        await using (ChatServerHost server = await StartAsync())
        {
            LogLine made = Assert.Single(server.Logs.Of("DatabaseCreated"));
            Assert.Equal(LogLevel.Warning, made.Level);
            Assert.Contains(Database, made.Text, StringComparison.Ordinal);
            Assert.Contains("Log:MustExist", made.Text, StringComparison.Ordinal);
            Assert.Empty(server.Logs.Of("DatabaseFound"));
            await server.LoginAsync("alice");
        }

        await using (ChatServerHost server = await StartAsync("Log:MustExist=true"))
        {
            string found = Assert.Single(server.Logs.Of("DatabaseFound")).Text;
            Assert.Matches($@"{Database}, \d+ KiB, [12] entries, the newest \d+, epoch [0-9a-f]{{32}}\.", found);
            Assert.Empty(server.Logs.Of("DatabaseCreated"));
        }
    }

    [Fact]
    public async Task The_database_is_told_by_its_real_path()
    {
        string real = Path.Combine(_folder.FullName, "real.db");
        await using (await ChatServerHost.StartAsync("Log:Kind=Sqlite", $"Log:Path={real}"))
        {
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Database)!);
        File.CreateSymbolicLink(Database, real);
        await using ChatServerHost server = await StartAsync();
        Assert.Contains(real, Assert.Single(server.Logs.Of("DatabaseFound")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_in_memory_is_told_as_one()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        Assert.Single(server.Logs.Of("LogInMemory"));
        Assert.Contains(".NET 10.", Assert.Single(server.Logs.Of("Version")).Text, StringComparison.Ordinal);
        Assert.Single(server.Logs.Of("NoAdministrators"));
        Assert.InRange(server.Logs.Lines.Count(line => line.Level >= LogLevel.Information && !line.Category.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)), 3, 12);
    }

    [Fact]
    public async Task A_password_of_administrators_goes_without_saying()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.AdminPassword);
        Assert.Empty(server.Logs.Of("NoAdministrators"));
    }

    [Fact]
    public async Task More_connections_than_there_can_be_files_are_told()
    {
        Assert.SkipUnless(OpenFiles.Limit() is > 0 and < 10_000_000, "This machine has no limit of open files that an option could exceed.");
        await using (ChatServerHost server = await ChatServerHost.StartAsync("Limits:Connections:Server=10000000"))
            Assert.Contains("Limits:Connections:Server", Assert.Single(server.Logs.Of("TooManyConnections")).Text, StringComparison.Ordinal);
        await using (ChatServerHost server = await ChatServerHost.StartAsync("Limits:Connections:Server=100"))
            Assert.Empty(server.Logs.Of("TooManyConnections"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_database_that_must_exist_and_does_not_is_no_start_and_none_is_made(bool isEmpty)
    {
        if (isEmpty)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Database)!);
            await File.WriteAllBytesAsync(Database, [], TestContext.Current.CancellationToken);
        }

        Ran ran = await ServerProgram.RunAsync("--urls=http://127.0.0.1:0", "--Peer:Port=0", $"--Log:Path={Database}", "--Log:MustExist=true");
        Assert.Equal(1, ran.Code);
        string said = Assert.Single(ran.Errors);
        Assert.Contains(Database, said, StringComparison.Ordinal);
        Assert.Contains("Log:MustExist", said, StringComparison.Ordinal);
        Assert.Equal(isEmpty, Directory.Exists(Path.GetDirectoryName(Database)));
        Assert.Equal(isEmpty ? 1 : 0, _folder.GetFiles("*", SearchOption.AllDirectories).Length);
    }

    private Task<ChatServerHost> StartAsync(params string[] options) => ChatServerHost.StartAsync(["Log:Kind=Sqlite", $"Log:Path={Database}", .. options]);
}
