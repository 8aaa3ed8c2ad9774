using ErlChat.Forgetting;
using ErlChat.Health;
using ErlChat.History;
using ErlChat.Log;
using ErlChat.Members;
using ErlChat.Postgres.Connections;
using ErlChat.Postgres.Forgetting;
using ErlChat.Postgres.History;
using ErlChat.Postgres.Log;
using ErlChat.Postgres.Nodes;
using ErlChat.Postgres.Schema;
using ErlChat.Postgres.Snapshots;
using ErlChat.Postgres.Upkeep;
using ErlChat.Settings;
using ErlChat.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ErlChat.Postgres;

/// <summary>Registers the history, the snapshots and the retention.</summary>
internal static class PostgresHistorySetup
{
    /// <summary>Adds the parts. The caller adds the database, the log and the nodes, and binds the options.</summary>
    internal static void AddPostgresHistory(this IServiceCollection services)
    {
        services.AddSingleton(provider =>
        {
            var history = new PostgresHistory(
                provider.GetRequiredService<Primary>(),
                OptionsOf(provider),
                provider.GetRequiredService<IOptions<ChatOptions>>().Value.SearchTimeout,
                provider.GetRequiredService<ILeases>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<PostgresHistory>>());
            history.AddTo(provider.GetRequiredService<Conditions>());
            return history;
        });
        services.AddSingleton<IChatHistory>(provider => provider.GetRequiredService<PostgresHistory>());
        services.AddSingleton(provider => new PostgresSnapshots(
            provider.GetRequiredService<PostgresDatabase>(),
            provider.GetRequiredService<Primary>(),
            provider.GetRequiredService<PostgresLog>(),
            provider.GetRequiredService<PostgresHistory>(),
            OptionsOf(provider),
            provider.GetRequiredService<ILeases>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PostgresSnapshots>>()));
        services.AddSingleton<ISnapshotStore>(provider => provider.GetRequiredService<PostgresSnapshots>());
        services.AddSingleton(provider => new HistoryRepair(
            provider.GetRequiredService<Primary>(),
            provider.GetRequiredService<PostgresHistory>(),
            provider.GetRequiredService<PostgresSnapshots>(),
            provider.GetRequiredService<ILogger<HistoryRepair>>()));
        services.AddSingleton<IHostedService>(provider => new HistoryWriter(
            provider.GetRequiredService<PostgresHistory>(),
            provider.GetRequiredService<HistoryRepair>(),
            OptionsOf(provider),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<HistoryWriter>>()));
        services.AddSingleton(provider => new DatabaseWatch(
            provider.GetRequiredService<Primary>(),
            provider.GetRequiredService<PostgresHistory>(),
            OptionsOf(provider),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ILogHealth>(provider => provider.GetRequiredService<DatabaseWatch>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<DatabaseWatch>());
        services.AddSingleton<IStoredPrivacy>(provider => new PostgresPrivacy(
            provider.GetRequiredService<Primary>(),
            provider.GetRequiredService<PostgresSnapshots>(),
            provider.GetRequiredService<ILeases>(),
            provider.GetRequiredService<ICredentialStore>()));
        services.AddSingleton<IHostedService>(provider => new PostgresRetention(
            provider.GetRequiredService<Primary>(),
            provider.GetRequiredService<PostgresSnapshots>(),
            OptionsOf(provider),
            provider.GetRequiredService<ILeases>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PostgresRetention>>()));
    }

    private static PostgresLogOptions OptionsOf(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<PostgresLogOptions>>().Value;
}
