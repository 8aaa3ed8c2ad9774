using Microsoft.Extensions.Options;

namespace ErlChat.Web.Hosting;

/// <summary>Turns the failures that an operator can mend into lines to read; a bug keeps its stack trace.</summary>
internal static class StartFailure
{
    internal static bool TryExplain(Exception exception, out IReadOnlyList<string> failures)
    {
        failures = exception switch
        {
            OptionsValidationException options => [.. options.Failures],
            AggregateException all => [.. all.InnerExceptions.SelectMany(one => TryExplain(one, out IReadOnlyList<string> some) ? some : [])],
            InvalidDataException file => [file.InnerException is { } cause ? $"{file.Message} {cause.Message}" : file.Message],
            FormatException address => [address.Message],
            ArgumentOutOfRangeException { ParamName: "port" } => ["The port of the address to listen on must be 0 to 65535."],
            IOException io => [io.Message],
            _ => [],
        };
        return failures.Count > 0;
    }
}
