using ErlChat.Health;
using ErlChat.Log;
using ErlChat.Members;
using ErlChat.Postgres.Connections;
using ErlChat.Postgres.Log;
using ErlChat.Postgres.Members;
using ErlChat.Postgres.Nodes;
using ErlChat.Postgres.Schema;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ErlChat.Postgres;

/// <summary>Registers the log in PostgreSQL and everything that several nodes share through it.</summary>
public static class PostgresLogSetup
{
    /// <summary>
    /// Adds the parts. The caller has bound <see cref="PostgresLogOptions"/>; nothing is connected before the chat room starts.
    /// </summary>
    public static void AddPostgresLog(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<PostgresLogOptions>, PostgresLogOptionsRules>();
        services.AddSingleton(provider => new Primary(
            provider.GetRequiredService<IOptions<PostgresLogOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Primary>>()));
        services.AddSingleton(provider => new PostgresDatabase(
            provider.GetRequiredService<Primary>(),
            provider.GetRequiredService<IOptions<PostgresLogOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PostgresDatabase>>()));
        services.AddSingleton<IPostgresDatabase>(provider => provider.GetRequiredService<PostgresDatabase>());
        services.AddHostedService(provider => new DatabaseStart(provider.GetRequiredService<PostgresDatabase>()));
        services.AddSingleton(provider =>
        {
            var log = new PostgresLog(
                provider.GetRequiredService<PostgresDatabase>(),
                provider.GetRequiredService<Primary>(),
                provider.GetRequiredService<IOptions<PostgresLogOptions>>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<PostgresLog>>());
            log.AddTo(provider.GetRequiredService<Conditions>());
            return log;
        });
        services.AddSingleton<IChatLog>(provider => provider.GetRequiredService<PostgresLog>());
        services.AddSingleton<ICredentialStore>(provider => new PostgresCredentials(
            provider.GetRequiredService<Primary>(),
            provider.GetRequiredService<IOptions<PostgresLogOptions>>().Value));
        services.AddPostgresHistory();
        services.AddPostgresNodes();
        services.AddHostedService(provider => new LogEndWatch(
            provider.GetRequiredService<PostgresLog>().Ended,
            provider.GetRequiredService<PostgresNodes>(),
            provider.GetRequiredService<IHostApplicationLifetime>()));
    }
}
