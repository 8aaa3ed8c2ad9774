using System.Globalization;

namespace ErlChat.Sqlite.Tool;

/// <summary>The context in which a command of the tool runs.</summary>
/// <param name="Path">The database.</param>
/// <param name="Output">Receives results.</param>
/// <param name="Error">Receives errors.</param>
/// <param name="Progress">Receives progress.</param>
/// <param name="Time">The clock.</param>
/// <param name="Cancelled">Cancels the command, which then leaves nothing half-done.</param>
internal sealed record ToolCall(
    string Path,
    TextWriter Output,
    TextWriter Error,
    ToolProgress Progress,
    TimeProvider Time,
    CancellationToken Cancelled)
{
    /// <summary>Writes a line to the output, formatted the same in every locale.</summary>
    internal void Say(FormattableString line) => Output.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes a line to the error output.</summary>
    internal void Complain(FormattableString line) => Error.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
