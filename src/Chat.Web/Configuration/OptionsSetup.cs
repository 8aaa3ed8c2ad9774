using Microsoft.Extensions.Options;

namespace ErlChat.Web.Configuration;

/// <summary>Registers classes of options, each with the section that it is read from.</summary>
internal static class OptionsSetup
{
    /// <summary>Reads a class of options from a section, one by one, and checks it when the server starts.</summary>
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
}

/// <summary>
/// Binds options one by one and reports every value that cannot be read. The framework's binder throws at the first, so the operator would
/// mend one per start.
/// </summary>
internal sealed class OptionsSection<TOptions>(IConfiguration section) : IConfigureOptions<TOptions>, IValidateOptions<TOptions>
    where TOptions : class
{
    public void Configure(TOptions options) => OptionsReader.Read(section, options, []);

    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        // What can be read was read already: this only collects what cannot.
        var failures = new List<string>();
        OptionsReader.Read(section, options, failures);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
