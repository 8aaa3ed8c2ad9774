using ErlChat.Commands;
using ErlChat.Delivery;
using ErlChat.Eviction;
using ErlChat.History;
using ErlChat.Limits;
using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Nodes;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Settings;
using ErlChat.Snapshots;
using ErlChat.Submissions;
using Microsoft.Extensions.Options;

namespace ErlChat.Testing;

/// <summary>
/// A running chat, with helpers for talking to it. Disposing it stops it, and fails the test if an unexpected error was logged.
/// </summary>
public sealed class TestChat : IAsyncDisposable
{
    private readonly IOptions<ChatOptions> _options;
    private readonly INodes? _nodes;
    private IdleEviction? _eviction;

    internal TestChat(
        IOptions<ChatOptions> options,
        TimeProvider time,
        IChatLog log,
        IChatHistory history,
        LimitOptions limits,
        ISnapshotStore? snapshots = null,
        INodes? nodes = null)
    {
        _options = options;
        _nodes = nodes;
        Time = time;
        Log = log;
        History = history;
        Office = new PostOffice(options, time, nodes);
        Commands = new SlashCommands(Pages);
        Admission = new Admission(Microsoft.Extensions.Options.Options.Create(limits), options, time, Logs.For<Admission>());
        Room = new ChatRoom(
            log, Office, history, Passwords, options, time, Logs.For<ChatRoom>(), Admission, snapshots, nodes: nodes);
        Submissions = new SubmissionHandler(Room, Office, Commands, Admission, options);
    }

    public ChatOptions Options => _options.Value;

    public TimeProvider Time { get; }

    /// <summary>The clock, if it is a <see cref="ManualTimeProvider"/>.</summary>
    public ManualTimeProvider Clock => (ManualTimeProvider)Time;

    public IChatLog Log { get; }

    public IChatHistory History { get; }

    public PostOffice Office { get; }

    public SlashCommands Commands { get; }

    public Admission Admission { get; }

    public ChatRoom Room { get; }

    public SubmissionHandler Submissions { get; }

    public CollectingLogs Logs { get; } = new();

    public FixedAdminPasswords Passwords { get; } = new();

    public MarkedAdminPages Pages { get; } = new();

    /// <summary>Starts a chat with the default options, a clock that stands still and a log in memory.</summary>
    public static Task<TestChat> StartAsync(Action<ChatOptions>? change = null) =>
        new TestChatBuilder().With(change ?? (_ => { })).StartAsync();

    /// <summary>Starts the check for idle sessions.</summary>
    public async Task<IdleEviction> StartEvictionAsync()
    {
        _eviction = new IdleEviction(Room, Office, _options, Time, Logs.For<IdleEviction>(), _nodes);
        await _eviction.StartAsync(CancellationToken.None);
        return _eviction;
    }

    /// <summary>Logs a user in; fails the test if that is refused.</summary>
    public async Task<TestSession> LoginAsync(string nick, string host = "192.0.2.1", bool keeps = false)
    {
        JoinResult result = await Room.JoinAsync(new JoinRequest(nick, host) { Keeps = keeps }).WithinAsync();
        return SessionOf(result);
    }

    /// <summary>Logs a user in, makes the user an administrator, and reads the answers to that.</summary>
    public async Task<TestSession> LoginAdminAsync(string nick, string host = "192.0.2.250")
    {
        TestSession admin = await LoginAsync(nick, host);
        await admin.SubmitAsync("/auth " + FixedAdminPasswords.Password);
        await admin.DrainAsync();
        return admin;
    }

    /// <summary>The session of an accepted login.</summary>
    public TestSession SessionOf(JoinResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Outcome is JoinAccepted joined
            ? new TestSession(this, result.Session, result.Token!, joined.Who, joined.Sequence)
            : throw new InvalidOperationException($"The login was refused: {result.Outcome}");
    }

    /// <summary>Sends a message. Returns the result of <see cref="SubmissionHandler.SubmitAsync"/>.</summary>
    public Task<Outcome?> SayAsync(TestSession session, string text, string? room = null, string? key = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        return Submissions.SubmitAsync(new Submission(session.Key, text) { Room = room, Key = key }).WithinAsync();
    }

    /// <summary>
    /// Reads a mailbox, waiting for the options' poll time by default. There is no deadline, because the read may be meant to park.
    /// </summary>
    public Task<MailRead> ReadAsync(TestSession session, long cursor, TimeSpan? patience = null, CancellationToken aborted = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Box.ReadAsync(cursor, hideListed: true, patience ?? Options.PollTimeout, aborted).AsTask();
    }

    /// <summary>Waits until a number of readers are parked.</summary>
    public Task ParkedAsync(long count) => Eventually.BeTrueAsync(() => Office.Parked == count, what: $"Parked == {count}");

    public async ValueTask DisposeAsync()
    {
        Office.StopAdmitting();
        if (_eviction is not null)
        {
            await _eviction.StopAsync(CancellationToken.None).WithinAsync();
            _eviction.Dispose();
        }

        await Room.StopAsync(CancellationToken.None).WithinAsync();
        Room.Dispose();
        Admission.Dispose();
        Logs.Verify();
    }
}
