using System.Diagnostics;
using System.Globalization;

namespace ErlChat.Testing;

/// <summary>
/// A PostgreSQL server of its own for tests and measurements, on loopback. It stops, and its files go, when this process ends in whatever
/// way.
/// </summary>
/// <remarks>Thread-safe. The load tool (bench/Chat.Load) compiles this file too.</remarks>
public sealed class PostgresServer : IDisposable
{
    private const string Password = "chat-pw";

    // PostgreSQL does not run as root. The shell waits for the end of its input, which comes with the end of this process. Ctrl-C in a
    // terminal reaches the shell too, which must not end before it has stopped the server.
    private const string Run = """
        set -e
        trap '' HUP INT TERM
        folder=$(mktemp -d /tmp/erlchat-pg-XXXXXX)
        trap '"$1/pg_ctl" -D "$folder/data" -m immediate -s stop 2> /dev/null; rm -rf "$folder"' EXIT
        echo chat-pw > "$folder/pw"
        "$1/initdb" -D "$folder/data" -U postgres -A scram-sha-256 --pwfile="$folder/pw" \
            -E UTF8 --locale=C --no-sync > "$folder/initdb.log"
        cat >> "$folder/data/postgresql.conf" <<END
        port = $2
        listen_addresses = '127.0.0.1'
        unix_socket_directories = '$folder'
        shared_buffers = $4
        max_connections = 200
        fsync = $3
        full_page_writes = $3
        END
        "$1/pg_ctl" -D "$folder/data" -l "$folder/log" -s -w start
        echo "$folder"
        cat > /dev/null
        """;

    private static readonly Lazy<Task<PostgresServer>> s_shared = new(() => StartAsync());

    private readonly Process _shell;
    private readonly string _folder;

    private PostgresServer(Process shell, string folder, int port) => (_shell, _folder, Port) = (shell, folder, port);

    /// <summary>The server that tests share, started by the first one. Each test makes a database of its own.</summary>
    public static Task<PostgresServer> Shared => s_shared.Value;

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The process that has started all of the server's others.</summary>
    public int ProcessId => int.Parse(File.ReadLines(_folder + "/data/postmaster.pid").First(), CultureInfo.InvariantCulture);

    /// <summary>Starts a server; its superuser is <c>postgres</c>, with the password of <see cref="ConnectionTo"/>.</summary>
    /// <param name="isReal">
    /// Whether it does what a server in use does, for measurements: wait for the disk at each commit, and use as much memory as by default.
    /// </param>
    public static async Task<PostgresServer> StartAsync(bool isReal = false)
    {
        int port = LoopbackPort.Free();
        string[] settings = [port.ToString(CultureInfo.InvariantCulture), isReal ? "on" : "off", isReal ? "128MB" : "32MB"];
        Process shell = PostgresPrograms.Start("/bin/sh", ["-c", Run, "sh", PostgresPrograms.Folder, .. settings]);
        string? folder = await shell.StandardOutput.ReadLineAsync();
        if (folder is null)
            throw new InvalidOperationException("PostgreSQL does not start: " + await shell.StandardError.ReadToEndAsync());
        return new PostgresServer(shell, folder, port);
    }

    /// <summary>A connection string as Npgsql reads it.</summary>
    public string ConnectionTo(string database) => string.Create(
        CultureInfo.InvariantCulture,
        $"Host=127.0.0.1;Port={Port};Username=postgres;Password={Password};Database={database}");

    /// <summary>Makes a database with a name of its own, and returns that name.</summary>
    /// <param name="template">The database that it is a copy of.</param>
    public async Task<string> CreateDatabaseAsync(string template = "template0")
    {
        string name = "chat_" + Guid.NewGuid().ToString("N");
        await PsqlAsync($"CREATE DATABASE {name} TEMPLATE {template}");
        return name;
    }

    /// <summary>Runs SQL as the superuser, outside any connection of the test.</summary>
    /// <returns>What it selects: a line for each row, without a heading.</returns>
    public Task<string> PsqlAsync(string sql, string database = "postgres")
    {
        string server = string.Create(CultureInfo.InvariantCulture, $"postgresql://postgres:{Password}@127.0.0.1:{Port}/{database}");
        return PostgresPrograms.RunAsync("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", server, "-c", sql);
    }

    /// <summary>Stops the server. Connections are cut.</summary>
    /// <param name="mode"><c>fast</c>, or <c>immediate</c> for what a crash leaves behind.</param>
    public Task StopAsync(string mode = "fast") =>
        PostgresPrograms.RunAsync("pg_ctl", "-D", _folder + "/data", "-m", mode, "-s", "-w", "stop");

    /// <summary>Starts it again after <see cref="StopAsync"/>, on the same port.</summary>
    public Task StartAgainAsync() =>
        PostgresPrograms.RunAsync("pg_ctl", "-D", _folder + "/data", "-l", _folder + "/log", "-s", "-w", "start");

    public void Dispose()
    {
        _shell.StandardInput.Close();
        _shell.WaitForExit();
        _shell.Dispose();
    }
}
