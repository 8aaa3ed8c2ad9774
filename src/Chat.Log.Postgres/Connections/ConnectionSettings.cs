using System.Globalization;
using Npgsql;

namespace ErlChat.Postgres.Connections;

/// <summary>Reads the operator's connection string, and writes the one for each host.</summary>
internal static class ConnectionSettings
{
    /// <summary>
    /// How long opening a connection may take, in seconds, password included. The other hosts are asked at the same time.
    /// </summary>
    private const int OpenSeconds = 2;

    /// <summary>
    /// What every session needs. The role or the database may have a statement timeout, and a commit that it cancels while it waits for the
    /// synchronous standby ends in success. The lock timeout bounds how long an append waits behind another node's that is stuck.
    /// </summary>
    private const string SessionOptions = "-c statement_timeout=0 -c lock_timeout=3s -c idle_in_transaction_session_timeout=60s";

    /// <summary>
    /// What is wrong with a connection string, as the rest of a sentence; null if nothing is. Never contains the string, which has the
    /// password.
    /// </summary>
    internal static string? ProblemOf(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return "is required with Log:Kind=Postgres, such as Host=db1,db2,db3;Username=chat;Password=…;Database=chat.";
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or InvalidCastException)
        {
            return "is not a connection string of Npgsql: Keyword=value;Keyword=value, with the keywords of its documentation.";
        }

        if (string.IsNullOrWhiteSpace(settings.Host))
            return "names no Host.";
        if (string.IsNullOrWhiteSpace(settings.Username))
            return "names no Username.";
        if (string.IsNullOrWhiteSpace(settings.Database))
            return "names no Database.";
        return HostsOf(settings).Any(host => host.Port is < 1 or > 65535 || host.Name.Length == 0)
            ? "names an invalid host or port."
            : null;
    }

    /// <summary>One connection string for each host.</summary>
    /// <param name="text">A valid connection string.</param>
    /// <param name="pooled">Whether connections are kept open for later callers.</param>
    internal static IReadOnlyList<NpgsqlConnectionStringBuilder> ForEachHost(string text, bool pooled)
    {
        var settings = new NpgsqlConnectionStringBuilder(text);
        string options = string.IsNullOrEmpty(settings.Options) ? SessionOptions : $"{settings.Options} {SessionOptions}";
        return
        [
            .. HostsOf(settings).Select(host => new NpgsqlConnectionStringBuilder(text)
            {
                Host = host.Name,
                Port = host.Port,
                Options = options,
                Pooling = pooled,
                MinPoolSize = 0,
                MaxPoolSize = pooled ? settings.MaxPoolSize : 1,
                Timeout = OpenSeconds,

                // Npgsql's timeout sends a cancel request: see Primary.
                CommandTimeout = 0,
                Enlist = false,

                // So that a connection that was given up ends although its host is gone.
                TcpKeepAlive = true,
                TcpKeepAliveTime = 5,
                TcpKeepAliveInterval = 2,
                Multiplexing = false,
                TargetSessionAttributes = null,
                LoadBalanceHosts = false,
                ApplicationName = settings.ApplicationName ?? "erlchat",
            }),
        ];
    }

    /// <summary>The host as operators know it.</summary>
    internal static string NameOf(NpgsqlConnectionStringBuilder host) =>
        string.Create(CultureInfo.InvariantCulture, $"{host.Host}:{host.Port}");

    /// <summary>A valid connection string for the operator, with its hosts and its database and without secrets.</summary>
    internal static string Describe(string text)
    {
        var settings = new NpgsqlConnectionStringBuilder(text);
        return $"{settings.Database} at {string.Join(", ", ForEachHost(text, pooled: false).Select(NameOf))}, user {settings.Username}";
    }

    private static IEnumerable<(string Name, int Port)> HostsOf(NpgsqlConnectionStringBuilder settings)
    {
        foreach (string host in settings.Host!.Split(',', StringSplitOptions.TrimEntries))
        {
            // The folder of a Unix socket, or an IPv6 address without a port, is a name as it stands.
            int colon = host.LastIndexOf(':');
            bool hasPort = colon > 0 && host[0] != '/'
                && (host.IndexOf(':', StringComparison.Ordinal) == colon || host[colon - 1] == ']');
            yield return hasPort
                ? (host[..colon], PortOf(host[(colon + 1)..]))
                : (host, settings.Port);
        }
    }

    private static int PortOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) ? port : 0;
}
