using ErlChat.Web.Configuration;
using ErlChat.Web.Limits;

namespace ErlChat.Web.Flack;

/// <summary>Registers and routes the flack protocol.</summary>
internal static class FlackSetup
{
    internal static void AddFlack(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddOptionsSection<FlackOptions>(builder.Configuration.GetSection(FlackOptions.Section)).ValidateDataAnnotations();
        services.AddSingleton<FlackFormat>();
        services.AddSingleton<FlackConnections>();
        services.AddSingleton<FlackMetrics>();
        services.AddSingleton<FlackDoor>();
        services.AddSingleton<FlackEndpoint>();
    }

    internal static void MapFlack(this WebApplication app)
    {
        // HTTP/2 opens a WebSocket with CONNECT. HTTP metrics are off, because they would measure how long connections last.
        app.MapMethods("/chat-server", ["GET", "POST", "CONNECT"], app.Services.GetRequiredService<FlackEndpoint>().HandleAsync)
            .Costs(Charge.Upgrade)
            .DisableHttpMetrics();
        app.Lifetime.ApplicationStopping.Register(app.Services.GetRequiredService<FlackConnections>().StopAll);
    }
}
