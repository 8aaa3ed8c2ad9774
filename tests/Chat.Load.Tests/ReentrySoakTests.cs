using System.Globalization;
using System.IO.Compression;
using System.Text;
using ErlChat.Load.Drivers;
using ErlChat.Load.Drivers.Comet;
using ErlChat.Load.Measures;
using ErlChat.Load.Net;
using ErlChat.Load.Servers;
using ErlChat.Load.Wire;

namespace ErlChat.Load.Tests;

/// <summary>
/// Ten thousand users whose pages load at once. Each asks for a start, a list of ten thousand users, and its mail. Previously, each list
/// was an entry in the log, and was sorted under the fold's lock on the one thread that delivers everybody's messages.
/// </summary>
[Trait("Category", "Soak")]
public class ReentrySoakTests
{
    private const int People = 10_000;
    private const int Watchers = 20;

    /// <summary>The path of a Chat.Web.dll to measure instead of this build's server.</summary>
    private const string OtherServer = "ERLCHAT_SOAK_SERVER";

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(2);

    // Measured on two quiet cores that also ran this client: 2.5 to 2.7 s and 350 to 410 ms. The target for the latest message is 200 ms.
    // Two garbage collections of 200 to 350 ms each exceed it, because they have to process what ten thousand sessions have allocated and
    // keep.
    private static readonly TimeSpan s_lastList = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_latest = TimeSpan.FromMilliseconds(600);

