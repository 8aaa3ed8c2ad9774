using ErlChat.Delivery;
using ErlChat.Forgetting;
using ErlChat.Health;
using ErlChat.History;
using ErlChat.Log;
using ErlChat.Members;
using ErlChat.Settings;
using ErlChat.Snapshots;
using ErlChat.Sqlite.Backups;
using ErlChat.Sqlite.Forgetting;
using ErlChat.Sqlite.History;
using ErlChat.Sqlite.Log;
using ErlChat.Sqlite.Members;
using ErlChat.Sqlite.Snapshots;
using ErlChat.Sqlite.Upkeep;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ErlChat.Sqlite;

/// <summary>Registers the durable log, its snapshots, its history and its retention.</summary>
public static class SqliteLogSetup
{
    /// <summary>
    /// Adds the services. The caller must bind <see cref="SqliteLogOptions"/>. Nothing is opened before the chat room starts.
    /// </summary>
    /// <param name="services">The services to add to.</param>
    /// <param name="folder">The folder that relative paths in the options start from.</param>
    public static void AddSqliteLog(this IServiceCollection services, string folder)
    {
        services.AddSingleton<IValidateOptions<SqliteLogOptions>, SqliteLogOptionsRules>();
        services.AddSingleton<EntryFeed>();
        services.AddSingleton(provider => new StartPlace(
            provider.GetRequiredService<IOptions<SqliteLogOptions>>().Value,
            provider.GetRequiredService<ILogger<StartPlace>>()));
        services.AddSingleton(provider => new ChatDatabase(
            provider.GetRequiredService<IOptions<SqliteLogOptions>>().Value,
            folder,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<EntryFeed>(),
            provider.GetRequiredService<StartPlace>(),
            provider.GetRequiredService<ILogger<ChatDatabase>>(),
            StopLimit(provider)));
        services.AddSingleton<ISqliteLogFile>(provider => provider.GetRequiredService<ChatDatabase>());
        services.AddSingleton(provider => new LogBackup(provider.GetRequiredService<ChatDatabase>().Path));
        services.AddSingleton(provider =>
        {
            SqliteLogOptions options = provider.GetRequiredService<IOptions<SqliteLogOptions>>().Value;
            return new BackupFolder(
                provider.GetRequiredService<ChatDatabase>().Path,
                options.BackupFolder,
                options.KeepBackups,
                provider.GetRequiredService<TimeProvider>());
        });
        services.AddSingleton<IChatLog>(provider => new SqliteLog(
            provider.GetRequiredService<ChatDatabase>(),
            provider.GetRequiredService<EntryFeed>(),
            provider.GetRequiredService<ILogger<SqliteLog>>()));
        services.AddSingleton(provider => new SqliteHistory(
            provider.GetRequiredService<ChatDatabase>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SqliteHistory>>(),
            provider.GetRequiredService<IOptions<ChatOptions>>().Value));
        services.AddSingleton<IChatHistory>(provider => provider.GetRequiredService<SqliteHistory>());
        services.AddSingleton<ICredentialStore>(provider => new SqliteCredentials(provider.GetRequiredService<ChatDatabase>()));
        services.AddSingleton<SqliteSnapshots>();
        services.AddSingleton<ISnapshotStore>(provider => provider.GetRequiredService<SqliteSnapshots>());
        services.AddSingleton(provider => new LogWatch(
            provider.GetRequiredService<ChatDatabase>(),
            provider.GetRequiredService<SqliteHistory>(),
            provider.GetRequiredService<Conditions>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<LogWatch>>()));
        services.AddSingleton<ILogHealth>(provider => provider.GetRequiredService<LogWatch>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<LogWatch>());
        services.AddSingleton<IStoredPrivacy>(provider => new SqlitePrivacy(
            provider.GetRequiredService<ChatDatabase>(),
            provider.GetRequiredService<SqliteHistory>(),
            provider.GetRequiredService<SqliteSnapshots>(),
            provider.GetRequiredService<ICredentialStore>()));
        services.AddSingleton<LogRetention>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<LogRetention>());
    }

    private static Func<TimeSpan> StopLimit(IServiceProvider provider)
    {
        var budget = new StopBudget(provider.GetRequiredService<IOptions<ChatOptions>>().Value.StopTimeout);
        PostOffice office = provider.GetRequiredService<PostOffice>();
        return () => budget.ForDatabase(office.StoppingFor);
    }
}
