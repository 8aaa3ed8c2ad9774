using ErlChat.Web.CommandLine;
using ErlChat.Web.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ErlChat.Web.Tests.CommandLine;

/// <summary>Arguments that make the program print something and exit. Previously, <c>--help</c> started a server.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("erlchat-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    [InlineData("--Chat:PollTimeout=nonsense", "--help")]
    [InlineData("admin-password", "--help")]
    public async Task Help_prints_and_changes_nothing(params string[] args)
    {
        Ran ran = await ServerProgram.RunAsync(Database, args);
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.StartsWith("ErlChat", ran.Output, StringComparison.Ordinal);
        foreach (string named in new[]
        {
            "log COMMAND", "admin-password", "--check-config", "--version", "docs/configuration.md", "--Chat:PollTimeout=",
            "--Log:MustExist=false",
        })
            Assert.Contains(named, ran.Output, StringComparison.Ordinal);
        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Fact]
    public void Help_has_every_option_with_its_default_and_a_line_about_it()
    {
        string[] lines = Written(output => HelpText.Write(ChatServer.Options(), output)).Split('\n');
        foreach (KnownOption option in ChatServer.Options().All)
        {

            // SQLite and PostgreSQL both have some options, which may have another default for each.
            string wanted = $"--{option.Path}{(option.Default.Length > 0 ? "=" : "")}{option.Default}";
            int at = Array.FindIndex(lines, line => line.TrimStart().TrimEnd('=') == wanted);
            Assert.True(at >= 0, $"{wanted} is missing.");
            Assert.True(
                lines[at + 1].StartsWith("      ", StringComparison.Ordinal) && lines[at + 1].Trim().Length > 20,
                $"{option.Path} is not explained: {lines[at + 1]}");
        }

        // What the two logs have in common is listed once.
        Assert.Single(lines, line => line.TrimStart().StartsWith("--Log:SnapshotEvery=", StringComparison.Ordinal));
        string timeout = Array.Find(lines, line => line.Contains("How long a poll is parked", StringComparison.Ordinal))!;
        Assert.Contains("50 ms to 10 min", timeout, StringComparison.Ordinal);
        Assert.All(lines, line => Assert.DoesNotContain('<', line));
    }

    [Fact]
    public async Task Version_prints_the_version()
    {
        Ran ran = await ServerProgram.RunAsync(Database, "--version");
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.Matches(@"^ErlChat \d+\.\d+\.\d+(\+[0-9a-f]{12})?, \.NET \d+\.", Assert.Single(ran.Lines));
        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Fact]
    public async Task Check_config_prints_each_setting_in_force_and_its_source()
    {
        Ran ran = await ServerProgram.RunAsync(
            [
                .. Database, ("Chat__AdminPassword", "s3cretpass"), ("Chat__TrustedProxies__0", "10.0.0.1"),
                ("Chat__TrustedProxies__1", "10.0.0.2"), ("PORT", "6000"),
            ],
            "--check-config", "--Chat:PollTimeout=30s", "--Limits:Reads:Address:Count=7", "--urls=http://127.0.0.1:0");
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.Contains("Chat:PollTimeout=00:00:30  # command line", ran.Lines);
        Assert.Contains("Limits:Reads:Address:Count=7  # command line", ran.Lines);
        Assert.Contains("Chat:MaxNickLength=16  # default", ran.Lines);
        Assert.Contains("Chat:TrustedProxies=10.0.0.1,10.0.0.2  # environment", ran.Lines);
        Assert.Contains($"Log:Path={Path.Combine(_folder.FullName, "sub", "chat.db")}  # environment", ran.Lines);
        Assert.Contains("Peer:Port=6000  # environment", ran.Lines);
        Assert.Contains("urls=http://127.0.0.1:0  # command line", ran.Lines);
        Assert.Contains("Chat:AdminPassword=********  # environment", ran.Lines);
        Assert.DoesNotContain("s3cretpass", ran.Output, StringComparison.Ordinal);
        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Fact]
    public async Task Check_config_shows_the_connection_to_the_database_without_its_password()
    {
        const string Connection = "Host=db1,db2:5433;Username=chat;Password='s3cret;pass';Database=chat";
        Ran ran = await ServerProgram.RunAsync([("Log__Connection", Connection), .. Shared], "--check-config");
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.Contains("Node:Cookie=********  # environment", ran.Lines);
        Assert.Contains($"Node:Name={Environment.MachineName}  # environment", ran.Lines);
        Assert.Contains("Log:Connection=Host=db1,db2:5433;Username=chat;Password=********;Database=chat  # environment", ran.Lines);
        Assert.DoesNotContain("s3cret", ran.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Log:Connection is required with Log:Kind=Postgres")]
    [InlineData("Host=db;Username=chat;Database=chat;Pasword=s3cret", "Log:Connection is not a connection string of Npgsql")]
    [InlineData("Username=chat;Password=s3cret;Database=chat", "Log:Connection names no Host.")]
    [InlineData("Host=db;Password=s3cret;Database=chat", "Log:Connection names no Username.")]
    [InlineData("Host=db;Username=chat;Password=s3cret", "Log:Connection names no Database.")]
    [InlineData("Host=db:x;Username=chat;Password=s3cret;Database=chat", "Log:Connection names an invalid host or port.")]
    public async Task A_bad_connection_to_the_database_is_a_configuration_error(string connection, string error)
    {
        Ran ran = await ServerProgram.RunAsync([("Log__Connection", connection), .. Shared], "--check-config");
        Assert.Equal((1, ""), (ran.Code, ran.Output));
        Assert.StartsWith(error, Assert.Single(ran.Errors), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_nodes_need_a_cookie_and_addresses_that_are_URLs()
    {
        Ran ran = await ServerProgram.RunAsync(
            [
                ("Log__Connection", "Host=db;Username=chat;Database=chat"), ("Log__Kind", "Postgres"), ("Node__Address", "10.0.0.1:8000"),
                ("Node__Name", "n 1"),
            ],
            "--check-config");
        Assert.Equal(1, ran.Code);
        string[] beginnings = ["Node:Name: 'n 1' must be", "Log:Kind=Postgres needs Node:Cookie", "Node:Address: '10.0.0.1:8000' must be"];
        Assert.Equal(beginnings.Length, ran.Errors.Length);
        Assert.All(beginnings.Zip(ran.Errors), pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_to_PostgreSQL_without_that_kind_of_log_is_a_contradiction()
    {
        Ran ran = await ServerProgram.RunAsync([.. Database, ("Log__Connection", "Host=db;Username=chat;Database=chat")], "--check-config");
        Assert.Equal(["Log:Connection only has an effect with Log:Kind=Postgres. Leave it out, or set that."], ran.Errors);
    }

    [Fact]
    public async Task Check_config_reports_errors_and_exits_with_1()
    {
        Ran ran = await ServerProgram.RunAsync(
            Database,
            "--check-config",
            "--Chat:PollTimeout=30",
            "--Chat:MaxNickLength=0",
            "--Chat:AdminPassword=s3cretpass",
            "--Chat:AdminPasswordHash=s3crethash");
        Assert.Equal((1, ""), (ran.Code, ran.Output));
        Assert.Equal(4, ran.Errors.Length);
        Assert.DoesNotContain("s3cret", ran.Error, StringComparison.Ordinal);
        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Theory]
    [InlineData("admin-password", "now")]
    [InlineData("admin-passwd")]
    public async Task An_unknown_command_is_refused(params string[] args)
    {
        Ran ran = await ServerProgram.RunAsync(Database, args);
        Assert.NotEqual(0, ran.Code);
        Assert.Contains(args[0], Assert.Single(ran.Errors), StringComparison.Ordinal);
        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Fact]
    public async Task The_reported_options_are_those_that_the_components_get()
    {
        await using WebApplication app = ChatServer.Build(["--Log:Kind=Memory", "--Flack:IdleLimit=2m"]);
        ReportedOption[] options = [.. app.Services.GetRequiredService<ConfigurationReport>().Options()];
        Assert.Contains(new ReportedOption("Flack:IdleLimit", "00:02:00", "00:01:00", "command line"), options);
        Assert.Contains(new ReportedOption("Log:Kind", "Memory", "Sqlite", "command line"), options);

        // There is no database, so its options are not in force.
        Assert.DoesNotContain(options, option => option.Path == "Log:Path");
        Assert.Distinct(options.Select(option => option.Path));
    }

    private static (string Name, string Value)[] Shared => [("Log__Kind", "Postgres"), ("Node__Cookie", "chocolate-chip-cookie")];

    private (string Name, string Value)[] Database => [("Log__Path", Path.Combine(_folder.FullName, "sub", "chat.db"))];

    private static string Written(Action<TextWriter> write)
    {
        using var output = new StringWriter();
        write(output);
        return output.ToString();
    }
}
