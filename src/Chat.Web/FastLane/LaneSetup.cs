using Microsoft.Extensions.Options;

namespace ErlChat.Web.FastLane;

/// <summary>Puts the fast lane in front of the ordinary pipeline, on every address that speaks HTTP without TLS.</summary>
internal static class LaneSetup
{
    internal static void AddFastLane(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Lane>();
        builder.Services.AddSingleton<LaneAnswer>();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.ConfigureEndpointDefaults(static endpoint =>
        {
            IServiceProvider services = endpoint.ApplicationServices;

            // The lane knows nothing of the check of hosts.
            string? hosts = services.GetRequiredService<IConfiguration>()["AllowedHosts"];
            if (services.GetRequiredService<IOptions<Hosting.WebOptions>>().Value.FastLane && hosts is null or "" or "*")
                endpoint.Use(services.GetRequiredService<Lane>().Before);
        }));
    }
}
