using ErlChat.Settings;
using ErlChat.Web.Configuration;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Site;

/// <summary>Registers the options of the chat and its site, and handles trusted proxies.</summary>
internal static class SiteSetup
{
    /// <summary>Reads the options in the section <c>Chat</c> that belong to no other part.</summary>
    internal static void AddChatOptions(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        IConfigurationSection section = builder.Configuration.GetSection(ChatOptions.Section);
        services.AddOptionsSection<ChatOptions>(section).ValidateDataAnnotations();
        services.AddOptionsSection<WebOptions>(section);
        services.AddSingleton<ConfigurationReport>();
        services.AddSingleton<IValidateOptions<ChatOptions>, ChatOptionsRules>();
        services.AddSingleton<IValidateOptions<WebOptions>, WebOptionsRules>();
    }

    /// <summary>Applies the forwarding headers of configured proxies only.</summary>
    internal static void UseTrustedProxies(this WebApplication app)
    {
        WebOptions options = app.Services.GetRequiredService<IOptions<WebOptions>>().Value;
        app.UseMiddleware<UntrustedProxyWarning>();
        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            ForwardLimit = null,
        };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (System.Net.IPNetwork network in options.ProxyNetworks())
            forwarded.KnownIPNetworks.Add(network);
        if (forwarded.KnownIPNetworks.Count > 0)
            app.UseForwardedHeaders(forwarded);
    }
}
