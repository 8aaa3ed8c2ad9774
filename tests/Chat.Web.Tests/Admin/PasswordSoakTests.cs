using System.Globalization;
using ErlChat.Web.Passwords;

namespace ErlChat.Web.Tests.Admin;

/// <summary>Previously, two hundred wrong passwords at once occupied every thread of the pool, and a message took 12 s.</summary>
[Trait("Category", "Soak")]
public class PasswordSoakTests
{
    private const int Addresses = 40;
    private const int SessionsEach = 5;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Two_hundred_wrong_passwords_from_forty_addresses_delay_no_message_and_lock_out_no_administrator()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
        [
            .. ChatServerHost.NoLimits, $"Chat:AdminPasswordHash={PasswordHash.Create("demopass")}", "Chat:TrustedProxies=127.0.0.1",
        ]);
        using HttpClient http = server.NewHttp();
        CometClient[] guessers = [.. Enumerable.Range(0, Addresses * SessionsEach).Select(i => new CometClient(http, $"guesser{i}"))];
        for (int i = 0; i < guessers.Length; i++)
            await guessers[i].LoginAsync(null, ("X-Forwarded-For", $"203.0.113.{i % Addresses}"));
        CometClient alice = await server.LoginAsync("alice"), bob = await server.LoginAsync("bob");
        CometClient admin = server.Stranger("root");
        await admin.LoginAsync(null, ("X-Forwarded-For", "203.0.113.0"));
        await alice.SendAsync("warm");
        await bob.ReadUntilAsync(item => item.Text == "warm");

        double[] quiet = await LatenciesAsync(alice, bob, Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System));
        Task<CometAnswer[]> guessing = Task.WhenAll(guessers.Select(one =>
            one.RequestAsync(HttpMethod.Post, "/chat/send_msg/", CometClient.Form(("msg", "/auth wrong")), [], s_patience)));
        Task<CometAnswer> entering = EnterAsync(admin);
        double[] busy = await LatenciesAsync(alice, bob, guessing);
        CometAnswer entered = await entering;
        Console.WriteLine($"latency of a message, quiet: {Describe(quiet)}; while {guessers.Length} passwords are tried: {Describe(busy)}");
        Assert.True(entered.IsOk, entered.Body);
        Assert.All(await guessing, answer => Assert.True(answer.IsOk, answer.Body));

        // Other work on the machine affects both figures.
        Assert.True(Most(busy) < Math.Max(50, 3 * Most(quiet)), Describe(busy));
    }

    /// <summary>An administrator logs in from one of the guessers' addresses, a second after they began.</summary>
    private static async Task<CometAnswer> EnterAsync(CometClient admin)
    {
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        long began = TimeProvider.System.GetTimestamp();
        CometAnswer answer = await admin.RequestAsync(
            HttpMethod.Post, "/chat/auth/", CometClient.Form(("password", "demopass")), [], s_patience);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"the administrator got in after {TimeProvider.System.GetElapsedTime(began).TotalMilliseconds:F0} ms"));
        return answer;
    }

    /// <summary>Sends messages until the task completes. Returns the times from sending to reading, in ms, ascending.</summary>
    private static async Task<double[]> LatenciesAsync(CometClient from, CometClient to, Task done)
    {
        var all = new List<double>();
        while (!done.IsCompleted || all.Count < 20)
        {
            string text = $"hi {all.Count}";
            Task reading = to.ReadUntilAsync(item => item.Text.EndsWith(text, StringComparison.Ordinal));
            long began = TimeProvider.System.GetTimestamp();
            Task<CometAnswer> sending = from.RequestAsync(
                HttpMethod.Post, "/chat/send_msg/", CometClient.Form(("msg", text)), [], s_patience);
            await Task.WhenAll(reading, sending).WithinAsync(s_patience);
            all.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
        }

        all.Sort();
        return [.. all];
    }

    private static double Most(double[] sorted) => sorted[(int)(sorted.Length * 0.99)];

    private static string Describe(double[] sorted) => string.Create(
        CultureInfo.InvariantCulture,
        $"{sorted.Length} messages, median {sorted[sorted.Length / 2]:F1} ms, 99 % {Most(sorted):F1} ms, longest {sorted[^1]:F1} ms");
}
