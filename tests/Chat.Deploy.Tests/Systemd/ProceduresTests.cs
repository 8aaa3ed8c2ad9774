namespace ErlChat.Deploy.Systemd;

/// <summary>The commands that <c>docs/operations.md</c> tells an operator to type, run by root on a bare Debian with the package.</summary>
public sealed class ProceduresTests(Site site, ITestOutputHelper output)
{
    /// <summary>Commands in a page that nobody has ever run contain mistakes, and operators would find them on the worst day.</summary>
    [Fact]
    public async Task Backup_restore_upgrade_and_rollback_work_as_written()
    {
        string package = await site.PackageAsync();
        await using Chroot debian = await Chroot.CreateAsync(site);
        File.Copy(package, debian.PathOf("/root/erlchat_OLD_amd64.deb"));
        File.Copy(await site.NewerPackageAsync(), debian.PathOf("/root/erlchat_NEW_amd64.deb"));
        int port = Ports.Free();
        await using Machine machine = await Machine.BootAsync(debian);
        Directory.CreateDirectory(machine.PathOf("/etc/erlchat"));
        await File.WriteAllTextAsync(machine.PathOf("/etc/erlchat/environment"), $"Urls=http://127.0.0.1:{port}\nPeer__Port=0\n");

        // There is nobody to answer the prompt with yes.
        await File.WriteAllTextAsync(machine.PathOf("/etc/apt/apt.conf.d/90yes"), "APT::Get::Assume-Yes \"true\";\n");
        await machine.RunAsync("cd /root && apt install --no-install-recommends ./erlchat_OLD_amd64.deb");
        string old = await VersionAsync(machine);
        using var alice = new Visitor($"http://localhost:{port}", port);
        await alice.EnterAsync("alice");
        await alice.SayAsync("before the backup");

        await FollowAsync(machine, "Back up");
        await alice.SayAsync("after the backup");
        await FollowAsync(machine, "Restore");
        string restored = await alice.HistoryAsync();
        Assert.Contains("before the backup", restored, StringComparison.Ordinal);
        Assert.DoesNotContain("after the backup", restored, StringComparison.Ordinal);
        await alice.SayAsync("after the restore");

        await FollowAsync(machine, "Upgrade");
        Assert.Equal(Site.NewerVersion, await VersionAsync(machine));
        Assert.Contains("after the restore", await alice.HistoryAsync(), StringComparison.Ordinal);
        await FollowAsync(machine, "Roll back");
        Assert.Equal(old, await VersionAsync(machine));
        Assert.Contains("after the restore", await alice.HistoryAsync(), StringComparison.Ordinal);
        Assert.Equal("active", await machine.ShowAsync("ActiveState"));
    }

    /// <summary>Runs the indented lines of a section of the page. For a cron line, runs what cron would run.</summary>
    private async Task FollowAsync(Machine machine, string section)
    {
        const string Nightly = "0 4 * * * root ";
        string[] commands = [.. File.ReadLines(Repository.PathOf("docs", "operations.md"))
            .SkipWhile(line => line != "## " + section).Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("    ", StringComparison.Ordinal))
            .Select(line => line.Trim())];
        Assert.NotEmpty(commands);
        foreach (string command in commands)
        {
            output.WriteLine("# " + command);
            string run = command.StartsWith(Nightly, StringComparison.Ordinal) ? command[Nightly.Length..] : command;
            output.WriteLine(await machine.RunAsync("cd /root && " + run));
        }
    }

    private static Task<string> VersionAsync(Machine machine) => machine.RunAsync("dpkg-query --show --showformat='${Version}' erlchat");
}
