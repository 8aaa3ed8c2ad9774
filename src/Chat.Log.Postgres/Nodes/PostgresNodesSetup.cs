using ErlChat.Nodes;
using ErlChat.Postgres.Connections;
using ErlChat.Postgres.Schema;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ErlChat.Postgres.Nodes;

/// <summary>Registers this node among the nodes of a shared database.</summary>
internal static class PostgresNodesSetup
{
    /// <summary>
    /// Call it before the chat room is registered as a hosted service: the name is claimed before the room writes anything, and given back
    /// after its last entry.
    /// </summary>
    internal static void AddPostgresNodes(this IServiceCollection services)
    {
        services.AddSingleton<SharedTries>();
        services.AddSingleton(provider => new PostgresNodes(
            provider.GetRequiredService<PostgresDatabase>().OpenAsync,
            provider.GetRequiredService<Primary>(),
            provider.GetRequiredService<IOptions<NodeOptions>>().Value,
            provider.GetRequiredService<INodeReporter>(),
            provider.GetRequiredService<SharedTries>(),
            NodeTimes.Default,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PostgresNodes>>(),
            _ => provider.GetRequiredService<IHostApplicationLifetime>().StopApplication()));
        services.AddSingleton<ILeases>(provider => provider.GetRequiredService<PostgresNodes>());
        services.AddSingleton<INodes>(provider => provider.GetRequiredService<PostgresNodes>());
        services.AddHostedService(provider => provider.GetRequiredService<PostgresNodes>());
    }
}
