using ErlChat.Postgres.Connections;
using ErlChat.Postgres.Log;
using ErlChat.Postgres.Schema;
using ErlChat.Serialization;
using Microsoft.Extensions.Options;

namespace ErlChat.Tests;

/// <summary>What one node has of the database: its own connections and its own log.</summary>
internal sealed class ChatNode : IAsyncDisposable
{
    internal ChatNode(PostgresLogOptions options, CollectingLogs logs, IReadOnlyCollection<string>? kinds = null)
    {
        var wrapped = new OptionsWrapper<PostgresLogOptions>(options);
        Primary = new Primary(wrapped, TimeProvider.System, logs.For<Primary>());
        Database = new PostgresDatabase(Primary, wrapped, TimeProvider.System, logs.For<PostgresDatabase>());
        Log = new PostgresLog(Database, Primary, wrapped, TimeProvider.System, logs.For<PostgresLog>())
        {
            Kinds = kinds ?? EntryCodec.Kinds.Keys,
        };
    }

    internal Primary Primary { get; }

    internal PostgresDatabase Database { get; }

    internal PostgresLog Log { get; }

    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        Database.Dispose();
        await Primary.DisposeAsync();
    }
}
