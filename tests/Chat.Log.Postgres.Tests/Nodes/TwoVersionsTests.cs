using ErlChat.Outcomes;
using ErlChat.Postgres.Log;
using ErlChat.Serialization;
using ErlChat.Snapshots;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>
/// A rolling upgrade: an older and a newer program at the same log. What is new is the kind of entry that sets a topic; the older program
/// is one that does not know it.
/// </summary>
public sealed class TwoVersionsTests
{
    private const string NewKind = "topic_set";

    private static readonly string[] s_oldKinds = [.. EntryCodec.Kinds.Keys.Except([NewKind])];

    [Fact]
    public async Task Both_fold_the_log_alike_and_nothing_new_is_written_before_the_older_one_is_gone()
    {
        await using ChatDatabase database = await ChatDatabase.CreateAsync();
        await using Node young = await Node.StartAsync(database, "young", [.. EntryCodec.Kinds.Keys]);
        await using Node old = await Node.StartAsync(database, "old", s_oldKinds);
        await Eventually.BeTrueAsync(() => !young.Run.Nodes.AllKnow(NewKind));
        TestSession alice = await young.Chat.LoginAsync("alice");
        TestSession bob = await old.Chat.LoginAsync("bob", "192.0.2.2");
        for (int i = 0; i < 5; i++)
        {
            Assert.IsType<Accepted>(await alice.SubmitAsync($"words {i}"));
            Assert.Equal(new Refused(Refusal.Unavailable), await alice.SubmitAsync("/topic words"));
            await bob.SubmitAsync($"/join den{i}");
            await bob.SubmitAsync("/pm alice words");
        }

        // The newer one can also do something about a session of the older one.
        TestSession boss = await young.Chat.LoginAdminAsync("boss");
        await boss.SubmitAsync("/admin mute bob 60");
        Assert.Equal(Refusal.Muted, Assert.IsType<Refused>(await bob.SubmitAsync("words")).Why);
        Assert.Equal(0, await database.ScalarAsync<long>($"SELECT count(*) FROM entry WHERE kind = '{NewKind}'"));
        Assert.Single(young.Chat.Logs.Of("KindRefused"));
        long newest = await database.ScalarAsync<long>("SELECT max(sequence) FROM entry");
        await Eventually.BeTrueAsync(() => young.Chat.Office.Head == newest && old.Chat.Office.Head == newest);
        await old.StopAsync();

        // The state of the younger one as of the same entry.
        await young.StopAsync();
        Assert.NotNull(old.State);
        Assert.Equal(old.State, young.State);

        await using Node next = await Node.StartAsync(database, "young", [.. EntryCodec.Kinds.Keys]);
        await Eventually.BeTrueAsync(() => next.Chat.Office.Head == newest && next.Run.Nodes.AllKnow(NewKind));
        Assert.Null(await next.Chat.SayAsync(alice, "/topic words"));
        Assert.Equal(1, await database.ScalarAsync<long>($"SELECT count(*) FROM entry WHERE kind = '{NewKind}'"));

        // Going back is too late now.
        database.Logs.Expect("LogEnded");
        await using Node back = await Node.StartAsync(database, "old", s_oldKinds);
        await Eventually.BeTrueAsync(() => !back.Log.IsAvailable);
        Assert.StartsWith(
            $"Entry {newest + 1} is of the kind 'topic_set', which this program does not know: start a newer version of it.",
            Assert.Single(database.Logs.Of("LogEnded")).Text,
            StringComparison.Ordinal);
        Assert.Equal(newest, back.Chat.Office.Head);
    }

    /// <summary>A node whose program knows certain kinds of entries.</summary>
    private sealed class Node(NodeRun run, PostgresLog log, TestChat chat, LastState last) : IAsyncDisposable
    {
        private bool _isStopped;

        internal NodeRun Run => run;

        internal PostgresLog Log => log;

        internal TestChat Chat => chat;

        /// <summary>Its state at the stop.</summary>
        internal byte[]? State => last.Image;

        internal static async Task<Node> StartAsync(ChatDatabase database, string name, string[] kinds)
        {
            var run = new NodeRun(database, name, null, "chocolate-chip-cookie", kinds);
            run.OldestKinds.UnionWith(s_oldKinds);
            await run.StartAsync();
            PostgresLog log = database.AddNode(kinds: kinds).Log;
            var last = new LastState();
            TestChat chat = await new TestChatBuilder().WithRealTime().WithoutLimits()
                .WithLog(log).WithNodes(run.Nodes).WithSnapshots(last).StartAsync();
            await log.OpenAsync(CancellationToken.None).WithinAsync();
            return new Node(run, log, chat, last);
        }

        internal async Task StopAsync()
        {
            if (_isStopped)
                return;
            _isStopped = true;
            await chat.DisposeAsync();
            await run.StopAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            await run.DisposeAsync();
        }
    }

    /// <summary>Keeps the state at the stop.</summary>
    private sealed class LastState : ISnapshotStore
    {
        public int Interval => int.MaxValue;

        public int MinInterval => 0;

        internal byte[]? Image { get; private set; }

        public ValueTask<ReplayStart> OpenAsync(CancellationToken cancellationToken) => new(new ReplayStart(null, 0, 0, 0));

        public Task SaveAsync(ChatStateImage image, CancellationToken cancellationToken)
        {
            Image = SnapshotCodec.Encode(image).Image;
            return Task.CompletedTask;
        }
    }
}
