using System.Diagnostics;

namespace ErlChat.Testing;

/// <summary>The system's PostgreSQL, which refuses to run as root: tests run by root start it as the user <c>postgres</c>.</summary>
internal static class PostgresPrograms
{
    private static readonly bool s_isRoot = Environment.UserName == "root";

    /// <summary>The folder with <c>initdb</c>, <c>pg_ctl</c> and the others.</summary>
    internal static string Folder =>
        (Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => version + "/bin").Where(HasServer).Max()
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').FirstOrDefault(HasServer))
        ?? throw new InvalidOperationException("PostgreSQL is missing: apt-get install postgresql.");

    /// <summary>The user that the programs run as.</summary>
    internal static string User => s_isRoot ? "postgres" : Environment.UserName;

    /// <summary>Runs a program to its end, with nothing to read. Returns what it writes; nothing for <c>pg_ctl</c>.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    internal static async Task<string> RunAsync(string program, params string[] arguments)
    {
        // A server that pg_ctl starts would keep pipes of its own open.
        string script = "exec \"$0\" \"$@\" < /dev/null" + (program == "pg_ctl" ? " > /dev/null" : "");
        using Process process = Start("/bin/sh", ["-c", script, Path.Combine(Folder, program), .. arguments]);
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output.Trim()
            : throw new InvalidOperationException($"{program}: {await process.StandardError.ReadToEndAsync()}");
    }

    /// <summary>Starts any program as an unprivileged user, with pipes. The process has the program's own id.</summary>
    internal static Process Start(string program, IReadOnlyList<string> arguments)
    {
        string[] user = s_isRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--reset-env"] : [];
        string[] all = [.. user, program, .. arguments];
        return Process.Start(new ProcessStartInfo(all[0], all[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/tmp",
        })!;
    }

    private static bool HasServer(string folder) => File.Exists(Path.Combine(folder, "initdb"));
}
