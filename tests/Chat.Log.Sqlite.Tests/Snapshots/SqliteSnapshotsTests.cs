using System.Security.Cryptography;
using ErlChat.Log;
using ErlChat.Sessions;
using ErlChat.Snapshots;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Log;
using ErlChat.State;
using Microsoft.Data.Sqlite;

namespace ErlChat.Tests;

/// <summary>The contract of every store of snapshots.</summary>
public sealed class SqliteSnapshotsTests : SnapshotStoreContract
{
    private readonly SqliteParts _parts = new();
    private SqliteLog? _log;
    private int _counter;

    public SqliteSnapshotsTests() => _parts.Options.RestoreMail = RestoreMail;

    public override ValueTask DisposeAsync() => _parts.DisposeAsync();

    // They have addresses, and nicks of persons who may be erased by now.
    [Fact]
    public async Task A_removed_snapshot_is_overwritten()
    {
        ISnapshotStore store = Create();
        await store.OpenAsync(CancellationToken.None);
        byte[] part = [];
        for (int i = 1; i <= 4; i++)
        {
            await AppendAsync(10);

            // Hashes do not become shorter, so the image has pages of its own.
            OriginImage[] origins = [.. Enumerable.Range(0, 500).Select(one => new OriginImage(Hash(one), 1, 1))];
            await store.SaveAsync(new ChatStateImage(10 * i, [], [], [], origins), CancellationToken.None);
            if (i == 1)
                part = _parts.Scalar<byte[]>("SELECT substr(image, 9000, 40) FROM snapshot")!;
        }

        long[] kept = await StoredAsync();
        Assert.DoesNotContain(10, kept);
        _parts.Close();
        Assert.Equal(40, part.Length);
        Assert.Equal(-1, (await File.ReadAllBytesAsync(_parts.File)).AsSpan().IndexOf(part));

        string Hash(int number) => Convert.ToHexString(SHA256.HashData(BitConverter.GetBytes((_counter * 1000) + number)));
    }

    protected override ISnapshotStore Create()
    {
        _log = _parts.OpenLog();
        return _parts.Snapshots;
    }

    protected override ISnapshotStore Restart()
    {
        _parts.Close();
        return Create();
    }

    protected override async Task AppendAsync(int entries)
    {
        for (int i = 0; i < entries; i++)
        {
            var entry = new Said(SessionKey.Of("alice"), "lobby", "hello", Action: false) { Id = new CommandId("run", ++_counter) };
            await _log!.AppendAsync(entry, CancellationToken.None).WithinAsync();
        }
    }

    protected override Task DamageAsync(long sequence)
    {
        _parts.Execute(
            "UPDATE snapshot SET image = substr(image, 1, 30) || x'ff' || substr(image, 32) WHERE sequence = $sequence",
            ("$sequence", sequence));
        return Task.CompletedTask;
    }

    protected override Task<long[]> StoredAsync()
    {
        var found = new List<long>();
        using SqliteConnection connection = _parts.Connect();
        using SqliteCommand command = connection.Command("SELECT sequence FROM snapshot ORDER BY sequence");
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
            found.Add(rows.GetInt64(0));
        return Task.FromResult(found.ToArray());
    }
}
