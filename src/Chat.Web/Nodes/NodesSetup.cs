using ErlChat.Nodes;
using ErlChat.Web.Configuration;
using ErlChat.Web.Limits;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Nodes;

/// <summary>Registers what this server knows and says about the chat's nodes.</summary>
internal static class NodesSetup
{
    internal static void AddNodes(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddOptionsSection<NodeOptions>(builder.Configuration.GetSection(NodeOptions.Section)).ValidateDataAnnotations();
        services.AddSingleton<NodeOptionsRules>();
        services.AddSingleton<IPostConfigureOptions<NodeOptions>>(provider => provider.GetRequiredService<NodeOptionsRules>());
        services.AddSingleton<IValidateOptions<NodeOptions>>(provider => provider.GetRequiredService<NodeOptionsRules>());
        services.AddSingleton<NodeAddress>();
        services.AddSingleton<INodeReporter, NodeReporter>();
        services.AddSingleton<INodePing, NodePing>();
        services.AddSingleton<NodesEndpoint>();
        services.AddSingleton<ProofEndpoint>();

        // A log that several nodes share has registered them already.
        services.TryAddSingleton<INodes>(provider => provider.GetRequiredService<IOptions<NodeOptions>>().Value.Name is { } name
            ? new SingleNode(name, provider.GetRequiredService<TimeProvider>())
            : SingleNode.Instance);
    }

    internal static void MapNodes(this WebApplication app)
    {
        NodesEndpoint nodes = app.Services.GetRequiredService<NodesEndpoint>();
        app.MapGet("/nodes", nodes.HandleAsync).Costs(Charge.Page);
        app.MapGet("/nodes/{node}/ping", nodes.PingAsync).Costs(Charge.Page);
        app.MapGet("/nodes/{node}/proof", app.Services.GetRequiredService<ProofEndpoint>().HandleAsync).Costs(Charge.Probe);
    }
}
