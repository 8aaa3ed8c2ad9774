using System.Globalization;

namespace ErlChat.Deploy.Systemd;

/// <summary>
/// A bare Debian with systemd running: a chroot that behaves like a machine, with separate namespaces for processes, mounts and control
/// groups. The network is this machine's. Disposing ends it and everything in it.
/// </summary>
internal sealed class Machine : IAsyncDisposable
{
    private readonly Chroot _debian;
    private readonly Running _running;
    private string _init = "";

    private Machine(Chroot debian, Running running) => (_debian, _running) = (debian, running);

    internal static async Task<Machine> BootAsync(Chroot debian)
    {
        await debian.RunAsync("apt-get update -qq && apt-get install -y -qq --no-install-recommends systemd systemd-sysv dbus");
        File.Delete(debian.PathOf("/usr/sbin/policy-rc.d"));
        string script = $"""
            set -e
            R='{debian.Root}'
            mount --bind "$R" "$R"
            mount -t proc proc "$R/proc"
            mount -t sysfs -o ro sysfs "$R/sys"
            mount -t cgroup2 cgroup2 "$R/sys/fs/cgroup"
            mount -t tmpfs tmpfs "$R/dev"
            mkdir "$R/dev/pts" "$R/dev/shm"
            for d in null zero full random urandom tty; do touch "$R/dev/$d"; mount --bind "/dev/$d" "$R/dev/$d"; done
            mount -t devpts -o newinstance,ptmxmode=0666 devpts "$R/dev/pts"
            ln -s pts/ptmx "$R/dev/ptmx"
            mount -t tmpfs tmpfs "$R/run"
            mount -t tmpfs tmpfs "$R/tmp"
            mkdir -p "$R/old"
            cd "$R"
            pivot_root . old
            umount -l /old
            exec env -i container=lxc PATH=/usr/sbin:/usr/bin /lib/systemd/systemd --system --log-target=journal
            """;
        string[] apart =
        [
            "unshare", "--mount", "--pid", "--uts", "--ipc", "--cgroup", "--fork", "--kill-child", "--propagation", "private",
        ];
        Running running = Running.Start([.. apart, "/bin/sh", "-c", script]);
        var machine = new Machine(debian, running);
        try
        {
            await running.UntilAsync(machine.IsUpAsync, "systemd is up", TimeSpan.FromMinutes(2));
            return machine;
        }
        catch
        {
            await machine.DisposeAsync();
            throw;
        }
    }

    internal string PathOf(string inside) => _debian.PathOf(inside);

    internal Task<(int Code, string Said)> TryAsync(string text) => Shell.TryAsync("nsenter",
        ["-t", _init, "-m", "-p", "-u", "-i", "-C", "env", "-i", .. Chroot.Environment, "/bin/sh", "-c", text]);

    internal async Task<string> RunAsync(string text)
    {
        (int code, string said) = await TryAsync(text);
        return code == 0 ? said.Trim() : throw new InvalidOperationException($"{text} ended with {code}:\n{said}");
    }

    /// <summary>One property of the service.</summary>
    internal Task<string> ShowAsync(string property) => RunAsync($"systemctl show --property={property} --value erlchat");

    public async ValueTask DisposeAsync()
    {
        // The first process of the namespace: when it ends, all others end too.
        if (_init.Length > 0)
            await Shell.TryAsync("kill", ["-KILL", _init]);
        await _running.DisposeAsync();
    }

    private async Task<bool> IsUpAsync()
    {
        // The chain of processes is timeout, unshare, systemd.
        (_, string unshare) = await Shell.TryAsync("pgrep", ["-P", _running.Id.ToString(CultureInfo.InvariantCulture)]);
        if (unshare.Trim().Length == 0)
            return false;
        (_, string init) = await Shell.TryAsync("pgrep", ["-P", unshare.Trim(), "-x", "systemd"]);
        _init = init.Trim();
        return _init.Length > 0 && (await TryAsync("systemctl is-system-running")).Said.Trim() is "running" or "degraded";
    }
}
