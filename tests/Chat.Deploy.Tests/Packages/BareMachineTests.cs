namespace ErlChat.Deploy.Packages;

/// <summary>
/// A checkout on a bare Debian 12. Each target of make says what is missing and how to get it, and works once it is there, for a normal
/// user and for root.
/// </summary>
/// <remarks>The SDK and its packages are this machine's, mounted read-only.</remarks>
public sealed class BareMachineTests(Site site, ITestOutputHelper output)
{
    private const string Source = "/home/user/erlchat";
    private static readonly TimeSpan s_build = TimeSpan.FromMinutes(15);

    [Fact]
    public async Task Missing_requirements_are_named_and_with_them_the_chat_runs()
    {
        await using Chroot debian = await Chroot.CreateAsync(site);

        // ssl-cert comes with PostgreSQL, which make test installs. It writes a certificate into a folder that is read-only below.
        await debian.RunAsync(
            "apt-get update -qq && apt-get install -y -qq --no-install-recommends make ssl-cert && useradd --create-home user");
        await Shell.RunAsync("sh", "-c", $"mkdir -p '{debian.PathOf(Source)}' && git archive HEAD | tar -x -C '{debian.PathOf(Source)}'");
        await debian.RunAsync($"chown -R user:user {Source}");

        // Without the SDK, every target that needs it reports that before anything else.
        foreach (string target in (string[])["run", "terminal", "test", "lint", "publish", "admin-password", "bench-micro"])
        {
            (int code, string said) = await MakeAsync(debian, "user", target);
            Assert.NotEqual(0, code);
            Assert.Contains(".NET SDK 10.0 is missing", said, StringComparison.Ordinal);
            Assert.Contains("apt-get install dotnet-sdk-10.0", said, StringComparison.Ordinal);
            Assert.DoesNotContain("command not found", said, StringComparison.Ordinal);
        }

        // With it nothing else is missing: SQLite comes with its package, and ICU is not needed.
        debian.Show("/usr/share/dotnet", "/usr/share/dotnet");
        debian.Show(Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "/root", ".nuget", "packages"), "/nuget");
        debian.Show("/etc/ssl/certs", "/etc/ssl/certs");
        await debian.RunAsync("apt-get install -y -qq --no-install-recommends libssl3 && ln -s /usr/share/dotnet/dotnet /usr/bin/dotnet");
        (int missing, string needed) = await MakeAsync(debian, "user", "test");
        Assert.NotEqual(0, missing);
        Assert.Contains("chromium", needed, StringComparison.Ordinal);

        // The database stays in the checkout, and so does the session of the first user: the second one needs another nick.
        foreach ((string user, string nick) in ((string, string)[])[("user", "alice"), ("root", "bob")])
        {
            int port = Ports.Free();
            string run = $"make run URLS=http://127.0.0.1:{port}";
            await using Running server = Running.Start(debian.Command(As(user, run)));
            using var visitor = new Visitor($"http://localhost:{port}", port);
            await server.UntilAsync(() => ServerChecks.IsReadyAsync(visitor), $"{run} as {user}", s_build);
            await visitor.EnterAsync(nick);
            await visitor.SayAsync("from source");
            output.WriteLine($"{run} as {user}: served");
            await server.StopAsync();
            await debian.RunAsync($"chown -R user:user {Source}");
        }

        // The tests of one project, with everything that all projects need. The browser is not installed for them.
        await debian.RunAsync(
            "apt-get install -y -qq --no-install-recommends tmux nginx-light iproute2"
            + " && touch /usr/bin/chromium-headless-shell && chmod +x /usr/bin/chromium-headless-shell");
        foreach (string user in (string[])["root", "user"])
        {
            (int code, string said) = await MakeAsync(debian, user, "test TESTS=Chat.Protocol.Tests");
            Assert.True(code == 0, said);
            Assert.Matches("[0-9]+ passed, 0 failed", said);
            output.WriteLine($"make test as {user}: {said.Trim().Split('\n')[^1]}");
            await debian.RunAsync($"chown -R user:user {Source}");
        }
    }

    private static Task<(int Code, string Said)> MakeAsync(Chroot debian, string user, string target) =>
        debian.TryAsync(As(user, "make " + target), s_build);

    private static string As(string user, string command)
    {
        string home = user == "root" ? "/root" : "/home/" + user;
        string enter = $"cd {Source} && export HOME={home} NUGET_PACKAGES=/nuget NUGET_CERT_REVOCATION_MODE=offline Peer__Port=0 && ";
        return enter + (user == "root" ? "exec " + command : $"exec setpriv --reuid={user} --regid={user} --clear-groups {command}");
    }
}
