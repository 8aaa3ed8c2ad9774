using Microsoft.Extensions.Options;

namespace ErlChat.Web.Configuration;

/// <summary>Registers options classes, each with the section that it is read from.</summary>
internal static class OptionsSetup
{
    /// <summary>Reads an options class from a section, and validates it when the server starts.</summary>
    internal static OptionsBuilder<TOptions> AddOptionsSection<TOptions>(this IServiceCollection services, IConfigurationSection section)
        where TOptions : class
    {
        services.KnowOptions<TOptions>(section, isRead: true);
        var binder = new OptionsSection<TOptions>(section);
        services.AddSingleton<IConfigureOptions<TOptions>>(binder);
        services.AddSingleton<IValidateOptions<TOptions>>(binder);
        return services.AddOptions<TOptions>().ValidateOnStart();
    }

    /// <summary>Adds options that may appear in a section to the catalog, whether or not anything reads them.</summary>
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
}

/// <summary>
/// Binds options one by one and reports every value that cannot be read. The framework's binder throws at the first, so the operator would
/// find only one mistake per start.
/// </summary>
internal sealed class OptionsSection<TOptions>(IConfiguration section) : IConfigureOptions<TOptions>, IValidateOptions<TOptions>
    where TOptions : class
{
    public void Configure(TOptions options) => OptionsReader.Read(section, options, []);

    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        // Configure has already set the readable values. This only collects the failures.
        var failures = new List<string>();
        OptionsReader.Read(section, options, failures);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
