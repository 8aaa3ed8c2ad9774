using System.Globalization;

namespace ErlChat.Testing.Patroni;

/// <summary>
/// The example <c>deploy/cluster/patroni.yml</c>, with addresses, folders and passwords of a member that runs on this machine. Everything
/// else is as in the example.
/// </summary>
public static class PatroniExample
{
    internal const string Password = "chat-pw";

    /// <summary>The example as it is.</summary>
    public static string Text { get; } = Read();

    /// <summary>The configuration of a member.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="folder">The folder for its data and its sockets.</param>
    /// <param name="port">PostgreSQL's port.</param>
    /// <param name="apiPort">The port of Patroni's REST API.</param>
    /// <param name="etcdPort">The port where it reaches etcd.</param>
    public static string For(string name, string folder, int port, int apiPort, int etcdPort)
    {
        string text = Text;
        foreach ((string from, string to) in ((string, string)[])
        [
            ("name: db1\n", $"name: {name}\n"),
            ("10.0.0.11:8008", Local(apiPort)),

            // Otherwise Patroni asks etcd for its own addresses, and then goes past the relay.
            ("hosts: [10.0.0.11:2379, 10.0.0.12:2379, 10.0.0.13:2379]\n", $"hosts: [{Local(etcdPort)}]\n  use_proxies: true\n"),
            ("10.0.0.11:5432", Local(port)),
            ("10.0.0.0/24", "127.0.0.1/32"),
            ("/var/lib/postgresql/15/erlchat", $"{folder}/data"),
            ("/usr/lib/postgresql/15/bin", PostgresPrograms.Folder),
            ("/run/postgresql/erlchat.pgpass", $"{folder}/pgpass"),
            ("unix_socket_directories: /run/postgresql", $"unix_socket_directories: {folder}"),
            ("username: postgres\n", $"username: {PostgresPrograms.User}\n"),
            ("CHANGE THIS", Password),

            // The machine's watchdog would reset the machine.
            ("mode: automatic\n", "mode: \"off\"\n"),
        ])
        {
            if (!text.Contains(from, StringComparison.Ordinal))
                throw new InvalidOperationException($"deploy/cluster/patroni.yml has no '{from.Trim()}'.");
            text = text.Replace(from, to, StringComparison.Ordinal);
        }

        return text.Contains("10.0.0.", StringComparison.Ordinal)
            ? throw new InvalidOperationException("deploy/cluster/patroni.yml has an address that this test does not know.")
            : text;
    }

    private static string Read()
    {
        using Stream example = typeof(PatroniExample).Assembly.GetManifestResourceStream("patroni.yml")!;
        using var reader = new StreamReader(example);
        return reader.ReadToEnd();
    }

    private static string Local(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
}
