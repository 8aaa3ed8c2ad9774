using ErlChat.Deploy.Proxies;
using ErlChat.Testing;

namespace ErlChat.Deploy.Cluster;

/// <summary>nginx or haproxy in front of three nodes, configured with an example from <c>deploy/cluster</c>.</summary>
internal static class Balancer
{
    /// <summary>Writes the configuration of a balancer, and returns the program and its arguments.</summary>
    internal static async Task<string[]> CommandAsync(string kind, string folder, int port, IReadOnlyList<int> nodes)
    {
        Directory.CreateDirectory(folder);
        string certificate = await Proxy.CertificateAsync(folder);
        string name = kind == "nginx" ? "nginx.conf" : "haproxy.cfg";
        string example = await File.ReadAllTextAsync(Repository.PathOf("deploy", "cluster", name));
        for (int i = 0; i < nodes.Count; i++)
            example = example.With($"10.0.0.{i + 1}:8000", $"127.0.0.1:{nodes[i]}");
        string path = Path.Combine(folder, kind + ".conf");
        if (kind == "nginx")
        {
            example = example
                .With("listen 80;", $"listen 127.0.0.1:{Ports.Free()};")
                .With("listen 443 ssl http2;", $"listen 127.0.0.1:{port} ssl http2;")
                .With("/etc/ssl/certs/chat.example.pem", certificate)
                .With("/etc/ssl/private/chat.example.key", certificate);
            await File.WriteAllTextAsync(path, NginxConfiguration.Of(folder, example));
            return ["nginx", "-p", folder, "-c", path, "-e", Path.Combine(folder, "error.log")];
        }

        example = example
            .With("bind :80\n", $"bind 127.0.0.1:{Ports.Free()}\n")
            .With("bind :443 ", $"bind 127.0.0.1:{port} ")
            .With("/etc/haproxy/chat.example.pem", certificate);
        await File.WriteAllTextAsync(path, example);
        return ["haproxy", "-db", "-f", path];
    }

    /// <summary>Starts a balancer, and waits until it passes requests on.</summary>
    internal static async Task<(Running Process, Visitor Visitor)> StartAsync(string kind, string folder, IReadOnlyList<int> nodes)
    {
        int port = Ports.Free();
        Running process = Running.Start(await CommandAsync(kind, folder, port, nodes), folder);
        var visitor = new Visitor($"https://{Proxy.Host}", port, HttpVersion.Version20);
        await process.UntilAsync(() => ServerChecks.IsReadyAsync(visitor), $"{kind} passes requests on");
        return (process, visitor);
    }
}
