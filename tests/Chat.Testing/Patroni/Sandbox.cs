using System.Diagnostics;

namespace ErlChat.Testing.Patroni;

/// <summary>
/// A folder for programs that run as an unprivileged user. The programs are killed, and the folder goes, when this is disposed or this
/// process ends in whatever way.
/// </summary>
internal sealed class Sandbox : IDisposable
{
    // The shell waits for the end of its input, which comes with the end of this process. Patroni first, since it would start PostgreSQL
    // again. The children too: those that are stopped would not notice that their parent has gone.
    private const string Guard = """
        folder=$(mktemp -d /tmp/erlchat-ha-XXXXXX) || exit
        clean_up() {
          for file in "$folder"/*.pid "$folder"/*/data/postmaster.pid; do
            pid=$(head -n 1 "$file" 2> /dev/null) && grep -qs "$folder" "/proc/$pid/cmdline" || continue
            children=$(cat "/proc/$pid/task/$pid/children")
            kill -s KILL $pid $children 2> /dev/null
          done
          rm -rf "$folder" 2> /dev/null || { sleep 1; rm -rf "$folder"; }
        }
        trap clean_up EXIT
        trap '' INT TERM HUP
        echo "$folder"
        cat > /dev/null
        """;

    private const string Run = """
        echo $$ > "$1.pid"
        log=$1.log
        shift
        export LC_ALL=C.UTF-8
        exec "$@" >> "$log" 2>&1 < /dev/null
        """;

    private readonly Process _guard;

    private Sandbox(Process guard, string folder) => (_guard, Folder) = (guard, folder);

    /// <summary>The folder. Its path is short enough for sockets.</summary>
    internal string Folder { get; }

    internal static async Task<Sandbox> CreateAsync()
    {
        Process guard = PostgresPrograms.Start("/bin/sh", ["-c", Guard]);
        return await guard.StandardOutput.ReadLineAsync() is { } folder
            ? new Sandbox(guard, folder)
            : throw new IOException("There is no temporary folder: " + await guard.StandardError.ReadToEndAsync());
    }

    internal string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Makes a folder in the folder, which belongs to the user of the programs.</summary>
    internal Task AddFolderAsync(string name) => PostgresPrograms.RunAsync("/bin/mkdir", "-m", "700", PathOf(name));

    /// <summary>Writes a file, which belongs to the user of the programs.</summary>
    internal async Task AddFileAsync(string name, string text)
    {
        using Process writer = PostgresPrograms.Start("/bin/sh", ["-c", "cat > \"$0\"", PathOf(name)]);
        await writer.StandardInput.WriteAsync(text);
        writer.StandardInput.Close();
        await writer.WaitForExitAsync();
        if (writer.ExitCode != 0)
            throw new IOException($"{PathOf(name)}: {await writer.StandardError.ReadToEndAsync()}");
    }

    /// <summary>
    /// Starts a program that keeps running. Its name and the folder must be in its command line. What it says goes to the file
    /// <c>NAME.log</c>.
    /// </summary>
    internal Process Start(string name, params string[] command) =>
        PostgresPrograms.Start("/bin/sh", ["-c", Run, "sh", PathOf(name), .. command]);

    public void Dispose()
    {
        _guard.StandardInput.Close();
        _guard.WaitForExit();
        _guard.Dispose();
    }
}
