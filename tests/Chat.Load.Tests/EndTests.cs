using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace ErlChat.Load.Tests;

/// <summary>However the load tool ends, nothing that it started is left behind.</summary>
public sealed partial class EndTests : IDisposable
{
    private const int Interrupt = 2;
    private const int Terminate = 15;
    private const int StandStill = 19;
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("load-test-");

    public void Dispose() => _temporary.Delete(recursive: true);

    // Previously, the tool waited for an event that .NET no longer raises at a signal. Its servers kept running, and their folders stayed.
    [Fact]
    public async Task A_signal_ends_the_tools_server_too()
    {
        using Process tool = Start("storm", "-n", "200");
        string? line = await tool.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(s_deadline);
        Assert.Contains("entered", line, StringComparison.Ordinal);
        Process[] servers = ChildrenOf(tool);
        Assert.Single(servers);

        Assert.Equal(0, Kill(tool.Id, Terminate));
        await tool.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(s_deadline);
        Assert.Equal(128 + Terminate, tool.ExitCode);
        await AssertNothingIsLeftAsync(servers);
    }

    // In a terminal, Ctrl-C reaches everything that the tool has started, and that must not keep anything from being cleaned up.
    [Fact]
    public async Task Ctrl_C_ends_all_nodes_and_their_database()
    {
        using Process tool = Start("cluster", "-n", "50", "--scale", "100");
        string? line = await tool.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(s_deadline);
        Match database = PostgresStarted().Match(line!);
        Assert.True(database.Success, line);
        using Process postgres = Process.GetProcessById(int.Parse(database.Groups[1].Value, CultureInfo.InvariantCulture));
        string folder = new FileInfo($"/proc/{postgres.Id}/cwd").LinkTarget!;

        // The shell that watches over PostgreSQL, and a node.
        await UntilAsync(() => ChildrenOf(tool).Length == 2);
        Process[] children = ChildrenOf(tool);
        foreach (Process one in (Process[])[tool, .. children])
            Assert.Equal(0, Kill(one.Id, Interrupt));
        await tool.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(s_deadline);
        Assert.Equal(128 + Interrupt, tool.ExitCode);
        await AssertNothingIsLeftAsync([.. children, postgres]);
        Assert.False(Directory.Exists(folder), folder);
    }

    // Previously, the limit was only checked between two steps, so a server that hung held up the whole table.
    [Fact]
    public async Task A_server_that_hangs_is_given_up_at_the_limit()
    {
        using Process tool = Start("storm", "-n", "18500", "--limit", "8");
        await UntilAsync(() => ChildrenOf(tool).Length == 1);
        Process[] servers = ChildrenOf(tool);

        // In the middle of the logins.
        await UntilAsync(() => Directory.GetFileSystemEntries($"/proc/{servers[0].Id}/fd").Length > 500);
        Assert.Equal(0, Kill(servers[0].Id, StandStill));

        await tool.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(s_deadline);
        Assert.Equal("comet: not done after 8 s.", (await tool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim());
        Assert.Equal(1, tool.ExitCode);
        await AssertNothingIsLeftAsync(servers);
    }

    /// <summary>Polls a condition: what a process does can only be observed from outside.</summary>
    private static async Task UntilAsync(Func<bool> happened)
    {
        using var patience = new CancellationTokenSource(s_deadline, TimeProvider.System);
        while (!happened())
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
    }

    private async Task AssertNothingIsLeftAsync(Process[] servers)
    {
        foreach (Process server in servers)
            await server.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(s_deadline);
        Assert.Empty(_temporary.EnumerateFileSystemInfos("erlchat-*"));
    }

    private Process Start(params string[] arguments)
    {
        string here = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string configuration = Path.GetFileName(Path.GetDirectoryName(here))!;
        DirectoryInfo root = new(here);
        while (!File.Exists(Path.Combine(root.FullName, "ErlChat.sln")))
            root = root.Parent!;
        string server = Path.Combine(root.FullName, "src", "Chat.Web", "bin", configuration, Path.GetFileName(here), "Chat.Web.dll");
        var info = new ProcessStartInfo("dotnet", [Path.Combine(here, "Chat.Load.dll"), .. arguments, "--server", server])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["TMPDIR"] = _temporary.FullName;
        return Process.Start(info)!;
    }

    private static Process[] ChildrenOf(Process process) =>
    [
        .. Directory.EnumerateDirectories($"/proc/{process.Id}/task")
            .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(id => Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture))),
    ];

    [GeneratedRegex(@"PostgreSQL [\d.]+ started, process (\d+)$")]
    private static partial Regex PostgresStarted();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
