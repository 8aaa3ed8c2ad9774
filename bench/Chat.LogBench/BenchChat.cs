using ErlChat.Commands;
using ErlChat.Delivery;
using ErlChat.History;
using ErlChat.Limits;
using ErlChat.Log;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Settings;
using ErlChat.Snapshots;
using ErlChat.Sqlite.History;
using ErlChat.Sqlite.Log;
using ErlChat.Sqlite.Snapshots;
using ErlChat.State;
using ErlChat.Submissions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ErlChat.LogBench;

/// <summary>A complete chat without a server, on one of the two logs.</summary>
internal sealed class BenchChat : IAsyncDisposable
{
    private readonly ChatDatabase? _database;
    private readonly SqliteHistory? _sqliteHistory;
    private readonly Admission _admission;

    private BenchChat(string? path, Action<SqliteLogOptions>? change)
    {
        IOptions<ChatOptions> options = Options.Create(new ChatOptions
        {
            RateLimitCount = 100_000,
            RateLimitWindow = TimeSpan.FromMilliseconds(10),
            MaxSessionsPerHost = 1_000_000,

            // A slow search is a figure here, not a failure.
            SearchTimeout = TimeSpan.FromSeconds(60),
        });
        TimeProvider time = TimeProvider.System;
        IChatLog log;
        IChatHistory history;
        ISnapshotStore? snapshots = null;
        if (path is null)
        {
            log = new MemoryLog();
            history = new MemoryHistory(options);
        }
        else
        {
            var settings = new SqliteLogOptions { Path = path };
            change?.Invoke(settings);
            var feed = new EntryFeed();
            var start = new StartPlace(settings, NullLogger<StartPlace>.Instance);
            _database = new ChatDatabase(settings, Path.GetTempPath(), time, feed, start, NullLogger<ChatDatabase>.Instance);
            log = new SqliteLog(_database, feed, NullLogger<SqliteLog>.Instance);
            history = _sqliteHistory = new SqliteHistory(_database, time, NullLogger<SqliteHistory>.Instance);
            snapshots = new SqliteSnapshots(_database, _sqliteHistory, start, NullLogger<SqliteSnapshots>.Instance);
        }

        Office = new PostOffice(options, time);
        Log = log;
        _admission = new Admission(Options.Create(LimitOptions.Off()), options, time, NullLogger<Admission>.Instance);
        Room = new ChatRoom(log, Office, history, new NoAdmins(), options, time, NullLogger<ChatRoom>.Instance, _admission, snapshots);
        Submissions = new SubmissionHandler(Room, Office, new SlashCommands(new NoAdmins()), _admission, options);
    }

    internal IChatLog Log { get; }

    internal ChatRoom Room { get; }

    internal SubmissionHandler Submissions { get; }

    internal PostOffice Office { get; }

    /// <summary>Starts a chat on a database at <paramref name="path"/>, or in memory if that is null.</summary>
    internal static async Task<BenchChat> StartAsync(string? path, Action<SqliteLogOptions>? change = null)
    {
        var chat = new BenchChat(path, change);
        await chat.Room.StartAsync(CancellationToken.None);
        return chat;
    }

    internal async Task<SessionKey> LoginAsync(string nick)
    {
        JoinResult result = await Room.JoinAsync(new JoinRequest(nick, "192.0.2.1"));
        return result.Token is null ? throw new InvalidOperationException(result.Outcome.ToString()) : result.Session;
    }

    internal async Task SayAsync(SessionKey session, string text)
    {
        if (await Submissions.SubmitAsync(new Submission(session, text)) is not Accepted)
            throw new InvalidOperationException("A message was refused.");
    }

    public async ValueTask DisposeAsync()
    {
        Office.StopAdmitting();
        await Room.StopAsync(CancellationToken.None);
        Room.Dispose();
        _admission.Dispose();
        _sqliteHistory?.Dispose();
        _database?.Dispose();
    }

    private sealed class NoAdmins : IAdminPasswords, IAdminPages
    {
        public ValueTask<AdminCheck> CheckAsync(SessionKey session, string host, string password) => new(new AdminCheck(AdminLogin.Off));

        public string Info(SessionView user) => "";

        public string Bans(IReadOnlyList<(Ban Ban, string TimeLeft)> bans) => "";

        public string Acts(IReadOnlyList<Act> acts, int page, int pages) => "";
    }
}
