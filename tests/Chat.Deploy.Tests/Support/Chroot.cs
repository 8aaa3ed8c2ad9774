namespace ErlChat.Deploy;

/// <summary>
/// A bare Debian in a folder. Every program in it runs in a separate mount namespace, so nothing is ever mounted outside and nothing needs
/// to be unmounted, however the run ends. The network is the machine's. Disposing deletes the folder.
/// </summary>
internal sealed class Chroot : IAsyncDisposable
{
    /// <summary>The environment of programs in the chroot, independent of this process's environment.</summary>
    internal static readonly string[] Environment =
        [
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8",
            "DEBIAN_FRONTEND=noninteractive",
        ];

    private readonly List<(string From, string To)> _shown = [];

    private Chroot(string root) => Root = root;

    internal string Root { get; }

    internal static async Task<Chroot> CreateAsync(Site site)
    {
        string tar = await site.DebianAsync();
        var chroot = new Chroot(Directory.CreateDirectory(Path.Combine(site.Folder, Path.GetRandomFileName())).FullName);
        await Shell.RunAsync("chmod", "0755", chroot.Root);
        await Shell.RunAsync("tar", "-C", chroot.Root, "-xf", tar);
        File.Copy("/etc/resolv.conf", chroot.PathOf("/etc/resolv.conf"), overwrite: true);

        // Keeps packages from starting services in the chroot.
        await File.WriteAllTextAsync(chroot.PathOf("/usr/sbin/policy-rc.d"), "#!/bin/sh\nexit 101\n");
        await Shell.RunAsync("chmod", "0755", chroot.PathOf("/usr/sbin/policy-rc.d"));
        return chroot;
    }

    /// <summary>The path, outside the chroot, of a path inside it.</summary>
    internal string PathOf(string inside) => Root + inside;

    /// <summary>Makes a folder of this machine visible in the chroot, read-only.</summary>
    internal void Show(string from, string to)
    {
        Directory.CreateDirectory(PathOf(to));
        _shown.Add((from, to));
    }

    /// <summary>
    /// The command line that runs a shell script in the chroot. The process becomes that shell, so that signals reach it.
    /// </summary>
    internal string[] Command(string text)
    {
        string mounts = string.Concat(
            _shown.Select(one => $"mount --bind '{one.From}' '{PathOf(one.To)}' && mount -o remount,bind,ro '{PathOf(one.To)}' && "));
        string enter =
            $"mount -t proc proc '{Root}/proc' && mount --rbind /dev '{Root}/dev' && {mounts}exec chroot '{Root}' /bin/sh -c \"$0\"";
        return ["unshare", "--mount", "--propagation", "private", "env", "-i", .. Environment, "/bin/sh", "-c", enter, text];
    }

    internal async Task<string> RunAsync(string text)
    {
        string[] command = Command(text);
        return await Shell.RunAsync(command[0], command[1..]);
    }

    internal Task<(int Code, string Said)> TryAsync(string text, TimeSpan? limit = null)
    {
        string[] command = Command(text);
        return Shell.TryAsync(command[0], command[1..], limit);
    }

    public async ValueTask DisposeAsync() => await Shell.RunAsync("rm", "-rf", "--one-file-system", Root);
}
