using Microsoft.Extensions.Options;

namespace ErlChat.Web.Configuration;

/// <summary>Binds options one by one and reports every value that cannot be read. The framework's binder throws at the first, so the operator would mend one per start.</summary>
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
