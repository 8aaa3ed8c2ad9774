using Microsoft.Extensions.Options;

namespace ErlChat.Web.Configuration;

/// <summary>
/// Replaces invalid log levels in <c>Logging</c>, and reports them at the start together with all other problems. The framework would throw
/// at the first one, before any option is validated.
/// </summary>
internal sealed class LogLevels : IValidateOptions<OptionsCatalog.Check>
{
    private readonly List<string> _failures = [];

    internal LogLevels(ConfigurationManager configuration)
    {
        foreach ((string path, string? value) in configuration.GetSection("Logging").AsEnumerable())
        {
            bool isLevel = path.Contains(":LogLevel:", StringComparison.OrdinalIgnoreCase);
            if (!isLevel || string.IsNullOrEmpty(value) || Enum.TryParse<LogLevel>(value, ignoreCase: true, out _))
                continue;
            string[] levels = Enum.GetNames<LogLevel>();
            string nearest = levels
                .OrderBy(level => level.StartsWith(value, StringComparison.OrdinalIgnoreCase) ? 0 : 1)
                .ThenBy(level => Spelling.Distance(level, value))
                .First();
            _failures.Add($"{path}: '{value}' is none of {string.Join(", ", levels)}. Did you mean {nearest}?");
            configuration[path] = nearest;
        }
    }

    public ValidateOptionsResult Validate(string? name, OptionsCatalog.Check options) =>
        _failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_failures);
}