    [Fact]
    public async Task Ten_thousand_reenter_at_once_and_no_message_is_late()
    {
        using var limit = new CancellationTokenSource(s_limit);
        var settings = new PeerSettings
        {
            Port = ServerProcess.FreePort(),
            Server = Environment.GetEnvironmentVariable(OtherServer),
            ServerArguments = ["--Chat:RateLimitWindow=00:00:00.010", "--Chat:MaxUnreadPerAddress=134217728"],
        };
        await using ServerProcess server = await ChatServer.StartAsync(settings, limit.Token);
        int port = server.Port;

        // The talk has a separate thread. Otherwise it would be late because of what this thread reads.
        using var talk = new Talk(port);
        Task<long[]> talking = RunOnNewThread(talk.RunAsync);
        await talk.Ready.WaitAsync(limit.Token);
        (TimeSpan lastStart, TimeSpan lastList, long bytes, int failed) =
            await RunOnNewThread(reactor => ReenterAsync(reactor, server, talk, limit.Token));
        talk.Stop();
        long[] late = await talking.WaitAsync(limit.Token);
        Array.Sort(late);
        double median = Clock.Milliseconds(late[late.Length / 2]);
        double latest = Clock.Milliseconds(late[^1]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{People} enter again: last start {lastStart.TotalSeconds:F2} s, last list {lastList.TotalSeconds:F2} s, "
            + $"{bytes / 1e6:F0} MB of lists; {late.Length} deliveries meanwhile, median {median:F1} ms, latest {latest:F0} ms; "
            + $"{failed} failed; server at most {server.PeakBytes / 1e6:F0} MB."));
        Assert.Equal(0, failed);
        Assert.True(lastList < s_lastList, $"The last list came after {lastList}.");
        Assert.True(latest < s_latest.TotalMilliseconds, $"A message was late by {latest} ms.");
    }

    private static async Task<(TimeSpan LastStart, TimeSpan LastList, long Bytes, int Failed)> ReenterAsync(
        Reactor reactor,
        ServerProcess server,
        Talk talk,
        CancellationToken cancellationToken)
    {
        Entrant[] people = [.. Enumerable.Range(0, People).Select(i => new Entrant(reactor, i))];
        try
        {
            await Crowd.ForEachAsync(people, one => one.LoginAsync(server.Port), cancellationToken);
            await reactor.DelayAsync(s_settle);
            talk.Measure();
            long began = Clock.Now;
            await Task.WhenAll(people.Select(one => one.EnterAsync())).WaitAsync(cancellationToken);
            await reactor.DelayAsync(s_settle);
            return (
                Elapsed(people.Max(one => one.StartedAt) - began),
                Elapsed(people.Max(one => one.ListedAt) - began),
                people.Sum(one => (long)one.ListBytes),
                people.Count(one => one.Failure is not null));
        }
        finally
        {
            foreach (Entrant one in people)
                one.Dispose();
        }
    }

    private static TimeSpan Elapsed(long ticks) => TimeSpan.FromSeconds(Clock.Seconds(ticks));

    private static Task<T> RunOnNewThread<T>(Func<Reactor, Task<T>> main) =>
        Task.Factory.StartNew(() => Reactor.Run(main), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static byte[] Get(string path, string cookie) =>
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: h\r\nCookie: {cookie}\r\nAccept-Encoding: gzip\r\n\r\n");

    /// <summary>A user whose page is reloaded: start, list, poll, as the client of 2009 does.</summary>
    private sealed class Entrant(Reactor reactor, int number) : IReplySink, IDisposable
    {
        private readonly Connection _connection = new(reactor);
        private string _cookie = "";

        internal long StartedAt { get; private set; }

        internal long ListedAt { get; private set; }

        internal int ListBytes { get; private set; }

        internal string? Failure { get; private set; }

        internal async Task LoginAsync(int port)
        {
            await _connection.ConnectAsync(port);
            _cookie = await CometLogin.EnterAsync(
                _connection, string.Create(CultureInfo.InvariantCulture, $"person{number:D5}"), room: null);
        }

        internal async Task EnterAsync()
        {
            try
            {
                Answer start = await _connection.AskAsync(Get("/chat/start/", _cookie));
                StartedAt = Clock.Now;
                long cursor = Numbers.After(start.Body, "\"response\":"u8);
                Answer list = await _connection.AskAsync(Get("/chat/online/", _cookie));
                ListedAt = Clock.Now;
                ListBytes = list.Body.Length;

                // Compressed, as for any browser. Only a few lists are inspected, since inspecting all would take the server's cores.
                Failure = list.Status == 200 && list.Body is [0x1F, 0x8B, ..] && (number % 100 != 0 || IsList(list.Body))
                    ? null
                    : list.ToString();
                _connection.Sink = this;
                _connection.Send(Get(string.Create(CultureInfo.InvariantCulture, $"/chat/wait/?msg_id={cursor}"), _cookie));
            }
            catch (IOException e)
            {
                Failure = e.Message;
            }
        }

        private static bool IsList(byte[] zipped)
        {
            using var gzip = new GZipStream(new MemoryStream(zipped), CompressionMode.Decompress);
            using var body = new MemoryStream();
            gzip.CopyTo(body);
            return body.ToArray().AsSpan().StartsWith("{\"status\":\"ok\",\"response\":["u8);
        }

        void IReplySink.Received(in Reply reply)
        {
            if (!reply.Body.StartsWith("{\"status\":\"ok\""u8))
                Failure = new Answer(reply).ToString();
        }

        void IReplySink.Lost(string why) => Failure = why;

        public void Dispose() => _connection.Dispose();
    }

    /// <summary>One user sends a message every 50 ms, and a few others read each as it arrives.</summary>
    private sealed class Talk(int port) : IDisposable
    {
        private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(50);

        private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<long> _late = [];
        private readonly List<Reader> _readers = [];
        private volatile bool _measures;
        private volatile bool _stopped;

        internal Task Ready => _ready.Task;

        internal void Measure() => _measures = true;

        internal void Stop() => _stopped = true;

        internal async Task<long[]> RunAsync(Reactor reactor)
        {
            using var speaker = new Connection(reactor);
            await speaker.ConnectAsync(port);
            string cookie = await CometLogin.EnterAsync(speaker, "speaker", room: null);
            for (int i = 0; i < Watchers; i++)
            {
                var reader = new Reader(reactor, this);
                _readers.Add(reader);
                await reader.BeginAsync(port, $"watcher{i}");
            }

            _ready.SetResult();
            while (!_stopped)
            {
                // The message contains the time it was sent, by this machine's clock.
                long due = Clock.Now;
                Answer sent = await speaker.AskAsync(Encoding.ASCII.GetBytes(
                    CometLogin.Post("/chat/send_msg/", cookie, string.Create(CultureInfo.InvariantCulture, $"msg=at{due}"))));
                if (!sent.Text.StartsWith("{\"status\":\"ok\"", StringComparison.Ordinal))
                    throw new IOException("A message was refused: " + sent);
                TimeSpan rest = s_every - Elapsed(Clock.Now - due);
                if (rest > TimeSpan.Zero)
                    await reactor.DelayAsync(rest);
            }

            return [.. _late];
        }

        public void Dispose()
        {
            foreach (Reader reader in _readers)
                reader.Dispose();
        }

        private sealed class Reader(Reactor reactor, Talk talk) : IReplySink, IDisposable
        {
            private readonly Connection _connection = new(reactor);
            private string _cookie = "";
            private long _cursor;

            internal async Task BeginAsync(int port, string nick)
            {
                await _connection.ConnectAsync(port);
                _cookie = await CometLogin.EnterAsync(_connection, nick, room: null);
                Answer start = await _connection.AskAsync(Get("/chat/start/", _cookie));
                _cursor = Numbers.After(start.Body, "\"response\":"u8);
                _connection.Sink = this;
                Poll();
            }

            void IReplySink.Received(in Reply reply)
            {
                long now = Clock.Now;
                ReadOnlySpan<byte> mark = "\"msg\":\"at"u8;
                for (ReadOnlySpan<byte> rest = reply.Body; rest.IndexOf(mark) is >= 0 and int at; rest = rest[(at + mark.Length)..])
                {
                    if (talk._measures)
                        talk._late.Add(now - Numbers.After(rest, mark));
                }

                if (Numbers.AfterLast(reply.Body, "{\"id\":"u8) is > 0 and long last)
                    _cursor = last + 1;
                Poll();
            }

            void IReplySink.Lost(string why) => throw new IOException("A watcher was lost: " + why);

            public void Dispose() => _connection.Dispose();

            private void Poll() =>
                _connection.Send(Get(string.Create(CultureInfo.InvariantCulture, $"/chat/wait/?msg_id={_cursor}"), _cookie));
        }
    }
}
