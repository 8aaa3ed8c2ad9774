using Microsoft.Extensions.Options;

namespace ErlChat.Postgres.Connections;

/// <summary>What <see cref="PostgresLogOptions.Connection"/> must look like.</summary>
internal sealed class PostgresLogOptionsRules : IValidateOptions<PostgresLogOptions>
{
    public ValidateOptionsResult Validate(string? name, PostgresLogOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return ConnectionSettings.ProblemOf(options.Connection) is { } problem
            ? ValidateOptionsResult.Fail($"Log:Connection {problem}")
            : ValidateOptionsResult.Success;
    }
}
