namespace ErlChat.Deploy;

/// <summary>
/// A bare Debian in a folder. Whatever runs in it has a mount namespace of its own, so that nothing is ever mounted outside and nothing is
/// left to unmount, however the run ends.
/// The network is the machine's. Disposing removes the folder.
/// </summary>
internal sealed class Chroot : IAsyncDisposable
{
    /// <summary>The environment of what runs in it, whatever this process has.</summary>
    internal static readonly string[] Environment =
        ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"];

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

        // No package starts a service in a chroot.
        await File.WriteAllTextAsync(chroot.PathOf("/usr/sbin/policy-rc.d"), "#!/bin/sh\nexit 101\n");
        await Shell.RunAsync("chmod", "0755", chroot.PathOf("/usr/sbin/policy-rc.d"));
        return chroot;
    }

    /// <summary>Where a path in it is outside.</summary>
    internal string PathOf(string inside) => Root + inside;

    /// <summary>Lets what runs in it see a folder of this machine, read-only.</summary>
    internal void Show(string from, string to)
    {
        Directory.CreateDirectory(PathOf(to));
        _shown.Add((from, to));
    }

    /// <summary>The command line that runs a shell's text in it; it becomes that shell's process, so that signals reach it.</summary>
    internal string[] Command(string text)
    {
        string mounts = string.Concat(_shown.Select(one => $"mount --bind '{one.From}' '{PathOf(one.To)}' && mount -o remount,bind,ro '{PathOf(one.To)}' && "));
        string enter = $"mount -t proc proc '{Root}/proc' && mount --rbind /dev '{Root}/dev' && {mounts}exec chroot '{Root}' /bin/sh -c \"$0\"";
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
