using ErlChat.Web.Configuration;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Starting;

/// <summary>What is checked at the start beside each class of options.</summary>
internal static class StartChecks
{
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
}
