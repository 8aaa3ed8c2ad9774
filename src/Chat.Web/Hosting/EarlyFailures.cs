using Microsoft.Extensions.Options;

namespace ErlChat.Web.Hosting;

/// <summary>What was found wrong while the parts were put together, told at the start with whatever else is wrong with the options.</summary>
internal sealed class EarlyFailures(IEnumerable<string> failures) : IValidateOptions<OptionsCatalog.Check>
{
    private readonly string[] _failures = [.. failures.Distinct()];

    public ValidateOptionsResult Validate(string? name, OptionsCatalog.Check options) =>
        _failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_failures);
}
