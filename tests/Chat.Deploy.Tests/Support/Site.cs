namespace ErlChat.Deploy;

/// <summary>
/// What all tests share and is created once, on first use: the published server, its package, a bare Debian. All are in one folder below
/// /tmp, which disposing deletes.
/// </summary>
public sealed class Site : IAsyncLifetime
{
    /// <summary>
    /// A tar of a bare Debian 12 to use instead of creating one with debootstrap. Saves time if you run these tests repeatedly.
    /// </summary>
    private const string DebianVariable = "ERLCHAT_DEBIAN_TAR";

    /// <summary>A folder that <c>make deb ARTIFACTS=…</c> has filled, to use instead of building the package.</summary>
    private const string ArtifactsVariable = "ERLCHAT_ARTIFACTS";

    internal const string NewerVersion = "99.0.1";

    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(20);

    private readonly Lazy<Task<string>> _package;
    private readonly Lazy<Task<string>> _newer;
    private readonly Lazy<Task<string>> _debian;

    public Site()
    {
        _package = new Lazy<Task<string>>(MakePackageAsync);
        _newer = new Lazy<Task<string>>(MakeNewerAsync);
        _debian = new Lazy<Task<string>>(MakeDebianAsync);
    }

    /// <summary>The folder for what the tests create.</summary>
    internal string Folder { get; } = Directory.CreateTempSubdirectory("erlchat-deploy-").FullName;

    /// <summary>The package of this version. The folder <c>publish</c> is next to it.</summary>
    internal Task<string> PackageAsync() => _package.Value;

    /// <summary>The same package with version <see cref="NewerVersion"/>.</summary>
    internal Task<string> NewerPackageAsync() => _newer.Value;

    /// <summary>The folder that <c>make publish RID=linux-x64</c> creates.</summary>
    internal async Task<string> PublishedAsync()
    {
        string package = await PackageAsync();
        return Path.Combine(Path.GetDirectoryName(package)!, "publish");
    }

    /// <summary>A tar of a bare Debian 12, with only the essential packages.</summary>
    internal Task<string> DebianAsync() => _debian.Value;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await Shell.RunAsync("rm", "-rf", "--one-file-system", Folder);

    private async Task<string> MakePackageAsync()
    {
        string artifacts = Environment.GetEnvironmentVariable(ArtifactsVariable) is { Length: > 0 } made
            ? made
            : Path.Combine(Folder, "artifacts");
        if (!Directory.Exists(artifacts))
            await RunLongAsync("make", "deb", "RID=linux-x64", "ARTIFACTS=" + artifacts);
        return Directory.GetFiles(artifacts, "erlchat_*.deb").Single();
    }

    private async Task<string> MakeNewerAsync()
    {
        await RunLongAsync(Repository.PathOf("deploy", "deb", "build.sh"), await PublishedAsync(), "linux-x64", NewerVersion, Folder);
        return Directory.GetFiles(Folder, $"erlchat_{NewerVersion}_*.deb").Single();
    }

    private async Task<string> MakeDebianAsync()
    {
        if (Environment.GetEnvironmentVariable(DebianVariable) is { Length: > 0 } made)
            return made;
        string root = Path.Combine(Folder, "debian");
        string tar = root + ".tar";
        await RunLongAsync("debootstrap", "--variant=minbase", "bookworm", root, "http://deb.debian.org/debian");
        await Shell.RunAsync("tar", "-C", root, "-cf", tar, ".");
        await Shell.RunAsync("rm", "-rf", "--one-file-system", root);
        return tar;
    }

    private static async Task RunLongAsync(string program, params string[] args)
    {
        (int code, string said) = await Shell.TryAsync(program, args, s_long);
        Assert.True(code == 0, said);
    }
}
