using System.Diagnostics;

namespace ErlChat.Benchmarks.Support;

/// <summary>The repository in which this was built.</summary>
internal static class Repository
{
    internal static string Root { get; } = FindRoot();

    /// <summary>The commit, with a mark if files differ from it. <c>unknown</c> without git.</summary>
    internal static string Commit()
    {
        try
        {
            var start =
                new ProcessStartInfo("git", ["describe", "--always", "--dirty"]) { WorkingDirectory = Root, RedirectStandardOutput = true };
            using Process git = Process.Start(start)!;
            string commit = git.StandardOutput.ReadToEnd().Trim();
            return commit.Length > 0 ? commit : "unknown";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "ErlChat.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The benchmarks do not run inside the repository.");
    }
}
