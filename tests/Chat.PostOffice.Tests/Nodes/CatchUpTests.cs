using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Rooms;

namespace ErlChat.Tests;

/// <summary>A node that is behind what a client has already seen on another one.</summary>
public class CatchUpTests
{
    [Fact]
    public async Task A_cursor_that_is_ahead_waits_for_the_node()
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        (TestSession bob, long said) = await BehindAsync(cluster);
        Task<bool> wait = cluster[1].Office.CatchUpAsync(said + 1).AsTask();
        Assert.False(wait.IsCompleted);
        cluster.LogOf(1).Release();
        Assert.True(await wait.WithinAsync());
        MailRead read = await cluster[1].Office.Find(bob.Key)!
            .ReadAsync(said + 1, true, TimeSpan.Zero, CancellationToken.None).WithinAsync();
        Assert.Equal(MailStatus.Timeout, read.Status);
    }

    [Fact]
    public async Task It_does_not_wait_for_ever()
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        (TestSession bob, long said) = await BehindAsync(cluster);
        Task<bool> wait = cluster[1].Office.CatchUpAsync(said + 1).AsTask();
        await Eventually.BeTrueAsync(() => cluster.Clock.Timers == 1);
        cluster.Clock.Advance(cluster[1].Options.HeadWait);
        Assert.False(await wait.WithinAsync());
        Assert.Equal(
            MailStatus.Resync,
            (await cluster[1].Office.Find(bob.Key)!.ReadAsync(said + 1, true, TimeSpan.Zero, CancellationToken.None).WithinAsync()).Status);
        Assert.Equal(0, cluster.Clock.Timers);
    }

    [Fact]
    public async Task A_stop_ends_the_wait()
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        (_, long said) = await BehindAsync(cluster);
        Task<bool> wait = cluster[1].Office.CatchUpAsync(said + 1).AsTask();
        cluster[1].Office.StopAdmitting();
        Assert.False(await wait.WithinAsync());
        Assert.False(await cluster[1].Office.CatchUpAsync(said + 1).WithinAsync());
    }

    [Fact]
    public async Task One_node_does_not_wait()
    {
        await using TestChat chat = await TestChat.StartAsync();
        Assert.False(chat.Office.IsBehind(1000));
        Assert.True(await chat.Office.CatchUpAsync(1000).WithinAsync());
    }

    // A stand-in from another node tells its position to every node.
    [Fact]
    public async Task A_stand_in_waits_too()
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        (_, long said) = await BehindAsync(cluster);
        long standIn = ShownList.TryCreateFor(said + 1)!.Value;
        Assert.True(cluster[1].Office.IsBehind(standIn));
        Assert.False(cluster[0].Office.IsBehind(standIn));
    }

    [Fact]
    public void A_stand_in_contains_its_position()
    {
        foreach (long begin in new[] { 0, 1, 1000, (1L << 33) - 1 })
        {
            for (int i = 0; i < 100; i++)
            {
                long standIn = ShownList.TryCreateFor(begin)!.Value;
                Assert.Equal(begin, ShownList.BeginIn(standIn));
                Assert.Equal(ShownList.NegativeDigits, (-standIn).ToString(System.Globalization.CultureInfo.InvariantCulture).Length);
                Assert.InRange(-standIn, 1, (1L << 53) - 1);
            }
        }

        Assert.Null(ShownList.TryCreateFor(1L << 33));
        Assert.All(new[] { 0, -1, 1, 5, long.MinValue, long.MaxValue }, number => Assert.Null(ShownList.BeginIn(number)));
    }

    [Fact]
    public async Task A_session_that_logged_in_on_another_node_is_waited_for()
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        cluster.LogOf(1).Hold();
        TestSession bob = await cluster[0].LoginAsync("bob");
        Assert.True(cluster[1].Room.MayArrive(bob.Key));
        Task wait = cluster[1].Room.ArriveAsync(bob.Key, CancellationToken.None).AsTask();
        Assert.False(wait.IsCompleted);
        cluster.LogOf(1).Release();
        await wait.WithinAsync();
        Assert.NotNull(cluster[1].Office.Find(bob.Key));
        Assert.False(cluster[1].Room.MayArrive(bob.Key));
    }

    [Fact]
    public async Task A_session_that_nobody_knows_waits_only_for_what_the_log_has()
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        await cluster[0].LoginAsync("bob");
        await cluster.AppliedAsync();
        Assert.True(await cluster[1].Room.ArriveAsync(Sessions.SessionKey.Of("nobody"), CancellationToken.None).WithinAsync());
        Assert.Equal(0, cluster.Clock.Timers);
    }

    [Fact]
    public async Task Requests_of_unknown_sessions_wait_for_a_limited_time_in_limited_number()
    {
        await using Cluster cluster = await Cluster.StartAsync(2, change: builder => builder.With(options => options.MaxSessionWaits = 2));
        (_, _) = await BehindAsync(cluster);
        Task<bool>[] waits = [.. Enumerable.Range(0, 3).Select(i =>
            cluster[1].Room.ArriveAsync(Sessions.SessionKey.Of($"unknown {i}"), CancellationToken.None).AsTask())];
        Assert.False(await waits[2].WithinAsync());
        Assert.False(waits[0].IsCompleted || waits[1].IsCompleted);
        await Eventually.BeTrueAsync(() => cluster.Clock.Timers >= 2);
        cluster.Clock.Advance(cluster[1].Options.SessionWait);
        Assert.All(await Task.WhenAll(waits).WithinAsync(), Assert.False);
    }

    // Regression: each unexpected failure used up a place for good, and then nobody was waited for any more.
    [Fact]
    public async Task A_question_that_fails_gives_its_place_back()
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        cluster[1].Options.MaxSessionWaits = 2;
        var log = new UnknownEnd { IsBroken = true };
        var arrivals = new SessionArrivals(CatchUpWith(log, cluster), cluster[1].Office, cluster[1].Options);
        Sessions.SessionKey unknown = Sessions.SessionKey.Of("unknown");
        for (int i = 0; i < 2; i++)
            await Assert.ThrowsAsync<ObjectDisposedException>(() => arrivals.ArriveAsync(unknown, CancellationToken.None).WithinAsync());
        log.IsBroken = false;
        using var gone = new CancellationTokenSource();
        Task wait = arrivals.ArriveAsync(unknown, gone.Token).AsTask();
        Assert.False(wait.IsCompleted);
        await gone.CancelAsync();
        await wait.WithinAsync();
    }

    // Regression: whoever double-clicked behind a balancer without stickiness was told that there was nothing to take back, and the
    // reaction stayed.
    [Fact]
    public async Task A_reaction_made_at_another_node_can_be_taken_back_at_once()
    {
        await using Cluster cluster = await Cluster.StartAsync(
            2, change: builder => builder.With(options => options.ReactionGather = TimeSpan.Zero));
        TestSession bob = await cluster[0].LoginAsync("bob");
        long message = Assert.IsType<Accepted>(await bob.SubmitAsync("words")).Sequence;
        await cluster.AppliedAsync();
        cluster.LogOf(1).Hold();
        Assert.IsType<Accepted>(await ReactAsync(0, on: true));
        Task<Outcome?> back = ReactAsync(1, on: false);
        await Eventually.BeTrueAsync(() => cluster.Clock.Timers > 0);
        Assert.False(back.IsCompleted);
        cluster.LogOf(1).Release();
        Assert.IsType<Accepted>(await back.WithinAsync());

        // What really changes nothing still writes nothing, and a node that stays behind cannot tell.
        Assert.Null(await ReactAsync(1, on: false).WithinAsync());
        await cluster.AppliedAsync();
        cluster.LogOf(1).Hold();
        await bob.SubmitAsync("more");
        Task<Outcome?> unsure = ReactAsync(1, on: false);
        await Eventually.BeTrueAsync(() => cluster.Clock.Timers > 0);
        cluster.Clock.Advance(cluster[1].Options.HeadWait);
        Assert.Equal(new Refused(Refusal.Unavailable), await unsure.WithinAsync());

        Task<Outcome?> ReactAsync(int node, bool on) => cluster[node].Room.Reactions.ReactAsync(
            cluster[node].Office.Find(bob.Key)!, message, "👍", on, key: null, CancellationToken.None);
    }

    [Fact]
    public async Task A_message_that_the_log_has_is_waited_for_and_a_number_that_no_entry_has_is_not()
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        (_, long said) = await BehindAsync(cluster);
        Task<bool> wait = cluster[1].Room.CatchUpAsync(said).AsTask();
        Task<bool> far = cluster[1].Room.CatchUpAsync(long.MaxValue - 1).AsTask();
        await Eventually.BeTrueAsync(() => cluster.Clock.Timers >= 2);
        Assert.False(wait.IsCompleted || far.IsCompleted);
        cluster.LogOf(1).Release();
        Assert.True(await wait.WithinAsync());
        Assert.True(await far.WithinAsync());

        // A node that knows all there is does not wait.
        Assert.True(await cluster[1].Room.CatchUpAsync(long.MaxValue - 1).WithinAsync());
        await Eventually.BeTrueAsync(() => cluster.Clock.Timers == 0);
    }

    [Fact]
    public async Task A_message_is_not_waited_for_for_ever()
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        (_, long said) = await BehindAsync(cluster);
        Task<bool> wait = cluster[1].Room.CatchUpAsync(said).AsTask();
        await Eventually.BeTrueAsync(() => cluster.Clock.Timers >= 1);
        cluster.Clock.Advance(cluster[1].Options.HeadWait);
        Assert.False(await wait.WithinAsync());
    }

    // Anybody with a session can ask for any number.
    [Fact]
    public async Task However_many_ask_for_numbers_that_no_entry_has_the_log_is_asked_once_for_all()
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        var log = new UnknownEnd { Answer = new TaskCompletionSource<long>() };
        LogCatchUp catchUp = CatchUpWith(log, cluster);
        Task<bool>[] asked =
            [.. Enumerable.Range(0, 100).Select(i => catchUp.CatchUpAsync(1_000_000 + i).AsTask())];
        log.Answer.SetResult(0);
        Assert.All(await Task.WhenAll(asked).WithinAsync(), Assert.True);
        Assert.InRange(log.Questions, 1, 2);

        // A log that does not answer is not taken for an empty one.
        log.Answer = new TaskCompletionSource<long>();
        log.Answer.SetException(new LogUnavailableException("down"));
        Assert.False(await catchUp.CatchUpAsync(1_000_000).WithinAsync());
    }

    [Fact]
    public async Task One_node_waits_for_no_message()
    {
        await using TestChat chat = await TestChat.StartAsync();
        Assert.True(await chat.Room.CatchUpAsync(1_000_000).WithinAsync());
        Assert.Equal(0, chat.Clock.Timers);
    }

    // A limit of 0 means that nothing is waited for, and not that the answer is never known.
    [Fact]
    public async Task Without_waits_a_node_answers_from_what_it_knows()
    {
        await using Cluster cluster = await Cluster.StartAsync(2, change: builder => builder.With(options =>
            (options.HeadWait, options.MaxSessionWaits, options.ReactionGather) = (TimeSpan.Zero, 0, TimeSpan.Zero)));
        (TestSession bob, long said) = await BehindAsync(cluster);
        Assert.True(await cluster[1].Room.ArriveAsync(Sessions.SessionKey.Of("unknown"), CancellationToken.None).WithinAsync());
        Assert.True(await cluster[1].Room.CatchUpAsync(said).WithinAsync());
        Assert.Null(await cluster[0].Room.Reactions.ReactAsync(
            cluster[0].Office.Find(bob.Key)!, said, "👍", on: false, key: null, CancellationToken.None).WithinAsync());
    }

    // What this node knows needs no other: the notice of a kick, or its own stop.
    [Fact]
    public async Task A_removed_session_is_not_waited_for_nor_any_when_the_node_stops()
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        TestSession bob = await cluster[0].LoginAsync("bob", keeps: true), alice = await cluster[0].LoginAsync("alice");
        await alice.SubmitAsync("/auth demopass");
        cluster[0].Office.Find(bob.Key)!.Touch();
        await cluster[0].Room.EvictAsync(bob.Key).WithinAsync();
        Assert.Equal(1, cluster[0].Room.OfflineCount);
        await alice.SubmitAsync("/admin kick bob noise");
        await cluster.AppliedAsync();
        (_, _) = await BehindAsync(cluster, "carol");
        Assert.NotNull(cluster[1].Room.RemovalOf(bob.Key));
        Assert.False(cluster[1].Room.MayArrive(bob.Key));
        Assert.True(await cluster[1].Room.ArriveAsync(bob.Key, CancellationToken.None).WithinAsync());

        cluster[1].Office.StopAdmitting();
        Assert.False(await cluster[1].Room.ArriveAsync(Sessions.SessionKey.Of("unknown"), CancellationToken.None).WithinAsync());
    }

    [Fact]
    public async Task One_node_waits_for_no_session()
    {
        await using TestChat chat = await TestChat.StartAsync();
        Assert.False(chat.Room.MayArrive(Sessions.SessionKey.Of("nobody")));
        await chat.Room.ArriveAsync(Sessions.SessionKey.Of("nobody"), CancellationToken.None).WithinAsync();
        Assert.Equal(0, chat.Clock.Timers);
    }

    private static LogCatchUp CatchUpWith(IChatLog log, Cluster cluster) =>
        new(log, cluster[1].Office, cluster[1].Options, cluster.Time);

    /// <summary>A log that is ahead of every node, or cannot say how far it is.</summary>
    private sealed class UnknownEnd : IChatLog
    {
        public string Epoch => "";

        internal bool IsBroken { get; set; }

        /// <summary>What it answers, and when; null for at once.</summary>
        internal TaskCompletionSource<long>? Answer { get; set; }

        internal int Questions { get; private set; }

        public ValueTask<long> NewestAsync(CancellationToken cancellationToken)
        {
            Questions++;
            return IsBroken ? throw new ObjectDisposedException("the connection")
                : Answer is { } answer ? new(answer.Task)
                : new(1000);
        }

        public ValueTask AppendAsync(Entry entry, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<LogEntry> ReadAsync(long after, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    /// <summary>A session on both nodes, and a message that only the first node has.</summary>
    private static async Task<(TestSession Session, long Said)> BehindAsync(Cluster cluster, string nick = "bob")
    {
        TestSession bob = await cluster[0].LoginAsync(nick);
        await cluster.AppliedAsync();
        cluster.LogOf(1).Hold();
        return (bob, Assert.IsType<Accepted>(await bob.SubmitAsync("words")).Sequence);
    }
}
