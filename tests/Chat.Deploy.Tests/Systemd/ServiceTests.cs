namespace ErlChat.Deploy.Systemd;

/// <summary>The package's service under a real systemd, with all restrictions of the unit.</summary>
public sealed class ServiceTests(Site site, ITestOutputHelper output)
{
    [Fact]
    public async Task The_service_starts_serves_is_restarted_when_it_dies_or_hangs_and_stops()
    {
        string package = await site.PackageAsync();
        await using Chroot debian = await Chroot.CreateAsync(site);
        File.Copy(package, debian.PathOf("/erlchat.deb"));
        int port = Ports.Free();
        await using Machine machine = await Machine.BootAsync(debian);

        // The port is configured before the package is installed, so that the very first start does not conflict with another server on
        // this machine.
        Directory.CreateDirectory(machine.PathOf("/etc/systemd/system/erlchat.service.d"));
        await File.WriteAllTextAsync(
            machine.PathOf("/etc/systemd/system/erlchat.service.d/test.conf"),
            $"[Service]\nEnvironment=Urls=http://127.0.0.1:{port} Peer__Port=0\nWatchdogSec=8s\n");
        await machine.RunAsync("apt-get install -y -qq --no-install-recommends /erlchat.deb");
        await WaitAsync(machine, "active");
        Assert.Equal("notify", await machine.ShowAsync("Type"));
        Assert.Equal("enabled", await machine.RunAsync("systemctl is-enabled erlchat"));
        output.WriteLine(await machine.RunAsync("journalctl -u erlchat --no-pager -o cat | head -20"));

        using var alice = new Visitor($"http://localhost:{port}", port);
        await alice.EnterAsync("alice");
        await alice.SayAsync("before it died");
        string first = await machine.ShowAsync("MainPID");
        Assert.Equal("erlchat", await machine.RunAsync($"stat -c %U /proc/{first}"));
        Assert.Equal("2", await machine.RunAsync($"sed -n 's/^Seccomp:\\t//p' /proc/{first}/status"));

        // The server is killed.
        await machine.RunAsync($"kill -KILL {first}");
        string second = await NextAsync(machine, port, first);
        Assert.Contains("before it died", await alice.HistoryAsync(), StringComparison.Ordinal);

        // The server hangs.
        await alice.SayAsync("before it stood still");
        await machine.RunAsync($"kill -STOP {second}");
        string third = await NextAsync(machine, port, second);
        Assert.Contains("before it stood still", await alice.HistoryAsync(), StringComparison.Ordinal);
        Assert.Contains("watchdog", await machine.RunAsync("journalctl -u erlchat --no-pager -o cat"), StringComparison.OrdinalIgnoreCase);

        // It keeps running without a restart, and stops when it is told to.
        Assert.Equal(third, await machine.ShowAsync("MainPID"));
        await machine.RunAsync("systemctl stop erlchat");
        Assert.Equal("success", await machine.ShowAsync("Result"));
        Assert.Equal("0", await machine.ShowAsync("ExecMainStatus"));

        // Removed and installed again, it serves again. Previously it stayed off, because to a package, settings that are still there look
        // like an upgrade.
        await machine.RunAsync("apt-get remove -y -qq erlchat");
        await machine.RunAsync("apt-get install -y -qq --no-install-recommends /erlchat.deb");
        await WaitAsync(machine, "active");
        Assert.Equal("enabled", await machine.RunAsync("systemctl is-enabled erlchat"));

        // If the operator has stopped the service, an upgrade leaves it stopped.
        await machine.RunAsync("systemctl stop erlchat && apt-get install -y -qq --reinstall --no-install-recommends /erlchat.deb");
        Assert.Equal("inactive", await machine.ShowAsync("ActiveState"));
        await machine.RunAsync("apt-get purge -y -qq erlchat");
        Assert.False(Directory.Exists(machine.PathOf("/var/lib/erlchat")), "The data is still there.");
    }

    private static async Task WaitAsync(Machine machine, string state)
    {
        for (int looks = 0; await machine.ShowAsync("ActiveState") != state; looks++)
        {
            if (looks == 600)
                Assert.Fail($"Not {state}: {await machine.RunAsync("journalctl -u erlchat --no-pager | tail -30")}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    /// <summary>Waits until a process other than this one serves.</summary>
    private static async Task<string> NextAsync(Machine machine, int port, string last)
    {
        for (int looks = 0; await machine.ShowAsync("MainPID") is var now && (now == last || now == "0"); looks++)
        {
            Assert.True(looks < 600, "It was not restarted.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        await WaitAsync(machine, "active");
        using var visitor = new Visitor($"http://localhost:{port}", port);
        Assert.True(await ServerChecks.IsReadyAsync(visitor));
        return await machine.ShowAsync("MainPID");
    }
}
