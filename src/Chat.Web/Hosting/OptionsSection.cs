using System.Reflection;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Hosting;

/// <summary>
/// Binds options one by one, and reports every value that cannot be read. The framework's binder throws at the first, and the operator would mend them one start at a
/// time.
/// </summary>
internal sealed class OptionsSection<TOptions>(IConfiguration section) : IConfigureOptions<TOptions>, IValidateOptions<TOptions>
    where TOptions : class
{
    public void Configure(TOptions options) => _ = Read(options);

    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        List<string> failures = Read(null);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private List<string> Read(TOptions? target)
    {
        var failures = new List<string>();
        foreach (PropertyInfo option in typeof(TOptions).GetProperties().Where(property => property.CanWrite && section[property.Name] is not null))
        {
            try
            {
                object? value = section.GetValue(option.PropertyType, option.Name);
                if (target is not null)
                    option.SetValue(target, value);
            }
            catch (InvalidOperationException e)
            {
                failures.Add(e.Message);
            }
        }

        return failures;
    }
}
