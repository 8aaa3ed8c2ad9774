using System.Globalization;

namespace ErlChat.Sqlite.Tool;

/// <summary>What a command of the tool works with.</summary>
/// <param name="Path">The database.</param>
/// <param name="Output">For results.</param>
/// <param name="Error">For what went wrong.</param>
/// <param name="Progress">For how far it is.</param>
/// <param name="Time">The clock.</param>
/// <param name="Cancelled">Asks it to give up; nothing half-done is left then.</param>
internal sealed record ToolCall(
    string Path,
    TextWriter Output,
    TextWriter Error,
    ToolProgress Progress,
    TimeProvider Time,
    CancellationToken Cancelled)
{
    /// <summary>Writes a line to the output, the same in every language.</summary>
    internal void Say(FormattableString line) => Output.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes a line about what went wrong.</summary>
    internal void Complain(FormattableString line) => Error.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
