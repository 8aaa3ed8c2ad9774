using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace ErlChat.Testing.Patroni;

/// <summary>
/// One etcd and three PostgreSQL under Patroni on loopback, with the configuration of <c>deploy/cluster/patroni.yml</c>, an empty database
/// and a role that owns it. Everything stops, and the files go, when this is disposed or this process ends in whatever way.
/// </summary>
/// <remarks>Not thread-safe.</remarks>
public sealed class PatroniCluster : IAsyncDisposable
{
    /// <summary>The name of the role and of its database, as in the example.</summary>
    private const string Owner = "erlchat";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    private readonly Sandbox _sandbox;
    private readonly List<PatroniMember> _members = [];
    private Process? _etcd;

    private PatroniCluster(Sandbox sandbox) => _sandbox = sandbox;

    /// <summary>The members <c>db1</c> to <c>db3</c>.</summary>
    public IReadOnlyList<PatroniMember> Members => _members;

    /// <summary>A connection string that names all members, as Npgsql reads it.</summary>
    public string Connection =>
        $"Host={string.Join(',', _members.Select(member => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{member.Port}")))};"
        + $"Username={Owner};Password={PatroniExample.Password};Database={Owner}";

    /// <summary>Starts everything, and waits until there are a primary and two standbys.</summary>
    public static async Task<PatroniCluster> StartAsync()
    {
        foreach (string program in (string[])["/usr/bin/patroni", "/usr/bin/etcd"])
        {
            if (!File.Exists(program))
                throw new InvalidOperationException($"{program} is missing: apt-get install patroni etcd-server python3-etcd.");
        }

        var cluster = new PatroniCluster(await Sandbox.CreateAsync());
        try
        {
            await cluster.StartAllAsync();
            return cluster;
        }
        catch (Exception e)
        {
            IEnumerable<string> ends = cluster.Logs().Select(log => $"{log.Name}:\n{log.Text[Math.Max(0, log.Text.Length - 3000)..]}");
            string said = string.Join("\n\n", ends);
            await cluster.DisposeAsync();
            throw new InvalidOperationException($"Patroni does not start.\n{said}", e);
        }
    }

    /// <summary>The member that is the primary. Waits until there is exactly one.</summary>
    public async Task<PatroniMember> PrimaryAsync()
    {
        PatroniMember? primary = null;
        await UntilAsync(async () => (primary = await FindPrimaryAsync()) is not null, "a primary");
        return primary!;
    }

    /// <summary>Waits until another member is the primary.</summary>
    public Task ReplacedAsync(PatroniMember primary) =>
        UntilAsync(async () => await FindPrimaryAsync() is { } now && now != primary, "another primary");

    /// <summary>Waits until one member is the primary, and the others follow it, one of them as its synchronous standby.</summary>
    public Task HealthyAsync() => UntilAsync(
        async () => await FindPrimaryAsync() is { } primary
            && await primary.TryGetAsync("cluster") is (HttpStatusCode.OK, var text)
            && IsHealthy(primary, text),
        "a primary with two standbys");

    /// <summary>A planned change of the primary.</summary>
    public async Task SwitchOverAsync() => await (await PrimaryAsync()).HandOverAsync();

    /// <summary>What the programs have said so far.</summary>
    public IEnumerable<(string Name, string Text)> Logs() =>
        Directory.EnumerateFiles(_sandbox.Folder, "*.log").Order().Select(file => (Path.GetFileName(file), File.ReadAllText(file)));

    public async ValueTask DisposeAsync()
    {
        foreach (PatroniMember member in _members)
            await member.DisposeAsync();
        _etcd?.Dispose();
        _sandbox.Dispose();
    }

    private static bool IsHealthy(PatroniMember primary, string cluster)
    {
        using var document = JsonDocument.Parse(cluster);
        JsonElement[] members = [.. document.RootElement.GetProperty("members").EnumerateArray()];
        JsonElement leader = members.FirstOrDefault(member => Text(member, "name") == primary.Name && Text(member, "role") == "leader");
        return members.Length == 3
            && leader.ValueKind == JsonValueKind.Object
            && leader.TryGetProperty("timeline", out JsonElement timeline)
            && members.Count(member => Text(member, "role") == "sync_standby") == 1
            && members.All(member => Text(member, "state") is "running" or "streaming"
                && member.TryGetProperty("timeline", out JsonElement own) && own.GetInt32() == timeline.GetInt32());
    }

    private static string? Text(JsonElement member, string name) => member.GetProperty(name).GetString();

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > s_patience)
                throw new TimeoutException($"Not within {s_patience}: {what}");
            await Task.Delay(s_look, TimeProvider.System);
        }
    }

    private async Task StartAllAsync()
    {
        int port = await StartEtcdAsync();
        for (int i = 1; i <= 3; i++)
            _members.Add(await PatroniMember.CreateAsync(_sandbox, $"db{i}", port));
        foreach (PatroniMember member in _members)
            member.Start();
        await HealthyAsync();
        PatroniMember primary = await PrimaryAsync();
        await PsqlAsync(primary, $"CREATE ROLE {Owner} LOGIN PASSWORD '{PatroniExample.Password}'");
        await PsqlAsync(primary, $"CREATE DATABASE {Owner} OWNER {Owner}");
    }

    private async Task<int> StartEtcdAsync()
    {
        int port = LoopbackPort.Free();
        string address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        string peers = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}");
        _etcd = _sandbox.Start(
            "etcd",
            "etcd",
            "--name=etcd1",
            $"--data-dir={_sandbox.PathOf("etcd")}",
            $"--listen-client-urls={address}",
            $"--advertise-client-urls={address}",
            $"--listen-peer-urls={peers}",
            $"--initial-advertise-peer-urls={peers}",
            $"--initial-cluster=etcd1={peers}",
            "--enable-v2=true");
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        await UntilAsync(
            async () =>
            {
                try
                {
                    return (await http.GetStringAsync(new Uri("health", UriKind.Relative))).Contains("true", StringComparison.Ordinal);
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "etcd");
        return port;
    }

    private async Task<PatroniMember?> FindPrimaryAsync()
    {
        bool[] answers = await Task.WhenAll(_members.Select(member => member.IsPrimaryAsync()));
        return answers.Count(isPrimary => isPrimary) == 1 ? _members[Array.IndexOf(answers, true)] : null;
    }

    /// <summary>Runs SQL as the superuser, over the socket.</summary>
    private static Task<string> PsqlAsync(PatroniMember member, string sql) => PostgresPrograms.RunAsync(
        "psql",
        "-X",
        "-q",
        "-v",
        "ON_ERROR_STOP=1",
        "-h",
        member.Folder,
        "-p",
        member.Port.ToString(CultureInfo.InvariantCulture),
        "-d",
        "postgres",
        "-c",
        sql);
}
