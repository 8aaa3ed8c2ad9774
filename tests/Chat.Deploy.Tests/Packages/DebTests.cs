using System.Text.RegularExpressions;

namespace ErlChat.Deploy.Packages;

/// <summary>The life of the package on a bare Debian 12: installed, used, upgraded, removed, purged.</summary>
public sealed class DebTests(Site site, ITestOutputHelper output)
{
    private const string Settings = "/etc/erlchat/appsettings.json";
    private const string Data = "/var/lib/erlchat/chat.db";

    [Fact]
    public async Task The_package_is_installed_used_upgraded_removed_and_purged()
    {
        long started = TimeProvider.System.GetTimestamp();
        string package = await site.PackageAsync();
        output.WriteLine($"{Path.GetFileName(package)}: {new FileInfo(package).Length / 1_000_000} MB");
        await using Chroot debian = await Chroot.CreateAsync(site);
        void Tell(string what) => output.WriteLine($"{TimeProvider.System.GetElapsedTime(started).TotalSeconds:F0} s: {what}");

        // Installed: the dependencies come along, and the files belong to a separate user.
        File.Copy(package, debian.PathOf("/erlchat.deb"));
        await debian.RunAsync("apt-get update -qq && apt-get install -y -qq --no-install-recommends /erlchat.deb");
        Tell("installed");
        Assert.Equal("erlchat erlchat 700 /var/lib/erlchat", (await debian.RunAsync("stat -c '%U %G %a %n' /var/lib/erlchat")).Trim());
        Assert.Equal("root erlchat 640 " + Settings, (await debian.RunAsync($"stat -c '%U %G %a %n' {Settings}")).Trim());
        Assert.Contains("/usr/sbin/nologin", await debian.RunAsync("getent passwd erlchat"), StringComparison.Ordinal);

        // Configured as an operator does, and reached by a host name.
        int port = Ports.Free();
        string name = $"http://erlchat.lan:{port}";
        string settings = await File.ReadAllTextAsync(debian.PathOf(Settings));
        settings = settings.Replace("\"http://localhost:8000\"", $"\"http://127.0.0.1:{port}\"", StringComparison.Ordinal)
            .Replace("// \"PublicUrl\": \"http://chat.lan:8000\"", $"\"PublicUrl\": \"{name}\"", StringComparison.Ordinal);
        Assert.Contains(name, settings, StringComparison.Ordinal);
        await File.WriteAllTextAsync(debian.PathOf(Settings), settings);
        await using (Running server = Start(debian))
        {
            using var alice = new Visitor(name, port);
            await server.UntilAsync(() => ServerChecks.IsReadyAsync(alice), "the server is ready");
            await alice.EnterAsync("alice");
            await alice.SayAsync("before the upgrade");
            using var stranger = new Visitor($"http://elsewhere.example:{port}", port);
            using HttpResponseMessage refused = await stranger.GetAsync("/");
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Equal(0, await server.StopAsync());
        }

        Assert.Equal("erlchat 600 " + Data, (await debian.RunAsync($"stat -c '%U %a %n' {Data}")).Trim());
        Tell("used");

        // Upgraded: changed settings and the data stay, and the log continues.
        File.Copy(await site.NewerPackageAsync(), debian.PathOf("/newer.deb"));
        await debian.RunAsync("apt-get install -y -qq /newer.deb");
        Assert.Contains("Version: " + Site.NewerVersion, await debian.RunAsync("dpkg -s erlchat"), StringComparison.Ordinal);
        Assert.Equal(settings, await File.ReadAllTextAsync(debian.PathOf(Settings)));
        await using (Running server = Start(debian))
        {
            using var bob = new Visitor(name, port);
            await server.UntilAsync(() => ServerChecks.IsReadyAsync(bob), "the upgraded server is ready");
            await bob.EnterAsync("bob");
            Assert.Contains("before the upgrade", await bob.HistoryAsync(), StringComparison.Ordinal);
            await bob.SayAsync("after the upgrade");
            Assert.Equal(0, await server.StopAsync());
        }

        // The program's tools find the settings, whichever user calls them from whichever folder.
        string verified = await debian.RunAsync("cd /tmp && setpriv --reuid=erlchat --regid=erlchat --clear-groups erlchat log verify");
        output.WriteLine(verified.Trim());
        Tell("upgraded");

        // The help contains the meaning of the options, which is in files that the package previously left out.
        string help = await debian.RunAsync("erlchat --help");
        Assert.Matches(@"--Chat:PollTimeout=.*\n +How long a poll is parked", help);
        Assert.Contains("  erlchat log COMMAND", help, StringComparison.Ordinal);

        // Settings that a user may not read cause a single line. Previously, they caused a stack trace.
        foreach (string command in (string[])["--check-config", "log verify"])
        {
            (int code, string why) = await debian.TryAsync(
                $"cd /tmp && setpriv --reuid=65534 --regid=65534 --clear-groups erlchat {command}");
            Assert.Equal(1, code);
            Assert.Matches("^Access to the path '.*appsettings.json' is denied.\\s*$", why);
        }

        // Commands run by root use the service's environment, and create files that the service can open. Previously, the service could not
        // open a file that root had created.
        const string Environment = "/etc/erlchat/environment";
        await debian.RunAsync($"printf '# secrets\nChat__MaxRooms=\"321\"\n' > {Environment} && chmod 0600 {Environment}");
        Assert.Contains("Chat:MaxRooms=321 ", await debian.RunAsync("cd /root && erlchat --check-config"), StringComparison.Ordinal);
        await debian.RunAsync("cd /root && erlchat log backup /var/lib/erlchat/backup.db");
        Assert.Equal("erlchat 600", (await debian.RunAsync("stat -c '%U %a' /var/lib/erlchat/backup.db")).Trim());

        // Removed: the program is gone. Purged: everything is gone.
        await debian.RunAsync("apt-get remove -y -qq erlchat");
        Assert.False(Directory.Exists(debian.PathOf("/usr/lib/erlchat")), "/usr/lib/erlchat is still there.");
        Assert.True(File.Exists(debian.PathOf(Data)), "The removal took the data.");
        Assert.True(File.Exists(debian.PathOf(Settings)), "The removal took the settings.");
        await debian.RunAsync("apt-get purge -y -qq erlchat");
        Assert.False(Directory.Exists(debian.PathOf("/var/lib/erlchat")), "/var/lib/erlchat is still there.");
        Assert.False(Directory.Exists(debian.PathOf("/etc/erlchat")), "/etc/erlchat is still there.");
        Assert.NotEqual(0, (await debian.TryAsync("getent passwd erlchat")).Code);
        Tell("removed and purged");
    }

    [Fact]
    public async Task Lintian_finds_no_error()
    {
        (int code, string said) = await Shell.TryAsync("lintian", ["--fail-on", "error", "--allow-root", await site.PackageAsync()]);
        output.WriteLine(said);
        Assert.True(code == 0, said);
    }

    /// <summary>
    /// Runs the ExecStart command of the unit, as its user and with its environment, because there is no systemd in a chroot.
    /// </summary>
    private static Running Start(Chroot debian)
    {
        string unit = File.ReadAllText(debian.PathOf("/usr/lib/systemd/system/erlchat.service"));
        string Of(string key) => Setting(key).Matches(unit).Select(match => match.Groups["value"].Value).Single();
        string command = $"cd {Of("WorkingDirectory")} && umask {Of("UMask")} && exec env {Of("Environment")} Peer__Port=0 "
            + $"setpriv --reuid={Of("User")} --regid={Of("Group")} --clear-groups --no-new-privs {Of("ExecStart")}";
        return Running.Start(debian.Command(command));
    }

    private static Regex Setting(string key) => new($"^{key}=(?<value>.*)$", RegexOptions.Multiline);
}
