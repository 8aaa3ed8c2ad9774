using System.Diagnostics;
using System.Text.RegularExpressions;
using ErlChat.Sqlite.Database;

namespace ErlChat.Tests;

/// <summary>
/// Runs every command line of docs/durability.md, section by section, as an operator would. A line that this test does not understand
/// fails.
/// </summary>
public sealed partial class DurabilityPageTests : IAsyncDisposable
{
    private const string ToolLine = "dotnet run --project src/Chat.Web -c Release -- log ";

    private readonly SqliteParts _parts = new();
    private readonly Tools _tools;

    public DurabilityPageTests() => _tools = new Tools(_parts);

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    [Theory]
    [InlineData(100)]
    [InlineData(6000, Traits = ["Category", "Soak"])]
    public async Task Every_command_line_of_the_page_does_what_it_says(int length)
    {
        List<(string Section, string Line)> lines = Lines();
        Assert.Equal(["The files", "The tool", "Backup", "Damage"], lines.Select(line => line.Section).Distinct());
        Assert.True(lines.Count > 20);
        foreach (IGrouping<string, (string Section, string Line)> section in lines.GroupBy(line => line.Section))
        {
            foreach (string file in Directory.GetFiles(_parts.Folder))
                File.Delete(file);
            LogFiles.Create(_parts.File, 4002, length);
            bool isDamaged = section.Key == "Damage";
            if (isDamaged)
            {
                byte[] bytes = await File.ReadAllBytesAsync(_parts.File);
                bytes.AsSpan(LogFiles.PageOfEntry(bytes, 1937) * LogFiles.Page, LogFiles.Page).Clear();
                await File.WriteAllBytesAsync(_parts.File, bytes);
            }

            foreach ((_, string line) in section)
            {
                // Commands may report the damage, and an index cannot be built from damaged entries.
                bool mayFind = isDamaged
                    && (line.EndsWith("log verify", StringComparison.Ordinal) || line.EndsWith("log reindex", StringComparison.Ordinal));
                isDamaged &= !line.Contains("log restore", StringComparison.Ordinal);
                int code = Carry(line);
                Assert.True(code == (mayFind ? 1 : 0), $"{section.Key}: {line}: {code}\n{_tools.Output}\n{_tools.Error}");
                Assert.DoesNotContain("   at ", _tools.Error, StringComparison.Ordinal);
            }

            TestChat chat = await _parts.StartChatAsync();
            Assert.NotNull(chat.Room.Find(LogFiles.Alice));
            await (await chat.LoginAsync("carol")).SubmitAsync("hello");
            await _parts.StopAsync(chat);
        }
    }

    // The start's message as quoted on the page.
    [Fact]
    public async Task The_page_names_the_versions_that_there_are()
    {
        string page = await File.ReadAllTextAsync(Path.Combine(Root(), "docs", "durability.md"));
        Assert.Contains($"has schema version {Schema.Version + 1}, this program knows {Schema.Version}.", page, StringComparison.Ordinal);
    }

    private static List<(string Section, string Line)> Lines()
    {
        var lines = new List<(string, string)>();
        string section = "";
        bool isCode = false;
        foreach (string line in File.ReadLines(Path.Combine(Root(), "docs", "durability.md")))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
                section = line[3..];
            if (line.StartsWith("```", StringComparison.Ordinal))
                isCode = !isCode;
            else if (isCode)
                lines.Add((section, Comment().Replace(line, "").TrimEnd()));
            else
                Assert.DoesNotMatch("`(dotnet|sqlite3|make log)", line);
        }

        return lines;
    }

    private int Carry(string line)
    {
        if (line.StartsWith(ToolLine, StringComparison.Ordinal))
            return RunTool(line[ToolLine.Length..]);
        if (line.StartsWith("make log-", StringComparison.Ordinal))
            return RunTool(ToolLineOf(line));
        Match query = Query().Match(line);
        Assert.True(query.Success, $"Not understood: {line}");
        using var connection = FileConnection.Open(
            _tools.Named(Path.GetFileName(query.Groups[1].Value)), Microsoft.Data.Sqlite.SqliteOpenMode.ReadOnly);
        using var command = connection.Command(query.Groups[2].Value);
        using var rows = command.ExecuteReader();
        Assert.True(rows.Read());
        Assert.Equal("2026-11-20 07:00:02", rows.GetString(1));
        return 0;
    }

    /// <summary>What make would run.</summary>
    private static string ToolLineOf(string line)
    {
        using var make = Process.Start(new ProcessStartInfo("make", ["-n", "--no-print-directory", .. line.Split(' ').Skip(1)])
        {
            WorkingDirectory = Root(),
            RedirectStandardOutput = true,
        })!;
        string output = make.StandardOutput.ReadToEnd();
        make.WaitForExit();
        Assert.Equal(0, make.ExitCode);
        string tool = output.TrimEnd().Split(" -- log ")[^1];

        // The recipe takes names from the environment, into which make puts the variables given after the target.
        foreach (string[] variable in line.Split(' ').Where(static word => word.Contains('=', StringComparison.Ordinal))
            .Select(static word => word.Split('=', 2)))
            tool = tool.Replace('$' + variable[0], variable[1], StringComparison.Ordinal);
        return tool.Replace("\"", "", StringComparison.Ordinal);
    }

    /// <summary>Runs the tool with the names of files put into the test's folder, and its output where the line says.</summary>
    private int RunTool(string line)
    {
        string[] parts = line.Split(" > ");
        string[] args = [.. parts[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(
            word => word.Contains('.', StringComparison.Ordinal) ? _tools.Named(word) : word)];
        int code = _tools.Run(args);
        if (parts.Length > 1)
            File.WriteAllText(_tools.Named(parts[1].Trim()), _tools.Output);
        return code;
    }

    private static string Root()
    {
        DirectoryInfo root = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "ErlChat.sln")))
            root = root.Parent!;
        return root.FullName;
    }

    [GeneratedRegex(@"\s+#.*$")]
    private static partial Regex Comment();

    [GeneratedRegex("^sqlite3 -readonly (\\S+) \"(SELECT [^\"]*)\"$")]
    private static partial Regex Query();
}
