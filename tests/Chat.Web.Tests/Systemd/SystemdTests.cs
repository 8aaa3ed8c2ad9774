using System.Collections.Concurrent;
using System.Net.Sockets;
using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Sessions;
using ErlChat.Settings;
using ErlChat.Web.Systemd;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Tests.Systemd;

/// <summary>The notifications that systemd gets from the server.</summary>
public class SystemdTests
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Systemd_gets_the_start_the_signs_of_life_and_the_stop()
    {
        var systemd = new Notices();
        var clock = new ManualTimeProvider();
        await using ChatServerHost server = await ChatServerHost.StartAsync(clock, builder => builder.AddSystemdNotices(systemd, s_every));
        await Eventually.BeTrueAsync(() => systemd.Count("READY=1") == 1 && systemd.Count("WATCHDOG=1") == 1, what: "READY=1, WATCHDOG=1");
        server.Logs.Expect("NoPulse");
        await AdvanceUntilAsync(clock, () => systemd.Count("WATCHDOG=1") >= 5, "5 signs of life");

        await server.StopAsync();
        Assert.Equal("STOPPING=1", systemd.Said.Last());
        Assert.Equal(1, systemd.Count("READY=1"));
    }

    [Fact]
    public async Task Without_a_watchdog_no_signs_of_life_are_sent()
    {
        var systemd = new Notices();
        var clock = new ManualTimeProvider();
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            clock, builder => builder.AddSystemdNotices(systemd, every: null));
        await server.LoginAsync("alice");
        await server.StopAsync();
        Assert.Equal(["READY=1", "STOPPING=1"], systemd.Said);
    }

    /// <summary>
    /// A running process is not necessarily a working chat. When the delivery of an entry never finishes, users receive nothing any more,
    /// and only a restart helps.
    /// </summary>
    [Fact]
    public async Task A_chat_that_hangs_gives_no_sign_of_life()
    {
        var systemd = new Notices();
        var clock = new ManualTimeProvider();
        using var history = new StuckHistory();
        await using ChatServerHost server = await ChatServerHost.StartAsync(clock, builder =>
        {
            builder.AddSystemdNotices(systemd, s_every);
            builder.Services.AddSingleton<IChatHistory>(history);
        });
        server.Logs.Expect("NoPulse");
        CometClient alice = await server.LoginAsync("alice");
        history.Stick();
        Task<CometAnswer> said = alice.SendAsync("hello");
        await history.Stuck.WithinAsync();

        // One notification may be due to an earlier check. Two checks show that nothing has moved in between.
        await LookAsync(clock, times: 4);
        int beats = systemd.Count("WATCHDOG=1");
        await LookAsync(clock, times: 4);
        Assert.Equal(beats, systemd.Count("WATCHDOG=1"));
        Assert.NotEmpty(server.Logs.Of("NoPulse"));

        // The chat makes progress again, and the server says so.
        history.Release();
        Assert.True((await said).IsOk);
        await AdvanceUntilAsync(clock, () => systemd.Count("WATCHDOG=1") > beats, "a sign of life");
    }

    /// <summary>
    /// A notification needs a file descriptor. Previously, a server that had run out of descriptors for a moment crashed because of an
    /// exception while it sent its sign of life.
    /// </summary>
    [Fact]
    public async Task A_failed_notification_does_not_end_the_server()
    {
        var systemd = new Notices { Fails = true };
        var clock = new ManualTimeProvider();
        await using ChatServerHost server = await ChatServerHost.StartAsync(clock, builder => builder.AddSystemdNotices(systemd, s_every));
        server.Logs.Expect("SystemdNotTold");
        server.Logs.Expect("NoPulse");
        await AdvanceUntilAsync(clock, () => systemd.Tries >= 5, "5 tries");
        Assert.Single(server.Logs.Of("SystemdNotTold"));
        await server.LoginAsync("alice");

        systemd.Fails = false;
        await AdvanceUntilAsync(clock, () => systemd.Count("WATCHDOG=1") >= 2, "signs of life");
    }

    private static async Task LookAsync(ManualTimeProvider clock, int times)
    {
        for (int looks = 0; looks < times; looks++)
        {
            clock.Advance(s_every);
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }
    }

    /// <summary>Advances the clock. When it runs faster than the thread pool can follow, a sign of life or two are skipped.</summary>
    private static Task AdvanceUntilAsync(ManualTimeProvider clock, Func<bool> condition, string what) => Eventually.BeTrueAsync(
        () =>
        {
            if (condition())
                return true;
            clock.Advance(s_every);
            return false;
        },
        what: what);

    /// <summary>A history that does not accept the next message until it is released.</summary>
    private sealed class StuckHistory : IChatHistory, IDisposable
    {
        private readonly MemoryHistory _inner = new(Options.Create(new ChatOptions()));
        private readonly TaskCompletionSource _stuck = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly SemaphoreSlim _released = new(0);
        private volatile bool _sticks;

        internal Task Stuck => _stuck.Task;

        internal void Stick() => _sticks = true;

        internal void Release() => _released.Release();

        public void Dispose() => _released.Dispose();

        public void Add(string room, Mail mail)
        {
            if (_sticks)
            {
                _stuck.TrySetResult();
                Assert.True(_released.Wait(TimeSpan.FromSeconds(60)));
                _sticks = false;
            }

            _inner.Add(room, mail);
        }

        public void AddPrivate(SessionKey reader, Mail mail) => _inner.AddPrivate(reader, mail);

        public void Forget(string room) => _inner.Forget(room);

        public void Forget(SessionKey reader) => _inner.Forget(reader);

        public ValueTask<MailPage> ReadAsync(string room, PageStart start, PageSize size, CancellationToken cancellationToken) =>
            _inner.ReadAsync(room, start, size, cancellationToken);

        public ValueTask<MailPage> ReadPrivateAsync(
            SessionKey reader, Correspondent with, PageStart start, PageSize size, CancellationToken cancellationToken) =>
            _inner.ReadPrivateAsync(reader, with, start, size, cancellationToken);

        public ValueTask<AuthorPage> ReadOfAsync(string userId, long before, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<Mail?> FindAsync(long sequence, SessionKey reader, CancellationToken cancellationToken) =>
            _inner.FindAsync(sequence, reader, cancellationToken);

        public ValueTask<ChangesPage> ReadChangesAsync(
            string? room, SessionKey reader, long since, PageSize size, CancellationToken cancellationToken) =>
            _inner.ReadChangesAsync(room, reader, since, size, cancellationToken);

        public ValueTask<IReadOnlyList<EarlierText>> ReadEarlierAsync(long sequence, CancellationToken cancellationToken) =>
            _inner.ReadEarlierAsync(sequence, cancellationToken);

        public ValueTask<IReadOnlyDictionary<long, MessageReactions>> ReadReactionsAsync(
            IReadOnlyCollection<long> messages, IReadOnlyCollection<string> users, CancellationToken cancellationToken) =>
            _inner.ReadReactionsAsync(messages, users, cancellationToken);

        public ValueTask<ReactedPage> ReadReactedAsync(
            string? room, SessionKey reader, long since, PageSize size, CancellationToken cancellationToken) =>
            _inner.ReadReactedAsync(room, reader, since, size, cancellationToken);

        public ValueTask<PersonReactions> ReadReactionsOfAsync(string userId, long before, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<MailPage> SearchAsync(
            SearchQuery query, SearchScope scope, long before, PageSize size, CancellationToken cancellationToken) =>
            _inner.SearchAsync(query, scope, before, size, cancellationToken);
    }

    private sealed class Notices : ISystemdNotifier
    {
        private readonly ConcurrentQueue<string> _said = new();

        public bool IsEnabled => true;

        internal IReadOnlyCollection<string> Said => _said;

        internal bool Fails { get; set; }

        internal int Tries { get; private set; }

        public void Notify(ServiceState state)
        {
            Tries++;
            if (Fails)
                throw new SocketException((int)SocketError.TooManyOpenSockets);
            _said.Enqueue(state.ToString());
        }

        internal int Count(string what) => _said.Count(one => one == what);
    }
}
