namespace ErlChat.Deploy.Containers;

/// <summary>
/// Images without a daemon, using Debian's buildah. No image registry is contacted. The Dockerfile's base images are made from the bare
/// Debian of these tests, and the one with the SDK uses this machine's SDK.
/// </summary>
internal sealed class Images(Site site)
{
    private const string Dotnet = "/usr/share/dotnet";

    private readonly string _store = Path.Combine(site.Folder, "images");

    /// <summary>Creates the two base images. Their names are to be passed to the Dockerfile as <c>BASE</c> and <c>SDK</c>.</summary>
    internal async Task<(string Base, string Sdk)> BaseAsync()
    {
        const string debian = "localhost/debian";
        const string sdk = "localhost/sdk";
        string empty = await NewContainerAsync("scratch");
        await RunAsync("add", "-q", empty, await site.DebianAsync(), "/");
        await RunAsync("commit", "-q", "--rm", empty, debian);
        string tools = await NewContainerAsync(debian);
        await RunAsync("run", "--isolation", "chroot", "--network", "host", tools, "--", "sh", "-c",
            "apt-get update -qq && apt-get install -y -qq --no-install-recommends ca-certificates libssl3 libstdc++6"
                + $" && ln -s {Dotnet}/dotnet /usr/bin/dotnet");
        await RunAsync(
            "config", "--env", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1", "--env", "DOTNET_CLI_TELEMETRY_OPTOUT=1",
            "--env", "DOTNET_NOLOGO=1", "--env", "SSL_CERT_DIR=/certificates",
            "--env", "SSL_CERT_FILE=/certificates/ca-certificates.crt", tools);
        await RunAsync("commit", "-q", "--rm", tools, sdk);
        return (debian, sdk);
    }

    /// <summary>Builds the Dockerfile of <c>deploy/</c>, unchanged.</summary>
    internal async Task BuildAsync(string image, string baseImage, string sdkImage)
    {
        string packages = Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "/root", ".nuget");
        await RunAsync(
            "bud", "--format", "docker", "--isolation", "chroot", "--network", "host",
            "--build-arg", "BASE=" + baseImage, "--build-arg", "SDK=" + sdkImage,
            "-v", $"{Dotnet}:{Dotnet}:ro", "-v", $"{packages}:/root/.nuget:ro", "-v", "/etc/ssl/certs:/certificates:ro",
            "-f", Repository.PathOf("deploy", "docker", "Dockerfile"), "-t", image, Repository.Root);
    }

    /// <summary>The image's configuration as JSON.</summary>
    internal Task<string> InspectAsync(string image) => RunAsync("inspect", "--type", "image", image);

    internal async Task<string> NewContainerAsync(string image) => (await RunAsync("from", image)).Trim();

    /// <summary>Runs a program in a container until it exits.</summary>
    internal Task<(int Code, string Said)> TryAsync(string container, params string[] args) =>
        Shell.TryAsync("buildah", Command(container, args)[1..]);

    /// <summary>The command line that runs a program in a container, as its user and with its environment.</summary>
    internal string[] Command(string container, params string[] args) =>
        ["buildah", .. Store, "run", "--isolation", "chroot", "--network", "host", container, "--", .. args];

    private string[] Store => ["--storage-driver", "vfs", "--root", _store, "--runroot", _store + "-run"];

    private async Task<string> RunAsync(params string[] args)
    {
        (int code, string said) = await Shell.TryAsync("buildah", [.. Store, .. args], TimeSpan.FromMinutes(15));
        return code == 0 ? said : throw new InvalidOperationException($"buildah {string.Join(' ', args)}:\n{said}");
    }
}
