using ErlChat.Settings;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Hosting;

/// <summary>Options, Kestrel, proxies and health.</summary>
internal static class HostingSetup
{
    private const string DefaultUrl = "http://localhost:8000";

    /// <summary>Binds and checks all options when the server starts.</summary>
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

    internal static OptionsBuilder<TOptions> AddOptionsSection<TOptions>(this IServiceCollection services, IConfigurationSection section)
        where TOptions : class
    {
        services.KnowOptions<TOptions>(section, isRead: true);
        var binder = new OptionsSection<TOptions>(section);
        services.AddSingleton<IConfigureOptions<TOptions>>(binder);
        services.AddSingleton<IValidateOptions<TOptions>>(binder);
        return services.AddOptions<TOptions>().ValidateOnStart();
    }

    /// <summary>Takes note of options that may stand in a section, whether or not anything reads them.</summary>
    internal static void KnowOptions<TOptions>(this IServiceCollection services, IConfigurationSection section, bool isRead)
    {
        if (OptionsCatalog.Of(services) is not { } catalog)
        {
            catalog = new OptionsCatalog();
            services.AddSingleton(catalog);
            services.AddSingleton<IValidateOptions<OptionsCatalog.Check>>(catalog);
            services.AddOptions<OptionsCatalog.Check>().ValidateOnStart();
        }

        catalog.Add(section, typeof(TOptions), isRead);
    }

    /// <summary>
    /// Refuses what is in the configuration and nobody reads, and what contradicts itself. All sections of options must be known by now.
    /// </summary>
    internal static void CheckKeys(this WebApplicationBuilder builder, string[] args)
    {
        ConfigurationManager configuration = builder.Configuration;
        builder.Services.AddSingleton<IValidateOptions<OptionsCatalog.Check>>(
            provider => new StrayKeys(provider.GetRequiredService<OptionsCatalog>(), configuration, args));
        builder.Services.AddSingleton<IValidateOptions<OptionsCatalog.Check>>(new LogLevels(configuration));
        builder.Services.AddSingleton<IValidateOptions<OptionsCatalog.Check>>(new Contradictions(configuration));
    }

    internal static void AddKestrelLimits(this WebApplicationBuilder builder)
    {
        ConfigurationManager configuration = builder.Configuration;
        bool told = configuration["urls"] is { Length: > 0 } || configuration["http_ports"] is { Length: > 0 }
            || configuration["https_ports"] is { Length: > 0 } || configuration.GetSection("Kestrel:Endpoints").Exists();
        if (!told)
            builder.WebHost.UseUrls(DefaultUrl);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // The bounds of the comet wire, part 1, clause 14.
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        });

        // Behind these defaults, so that the operator's word counts.
        var section = new KestrelSection(configuration);
        builder.Services.AddSingleton<IConfigureOptions<KestrelServerOptions>>(section);
        builder.Services.AddSingleton<IValidateOptions<OptionsCatalog.Check>>(section);
    }

    /// <summary>Believes the forwarding headers of configured proxies, and of nobody else.</summary>
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
