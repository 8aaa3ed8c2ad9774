using System.Globalization;
using System.Text;

namespace ErlChat.Load.Reports;

/// <summary>One table: a row for each figure, a column for each peer. Each cell shows its ratio to the basis column.</summary>
/// <param name="columns">The peers, in order.</param>
/// <param name="basis">The column to which ratios refer.</param>
internal sealed class ResultTable(IReadOnlyList<string> columns, string basis)
{
    private readonly List<string> _rows = [];
    private readonly Dictionary<(string Row, string Column), double> _values = [];

    internal bool IsEmpty => _rows.Count == 0;

    internal void Set(string row, string column, double? value)
    {
        if (!_rows.Contains(row))
            _rows.Add(row);
        if (value is { } number && !double.IsNaN(number))
            _values[(row, column)] = number;
    }

    internal double? Get(string row, string column) => _values.TryGetValue((row, column), out double value) ? value : null;

    /// <summary>One figure divided by that of the basis. Null when either is missing.</summary>
    internal double? Ratio(string row, string column) =>
        Get(row, column) / Get(row, basis) is { } ratio && double.IsFinite(ratio) ? ratio : null;

    internal string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append("| ").AppendJoin(" | ", columns.Prepend("")).Append(" |\n|---|")
            .Insert(text.Length, "---:|", columns.Count).Append('\n');
        foreach (string row in _rows)
            text.Append("| ").AppendJoin(" | ", columns.Select(column => Cell(row, column)).Prepend(row)).Append(" |\n");
        return text.ToString();
    }

    /// <summary>The table for a terminal, with aligned columns.</summary>
    internal string ToText()
    {
        string[][] lines =
        [
            [.. columns.Prepend("")], .. _rows.Select(row => columns.Select(column => Cell(row, column)).Prepend(row).ToArray()),
        ];
        int[] widths = [.. Enumerable.Range(0, columns.Count + 1).Select(i => lines.Max(line => line[i].Length))];
        return string.Join('\n', lines.Select(line =>
            string.Join("  ", line.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))))) + "\n";
    }

    private string Cell(string row, string column) =>
        Get(row, column) is not { } value ? "–"
        : column != basis && Ratio(row, column) is { } ratio ? $"{Format(value)} ({Format(ratio)}×)"
        : Format(value);

    private static string Format(double value) => value.ToString(
        Math.Abs(value) switch { >= 100 => "F0", >= 1 => "F1", 0 => "F0", _ => "F2" },
        CultureInfo.InvariantCulture);
}
