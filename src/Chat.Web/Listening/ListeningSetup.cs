using ErlChat.Web.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Listening;

/// <summary>The addresses and connections of the server.</summary>
internal static class ListeningSetup
{
    private const string DefaultUrl = "http://localhost:8000";

    /// <summary>Where the server listens, how it accepts connections, and Kestrel's limits.</summary>
    internal static void AddListening(this WebApplicationBuilder builder)
    {
        ConfigurationManager configuration = builder.Configuration;
        IServiceCollection services = builder.Services;
        services.AddSingleton<ConnectionLimits>();
        services.AddSingleton<AcceptPace>();

        // Kestrel asks the one that was added last first.
        services.AddSingleton<IConnectionListenerFactory, ListenerFactory>();
        bool told = configuration["urls"] is { Length: > 0 } || configuration["http_ports"] is { Length: > 0 }
            || configuration["https_ports"] is { Length: > 0 } || configuration.GetSection("Kestrel:Endpoints").Exists();
        if (!told)
            builder.WebHost.UseUrls(DefaultUrl);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // The bounds of bad input (docs/comet.md, clause 14).
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        });

        // Behind these defaults, so that the operator's word counts.
        var section = new KestrelSection(configuration);
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>>(section);
        services.AddSingleton<IValidateOptions<OptionsCatalog.Check>>(section);
    }
}
