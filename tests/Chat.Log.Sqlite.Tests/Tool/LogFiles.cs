using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Serialization;
using ErlChat.Sessions;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Entries;
using ErlChat.Sqlite.Files;
using ErlChat.Sqlite.Tool;
using Microsoft.Data.Sqlite;

namespace ErlChat.Tests;

/// <summary>Makes databases of any size quickly, and damages them as disks do.</summary>
internal static class LogFiles
{
    /// <summary>Bytes of a page in the files that tests make.</summary>
    internal const int Page = 4096;

    private static readonly ConcurrentDictionary<(int Entries, int Length, int People), byte[]> s_made = new();

    internal static SessionKey Alice { get; } = SessionKey.Of("alice's token");

    /// <summary>
    /// Alice logs in, then says <c>message 2</c> up to <c>message N</c>, in entries of these numbers, as if this had been written by a
    /// server.
    /// </summary>
    /// <param name="people">Sessions that come before all that, in the entries up to their number.</param>
    internal static void Create(string path, int entries, int length, int people = 1)
    {
        // Made once for all tests that want the same, unless it would fill the memory.
        if ((long)entries * length > 50_000_000)
        {
            Make(path, entries, length, people);
            return;
        }

        byte[] file = s_made.GetOrAdd((entries, length, people), _ =>
        {
            Make(path, entries, length, people);
            return File.ReadAllBytes(path);
        });
        File.WriteAllBytes(path, file);
    }

    private static void Make(string path, int entries, int length, int people)
    {
        DatabaseFiles.Create(path);
        using SqliteConnection connection = FileConnection.Open(path, SqliteOpenMode.ReadWrite);
        connection.Execute("PRAGMA journal_mode = WAL");
        connection.Execute("PRAGMA synchronous = OFF");
        Schema.Create(connection, Guid.NewGuid().ToString("N"));
        connection.Execute("BEGIN");
        using (var insert = new EntryInsert(connection))
        {
            for (int i = 1; i <= entries; i++)
                insert.Run(i, EntryCodec.Encode(EntryOf(i, length, people)));
        }

        HistoryRebuild.Run(connection, (_, _) => { }, CancellationToken.None);
        connection.Execute("COMMIT");
    }

    /// <summary>What one of Alice's messages says.</summary>
    internal static string TextOf(int number, int length) =>
        string.Create(CultureInfo.InvariantCulture, $"message {number} ").PadRight(length, 'x');

    /// <summary>The first page of <see cref="PagesOf"/>.</summary>
    internal static int PageOf(byte[] file, string what) => PagesOf(file, what).First();

    /// <summary>
    /// The pages, from 0, whose rows contain a text. Other pages may contain it too, as remains of what they were before.
    /// </summary>
    internal static IEnumerable<int> PagesOf(byte[] file, string what)
    {
        const byte tableLeaf = 0x0D;
        const int fileHeader = 100;
        byte[] sought = Encoding.UTF8.GetBytes(what);
        return Enumerable.Range(0, file.Length / Page).Where(
            number => file[number == 0 ? fileHeader : number * Page] == tableLeaf && file.AsSpan(number * Page, Page).IndexOf(sought) >= 0);
    }

    /// <summary>The page on which an entry stands.</summary>
    internal static int PageOfEntry(byte[] file, int number) =>
        PageOf(file, string.Create(CultureInfo.InvariantCulture, $"\"text\":\"message {number} "));

    private static Entry EntryOf(int number, int length, int people)
    {
        var id = new CommandId("test", number);
        DateTimeOffset at = new DateTimeOffset(2026, 11, 20, 7, 0, 0, TimeSpan.Zero).AddSeconds(number);
        if (number < people)
        {
            string nick = string.Create(CultureInfo.InvariantCulture, $"guest{number}");
            string userId = Guid.NewGuid().ToString("N");
            return new Joined(SessionKey.Of(nick), nick, nick, userId, null, false, "192.0.2.2", RoomName.Lobby, 100_000, 16)
            {
                Id = id,
                At = at,
            };
        }

        return number == people
            ? new Joined(Alice, "alice", "alice", "alice-id", null, false, "192.0.2.1", RoomName.Lobby, 100_000, 16) { Id = id, At = at }
            : new Said(Alice, RoomName.Lobby, TextOf(number, length), false) { Id = id, At = at };
    }
}
