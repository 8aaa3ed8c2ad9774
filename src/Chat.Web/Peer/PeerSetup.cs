using ErlChat.Web.Configuration;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Peer;

/// <summary>Registers the peer port.</summary>
internal static class PeerSetup
{
    internal static void AddPeer(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddOptionsSection<PeerOptions>(builder.Configuration.GetSection(PeerOptions.Section)).ValidateDataAnnotations();
        services.AddSingleton<PeerOptionsRules>();
        services.AddSingleton<IPostConfigureOptions<PeerOptions>>(provider => provider.GetRequiredService<PeerOptionsRules>());
        services.AddSingleton<IValidateOptions<PeerOptions>>(provider => provider.GetRequiredService<PeerOptionsRules>());
        services.AddSingleton<PeerLines>();
        services.AddSingleton<PeerHandler>();
        services.AddHostedService<PeerListener>();
    }
}
