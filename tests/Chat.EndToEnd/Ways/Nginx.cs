using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ErlChat.Testing;

namespace ErlChat.EndToEnd;

/// <summary>
/// Debian's nginx as a process of the test, in front of a server, configured as <c>docs/configuration.md</c> says. Disposing ends it.
/// </summary>
internal sealed class Nginx : IAsyncDisposable
{
    private const string Program = "/usr/sbin/nginx";

    private readonly Process _process;
    private readonly string _folder;

    private Nginx(Process process, string folder, int port) => (_process, _folder, Port) = (process, folder, port);

    internal int Port { get; }

    internal static Task<Nginx> StartAsync(Uri server) => RunAsync(Documented(server));

    /// <summary>Starts nginx with the chat below <c>/talk</c>, as <c>deploy/nginx</c> shows, but without https.</summary>
    /// <param name="strips">Whether nginx removes that path.</param>
    internal static Task<Nginx> StartBelowAsync(Uri server, bool strips)
    {
        string example = File.ReadAllText(Path.Combine(Repository(), "deploy", "nginx", "erlchat-below-a-path.conf"))
            .Replace("127.0.0.1:8000", server.Authority, StringComparison.Ordinal)
            .Replace("listen 443 ssl http2;", "listen 80;", StringComparison.Ordinal);
        if (strips)
            example = example.Replace("proxy_pass http://erlchat;", "proxy_pass http://erlchat/;", StringComparison.Ordinal);
        return RunAsync(string.Join('\n', example.Split('\n').Where(line => !line.Contains("ssl_certificate", StringComparison.Ordinal))));
    }

    private static async Task<Nginx> RunAsync(string servers)
    {
        Assert.True(File.Exists(Program), $"{Program} is missing: install Debian's package nginx-light (make test does, as root).");
        string folder = Directory.CreateTempSubdirectory("erlchat").FullName;
        int port = FreePort();
        string listening = servers.Replace(
            "listen 80;", $"listen 127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)};", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder, "nginx.conf"), NginxConfiguration.Of(folder, listening));
        var nginx = new Nginx(
            Commands.Start(
                Program, "-p", folder, "-c", Path.Combine(folder, "nginx.conf"), "-e", Path.Combine(folder, "error.log")),
            folder,
            port);
        try
        {
            await Eventually.BeTrueAsync(() => Answers(port), what: "nginx listens");
            return nginx;
        }
        catch
        {
            await nginx.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync().WithinAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool Answers(int port)
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The configuration from the documentation, with this server in it.</summary>
    private static string Documented(Uri server)
    {
        string docs = File.ReadAllText(Path.Combine(Repository(), "docs", "configuration.md"));
        const string begin = "```nginx\n";
        int start = docs.IndexOf(begin, StringComparison.Ordinal);
        Assert.True(start >= 0, "docs/configuration.md shows no configuration of nginx.");
        start += begin.Length;
        return docs[start..docs.IndexOf("```", start, StringComparison.Ordinal)]
            .Replace("127.0.0.1:8000", server.Authority, StringComparison.Ordinal);
    }

    private static string Repository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !Directory.Exists(Path.Combine(folder.FullName, "docs")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("docs");
    }
}
