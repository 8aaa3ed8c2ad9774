using ErlChat.Log;
using ErlChat.Sessions;
using ErlChat.Snapshots;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Log;
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
