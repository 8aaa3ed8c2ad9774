using System.Globalization;
using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Sessions;
using ErlChat.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace ErlChat.LogBench;

/// <summary>
/// Starts a chat with 10 000 users in one room and 20 000 entries after its snapshot, of which the newest 1 000 go into everybody's
/// mailbox.
/// </summary>
internal static class StartBench
{
    private const int Sessions = 10_000;
    private const int Entries = 20_000;

    internal static async Task RunAsync(string folder)
    {
        string path = Path.Combine(folder, "start.db");
        var keys = new SessionKey[Sessions];
        await AppendAsync(path, Sessions, i =>
        {
            string nick = string.Create(CultureInfo.InvariantCulture, $"user{i}");
            keys[i] = SessionKey.Of(nick);
            string host = string.Create(CultureInfo.InvariantCulture, $"10.0.{i / 250}.{i % 250}");
            return new Joined(keys[i], nick, nick, nick, null, false, host, RoomName.Lobby, 32, 16);
        });

        // Folds the logins. Its stop writes the snapshot.
        await (await BenchChat.StartAsync(path)).DisposeAsync();
        await AppendAsync(path, Entries, i => new Said(
            keys[i * 7 % Sessions], RoomName.Lobby, string.Create(CultureInfo.InvariantCulture, $"message number {i}"), false));
        Console.WriteLine();
        Console.WriteLine($"start: {Sessions:N0} sessions in one room, {Entries:N0} entries");
        await MeasureAsync("  from the snapshot", path, Sessions);
        using (SqliteConnection connection = FileConnection.Open(path, SqliteOpenMode.ReadWrite))
            connection.Execute("DELETE FROM snapshot");
        await MeasureAsync("  without snapshot", path, Sessions);
    }

    internal static async Task MeasureAsync(string what, string path, int sessions)
    {
        long started = TimeProvider.System.GetTimestamp();
        await using BenchChat chat = await BenchChat.StartAsync(path);
        TimeSpan took = TimeProvider.System.GetElapsedTime(started);
        if (chat.Room.SessionCount != sessions)
            throw new InvalidOperationException($"{chat.Room.SessionCount} sessions came back.");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-40}{took.TotalSeconds,8:F2} s"));
    }

    private static async Task AppendAsync(string path, int count, Func<int, Entry> entry)
    {
        using var log = new BenchLog(path);
        string origin = Guid.NewGuid().ToString("N");
        var appends = new List<Task>(count);
        for (int i = 0; i < count; i++)
        {
            Entry next = entry(i) with { Id = new CommandId(origin, i + 1), At = TimeProvider.System.GetUtcNow() };
            appends.Add(log.Log.AppendAsync(next, CancellationToken.None).AsTask());
        }

        await Task.WhenAll(appends);
    }
}
