using System.Runtime.CompilerServices;
using ErlChat.Delivery;
using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Settings;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>
/// What a session costs a node that does not serve it. No other test runs at the same time, because it would use memory, too.
/// </summary>
[Collection(Alone)]
[CollectionDefinition(Alone, DisableParallelization = true)]
public class StandbyBytesTests(ITestOutputHelper output)
{
    private const string Alone = "Measurements of memory";

    private const int Sessions = 5_000;

    /// <summary>
    /// The most bytes for the mailbox and its places in the post office. The mail itself is shared by all of a room. 571 were
    /// measured.
    /// </summary>
    private const int Most = 600;

    /// <summary>The most bytes for a guest who is offline, whom nobody shares the address with. 239 were measured.</summary>
    private const int MostOffline = 280;

    [Fact]
    public void A_mailbox_costs_few_bytes_on_a_node_that_does_not_serve_its_session()
    {
        SessionKey[] keys = [.. Enumerable.Range(0, Sessions).Select(number => SessionKey.Of($"session {number}"))];
        long bytes = BytesOf(() =>
        {
            var office = new PostOffice(
                Microsoft.Extensions.Options.Options.Create(new ChatOptions()), new ManualTimeProvider(), new TestNodes("node-0"));
            foreach (SessionKey key in keys)
            {
                office.Create(key, floor: 0, joined: 1);
                office.Serve(key, "node-1", 1, endsWithNode: false);
                office.Enter(key, "lobby", quiet: false);
            }

            for (int i = 2; i < 100; i++)
                office.Broadcast(["lobby"], new Mail(i, DateTimeOffset.UnixEpoch, new Notice("words", null)), null);
            return office;
        });
        output.WriteLine($"A mailbox on standby costs {bytes} bytes.");
        Assert.InRange(bytes, 1, Most);
    }

    /// <summary>The fold is the same on every node, and the same as on a single node. Said here because it belongs to the sum.</summary>
    [Fact]
    public void The_fold_costs_the_same_whether_a_session_has_a_home_or_not()
    {
        long without = BytesOfFold(null);
        long with = BytesOfFold("node-1");
        output.WriteLine($"A session in the fold costs {without} bytes, and {with} with its home.");
        Assert.InRange(with - without, 0, 64);
    }

    /// <summary>The guest has no mailbox, so what the fold keeps is all there is.</summary>
    [Fact]
    public void A_guest_who_is_offline_costs_few_bytes()
    {
        long online = BytesOfFold(null);
        long offline = BytesOfFold(null, isOffline: true);
        output.WriteLine($"A guest in the fold costs {online} bytes, and {offline} when offline.");
        Assert.InRange(offline, 1, MostOffline);
    }

    private static long BytesOfFold(string? node, bool isOffline = false) => BytesOf(() =>
    {
        var state = new ChatState();
        for (int i = 1; i <= Sessions; i++)
        {
            Joined joined = Fold.Joining($"n{i}", host: $"192.0.{i / 250}.{i % 250}") with
            {
                UserId = $"{i:x32}",
                NickLook = $"n{i}",
                ServedBy = node is null ? null : new string(node),
                Id = new CommandId("run", i),
                At = DateTimeOffset.UnixEpoch,
            };
            state.Apply(2 * i, joined, []);
            if (!isOffline)
                continue;
            var went = new WentOffline(joined.Session, DateTimeOffset.MaxValue, Sessions, Sessions)
            {
                Id = new CommandId("other run", i),
                At = DateTimeOffset.UnixEpoch,
            };
            state.Apply((2 * i) + 1, went, []);
        }

        return state;
    });

    /// <summary>
    /// The bytes for each session of what is made: the middle of several values, because the process does other things at the same time.
    /// </summary>
    private static long BytesOf(Func<object> make)
    {
        var bytes = new long[5];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = BytesOnce(make);
        return bytes.Order().ElementAt(bytes.Length / 2);
    }

    /// <summary>A method of its own, so that what was made before is not kept by a local variable.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long BytesOnce(Func<object> make)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        object made = make();
        long bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / Sessions;
        GC.KeepAlive(made);
        return bytes;
    }
}
