using Microsoft.Extensions.Options;

namespace ErlChat.Postgres.Connections;

/// <summary>What the connection string must look like, and what must hold between options.</summary>
internal sealed class PostgresLogOptionsRules : IValidateOptions<PostgresLogOptions>
{
    public ValidateOptionsResult Validate(string? name, PostgresLogOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = new List<string>();
        if (ConnectionSettings.ProblemOf(options.Connection) is { } problem)
            problems.Add($"Log:Connection {problem}");
        if (options.FindContradiction() is { } contradiction)
            problems.Add(contradiction);
        return problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}
