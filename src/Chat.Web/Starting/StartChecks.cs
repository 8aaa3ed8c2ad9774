using ErlChat.Web.Configuration;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Starting;

/// <summary>Adds the checks at the start that do not belong to a single options class.</summary>
internal static class StartChecks
{
    /// <summary>Refuses unknown keys and contradictory options. Call it after all options sections have been registered.</summary>
    internal static void CheckKeys(this WebApplicationBuilder builder, string[] args)
    {
        ConfigurationManager configuration = builder.Configuration;
        builder.Services.AddSingleton<IValidateOptions<OptionsCatalog.Check>>(
            provider => new StrayKeys(provider.GetRequiredService<OptionsCatalog>(), configuration, args));
        builder.Services.AddSingleton<IValidateOptions<OptionsCatalog.Check>>(new LogLevels(configuration));
        builder.Services.AddSingleton<IValidateOptions<OptionsCatalog.Check>>(new Contradictions(configuration));
    }
}
