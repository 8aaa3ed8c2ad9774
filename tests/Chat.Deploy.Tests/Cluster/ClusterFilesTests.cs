using System.Text.Json;
using ErlChat.Deploy.Proxies;
using ErlChat.Testing;

namespace ErlChat.Deploy.Cluster;

/// <summary>The examples in <c>deploy/cluster</c> are valid, and fit together.</summary>
public sealed class ClusterFilesTests(Site site)
{
    private static readonly string s_unit = File.ReadAllText(FileOf("erlchat@.service"));

    [Theory]
    [InlineData("nginx", "-t")]
    [InlineData("haproxy", "-c")]
    public async Task The_balancer_accepts_its_configuration(string kind, string check)
    {
        string[] command = await Balancer.CommandAsync(kind, Folder(), Ports.Free(), [8001, 8002, 8003]);
        (int code, string said) = await Shell.TryAsync(command[0], [check, .. command[1..].Where(part => part != "-db")]);
        Assert.True(code == 0 && !said.Contains("warn", StringComparison.OrdinalIgnoreCase), said);
    }

    /// <summary>Both nginx configurations have the same rules for repeating requests.</summary>
    [Fact]
    public async Task Nginx_accepts_the_configuration_of_compose()
    {
        string folder = Folder();
        string path = Path.Combine(folder, "nginx.conf");
        string example = await File.ReadAllTextAsync(FileOf("compose.nginx.conf"));
        string others = await File.ReadAllTextAsync(FileOf("nginx.conf"));
        foreach (string rule in example.Split('\n').Where(line => line.StartsWith("    proxy_", StringComparison.Ordinal)))
            Assert.Contains(rule + '\n', others, StringComparison.Ordinal);

        // The names exist only inside of compose.
        example = example.With("node1:", "127.0.0.1:").With("node2:", "127.0.0.1:").With("node3:", "127.0.0.1:");
        await File.WriteAllTextAsync(path, NginxConfiguration.Of(folder, example));
        (int code, string said) = await Shell.TryAsync("nginx", ["-t", "-p", folder, "-c", path, "-e", Path.Combine(folder, "error.log")]);
        Assert.True(code == 0, said);
    }

    [Fact]
    public async Task Compose_runs_three_nodes_that_share_a_database_and_a_cookie()
    {
        JsonElement compose = await YamlAsync("compose.yaml");
        JsonElement services = compose.GetProperty("services");
        string[] nodes = [.. services.EnumerateObject().Select(service => service.Name)
            .Where(name => name.StartsWith("node", StringComparison.Ordinal))];
        Assert.Equal(["node1", "node2", "node3"], nodes);
        string address = services.GetProperty("balancer").GetProperty("networks").GetProperty("default")
            .GetProperty("ipv4_address").GetString()!;
        string balancer = await File.ReadAllTextAsync(FileOf("compose.nginx.conf"));
        foreach (string node in nodes)
        {
            JsonElement environment = services.GetProperty(node).GetProperty("environment");
            string Setting(string name) => environment.GetProperty(name).GetString()!;
            Assert.Equal("Postgres", Setting("Log__Kind"));
            Assert.Equal((node, $"http://{node}:8000"), (Setting("Node__Name"), Setting("Node__Address")));
            Assert.Equal(address, Setting("Chat__TrustedProxies"));
            Assert.StartsWith("Host=database;", Setting("Log__Connection"), StringComparison.Ordinal);
            Assert.Equal("${ERLCHAT_NODE_COOKIE:?}", Setting("Node__Cookie"));
            Assert.Contains($"server {node}:8000 ", balancer, StringComparison.Ordinal);
            Assert.True(services.GetProperty(node).GetProperty("read_only").GetBoolean());
        }
    }

    /// <summary>Each of these was found necessary by killing, freezing and cutting off databases.</summary>
    [Fact]
    public async Task The_example_for_Patroni_loses_nothing_that_was_acknowledged()
    {
        JsonElement patroni = await YamlAsync("patroni.yml");
        JsonElement cluster = patroni.GetProperty("bootstrap").GetProperty("dcs");
        Assert.True(cluster.GetProperty("synchronous_mode").GetBoolean());
        Assert.True(cluster.GetProperty("synchronous_mode_strict").GetBoolean());
        Assert.True(cluster.GetProperty("failsafe_mode").GetBoolean());
        Assert.Equal(0, cluster.GetProperty("primary_start_timeout").GetInt32());
        JsonElement parameters = cluster.GetProperty("postgresql").GetProperty("parameters");
        Assert.Equal("on", parameters.GetProperty("synchronous_commit").GetString());
        Assert.Equal("on", parameters.GetProperty("wal_log_hints").GetString());
        Assert.Equal("500ms", parameters.GetProperty("wal_retrieve_retry_interval").GetString());
        Assert.Equal(0, parameters.GetProperty("statement_timeout").GetInt32());
        Assert.Equal(3, patroni.GetProperty("etcd").GetProperty("hosts").GetArrayLength());
    }

    [Fact]
    public async Task Systemd_accepts_the_unit_of_a_node()
    {
        string unit = Path.Combine(Folder(), "erlchat@node1.service");
        await File.WriteAllTextAsync(unit, s_unit.With("/usr/lib/erlchat/Chat.Web", "/bin/true"));
        (int code, string said) = await Shell.TryAsync("systemd-analyze", ["verify", "--man=no", unit]);
        Assert.True(code == 0 && !said.Contains("erlchat@", StringComparison.Ordinal), said);
    }

    /// <summary>A node has the restrictions of the service of a single server.</summary>
    [Fact]
    public void The_unit_of_a_node_differs_only_in_its_names()
    {
        string[] own = ["Description=", "After=", "EnvironmentFile=", "Environment=", "WorkingDirectory=", "StateDirectory="];
        string[] SettingsOf(string unit) => [.. unit.Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#' && !own.Any(name => line.StartsWith(name, StringComparison.Ordinal)))];
        string single = File.ReadAllText(Repository.PathOf("deploy", "systemd", "erlchat.service"));
        Assert.Equal(SettingsOf(single), SettingsOf(s_unit));
        Assert.Contains("Node__Name=%i\n", s_unit, StringComparison.Ordinal);
        Assert.Contains("StateDirectory=erlchat-%i\n", s_unit, StringComparison.Ordinal);
    }

    private static string FileOf(string name) => Repository.PathOf("deploy", "cluster", name);

    private string Folder() => Directory.CreateDirectory(Path.Combine(site.Folder, Path.GetRandomFileName())).FullName;

    /// <summary>A YAML file, with its anchors resolved.</summary>
    private static async Task<JsonElement> YamlAsync(string name)
    {
        string json = await Shell.RunAsync(
            "python3", "-c", "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))", FileOf(name));
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
