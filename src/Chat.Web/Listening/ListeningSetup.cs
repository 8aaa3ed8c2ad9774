using ErlChat.Web.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Listening;

/// <summary>Sets up where the server listens and how it accepts connections.</summary>
internal static class ListeningSetup
{
    private const string DefaultUrl = "http://localhost:8000";

    /// <summary>Sets the addresses, the accepting of connections, and Kestrel's limits.</summary>
    internal static void AddListening(this WebApplicationBuilder builder)
    {
        ConfigurationManager configuration = builder.Configuration;
        IServiceCollection services = builder.Services;
        services.AddSingleton<ConnectionLimits>();
        services.AddSingleton<AcceptPace>();

        // Kestrel prefers the factory that was added last.
        services.AddSingleton<IConnectionListenerFactory, ListenerFactory>();
        bool told = configuration["urls"] is { Length: > 0 } || configuration["http_ports"] is { Length: > 0 }
            || configuration["https_ports"] is { Length: > 0 } || configuration.GetSection("Kestrel:Endpoints").Exists();
        if (!told)
            builder.WebHost.UseUrls(DefaultUrl);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // The limits for bad input (docs/comet.md, clause 14).
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        });

        // Added after these defaults, so that the operator's settings override them.
        var section = new KestrelSection(configuration);
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>>(section);
        services.AddSingleton<IValidateOptions<OptionsCatalog.Check>>(section);
    }
}
