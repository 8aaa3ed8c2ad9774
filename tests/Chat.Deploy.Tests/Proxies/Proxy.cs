using ErlChat.Testing;

namespace ErlChat.Deploy.Proxies;

/// <summary>One of Debian's proxies in front of a server, configured with an example from <c>deploy/</c>.</summary>
internal sealed class Proxy : IAsyncDisposable
{
    internal const string Host = "chat.example";

    private readonly Running _process;

    private Proxy(Running process, int port) => (_process, Port) = (process, port);

    /// <summary>Its port for https.</summary>
    internal int Port { get; }

    internal string Said => _process.Said;

    /// <param name="kind">nginx, caddy or haproxy.</param>
    /// <param name="folder">The folder for its files.</param>
    /// <param name="server">The port of the server.</param>
    /// <param name="below">Whether the chat is below /talk.</param>
    /// <param name="strips">Whether the proxy then removes /talk, as the comment in the example describes.</param>
    internal static async Task<Proxy> StartAsync(string kind, string folder, int server, bool below, bool strips)
    {
        Directory.CreateDirectory(folder);
        string certificate = await CertificateAsync(folder);
        int port = Ports.Free();
        string[] command = kind switch
        {
            "nginx" => await NginxAsync(folder, certificate, port, server, below, strips),
            "caddy" => await CaddyAsync(folder, certificate, port, server, below, strips),
            "haproxy" => await HaproxyAsync(folder, certificate, port, server, strips),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such proxy."),
        };
        Running process = Running.Start(command, folder, ("HOME", folder), ("XDG_DATA_HOME", folder), ("XDG_CONFIG_HOME", folder));
        var proxy = new Proxy(process, port);
        try
        {
            using var visitor = new Visitor($"https://{Host}", port);
            await process.UntilAsync(() => IsThereAsync(visitor), $"{kind} listens");
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<bool> IsThereAsync(Visitor visitor)
    {
        try
        {
            (await visitor.GetAsync("/")).Dispose();
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<string[]> NginxAsync(string folder, string certificate, int port, int server, bool below, bool strips)
    {
        string example = Example("nginx", below ? "erlchat-below-a-path.conf" : "erlchat.conf")
            .Replace("listen 80;", $"listen 127.0.0.1:{Ports.Free()};", StringComparison.Ordinal)
            .With("listen 443 ssl http2;", $"listen 127.0.0.1:{port} ssl http2;")
            .With("/etc/ssl/certs/chat.example.pem", certificate)
            .With("/etc/ssl/private/chat.example.key", certificate)
            .With("127.0.0.1:8000", $"127.0.0.1:{server}");
        if (strips)
            example = example.With("proxy_pass http://erlchat;", "proxy_pass http://erlchat/;");
        string path = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(path, NginxConfiguration.Of(folder, example));
        return ["nginx", "-p", folder, "-c", path, "-e", Path.Combine(folder, "error.log")];
    }

    private static async Task<string[]> CaddyAsync(string folder, string certificate, int port, int server, bool below, bool strips)
    {
        string example = Example("caddy", below ? "Caddyfile-below-a-path" : "Caddyfile")
            .With("\nchat.example {\n", $"\nhttps://chat.example:{port} {{\n\tbind 127.0.0.1\n\ttls {certificate} {certificate}\n")
            .With("127.0.0.1:8000", $"127.0.0.1:{server}");
        if (strips)
            example = example.With("\thandle /talk/*", "\thandle_path /talk/*");
        string path = Path.Combine(folder, "Caddyfile");
        await File.WriteAllTextAsync(path, "{\n\tadmin off\n\tauto_https off\n}\n" + example);
        return ["caddy", "run", "--config", path, "--adapter", "caddyfile"];
    }

    private static async Task<string[]> HaproxyAsync(string folder, string certificate, int port, int server, bool strips)
    {
        string example = Example("haproxy", "haproxy.cfg")
            .With("bind :80\n", $"bind 127.0.0.1:{Ports.Free()}\n")
            .With("bind :443 ", $"bind 127.0.0.1:{port} ")
            .With("/etc/haproxy/chat.example.pem", certificate)
            .With("127.0.0.1:8000", $"127.0.0.1:{server}");
        if (strips)
            example = example.With("\nbackend erlchat\n", "\nbackend erlchat\n  http-request replace-path /talk(/.*) \\1\n");
        string path = Path.Combine(folder, "haproxy.cfg");
        await File.WriteAllTextAsync(path, example);
        return ["haproxy", "-db", "-f", path];
    }

    private static string Example(string kind, string name) => File.ReadAllText(Repository.PathOf("deploy", kind, name));

    /// <summary>A certificate and its key in one file.</summary>
    internal static async Task<string> CertificateAsync(string folder)
    {
        string both = Path.Combine(folder, "chat.example.pem");
        string key = Path.Combine(folder, "key.pem");
        await Shell.RunAsync(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
            "-subj", $"/CN={Host}", "-addext", $"subjectAltName=DNS:{Host}", "-out", both, "-keyout", key);
        await File.AppendAllTextAsync(both, await File.ReadAllTextAsync(key));
        return both;
    }
}

internal static class TextChanges
{
    /// <summary>Replaces a text that must be present.</summary>
    internal static string With(this string text, string old, string now)
    {
        Assert.Contains(old, text, StringComparison.Ordinal);
        return text.Replace(old, now, StringComparison.Ordinal);
    }
}
