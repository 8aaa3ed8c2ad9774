using ErlChat.Testing.Patroni;

namespace ErlChat.Client.Tests.Nodes.Failover;

public sealed class PatroniExampleTests
{
    /// <summary>What <c>make soak</c> runs is the example in <c>deploy/cluster</c>, and not something that resembles it.</summary>
    [Fact]
    public void The_configuration_that_is_tested_is_the_example_with_other_addresses_folders_and_passwords()
    {
        string[] example = PatroniExample.Text.Split('\n');
        string[] tested = PatroniExample.For("db2", "/tmp/db2", 5001, 5002, 5003).Split('\n');
        string[] changed =
        [
            "name", "listen", "connect_address", "hosts", "use_proxies", "data_dir", "bin_dir", "pgpass", "unix_socket_directories",
            "- host erlchat erlchat 127.0.0.1/32 scram-sha-256", "- host replication replicator 127.0.0.1/32 scram-sha-256",
            "- host all rewinder 127.0.0.1/32 scram-sha-256", "username", "password", "mode",
        ];
        Assert.Empty(tested.Except(example).Select(line => line.Trim().Split(": ")[0]).Except(changed));
        Assert.Equal(example.Length + 1, tested.Length);
    }
}
