using System.Globalization;
using System.Text;

namespace ErlChat.Client.Tests.Nodes.Failover;

/// <summary>When messages were acknowledged, and what follows from that about each failure.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class Outages
{
    private readonly Lock _gate = new();

    /// <summary>When each message was given to its client, and when it was acknowledged.</summary>
    private readonly List<(long Sent, long Acked)> _messages = [];

    private readonly List<(Failure Failure, long From, long To)> _times = [];

    /// <summary>How many messages were acknowledged so far.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
                return _messages.Count;
        }
    }

    /// <summary>A message that was sent at a time is acknowledged now.</summary>
    internal void Acknowledged(long sent)
    {
        lock (_gate)
            _messages.Add((sent, TimeProvider.System.GetTimestamp()));
    }

    /// <summary>A failure that began at a time is repaired now, and messages are acknowledged again.</summary>
    /// <returns>How long no message was acknowledged.</returns>
    internal TimeSpan Repaired(Failure failure, long from)
    {
        lock (_gate)
        {
            _times.Add((failure, from, TimeProvider.System.GetTimestamp()));
            return Longest(_times[^1]);
        }
    }

    /// <summary>A table in Markdown: a row for each failure, in the order of their names in the code.</summary>
    internal string Table()
    {
        var table = new StringBuilder("| failure | times | longest time without an accepted message | each time | slowest message |\n");
        table.Append("|---|---|---|---|---|\n");
        lock (_gate)
        {
            foreach (var rows in _times.GroupBy(one => one.Failure).OrderBy(one => one.Key))
            {
                TimeSpan[] each = [.. rows.Select(Longest)];
                table.Append(CultureInfo.InvariantCulture, $"| {rows.Key.Name()} | {each.Length} | {Seconds(each.Max())} s ");
                table.Append(rows.Key == Failure.None
                    ? "| | |\n"
                    : $"| {string.Join(", ", each.Select(Seconds))} | {Seconds(rows.Max(Slowest))} s |\n");
            }
        }

        return table.ToString();
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture);

    /// <summary>The longest time without an acknowledged message that was over before a failure was repaired.</summary>
    private TimeSpan Longest((Failure Failure, long From, long To) time)
    {
        TimeSpan longest = TimeSpan.Zero;
        for (int i = 1; i < _messages.Count && _messages[i].Acked <= time.To; i++)
        {
            TimeSpan pause = TimeProvider.System.GetElapsedTime(_messages[i - 1].Acked, _messages[i].Acked);
            if (_messages[i].Acked > time.From && pause > longest)
                longest = pause;
        }

        return longest;
    }

    /// <summary>The longest that a message took that was under way at that time.</summary>
    private TimeSpan Slowest((Failure Failure, long From, long To) time) => _messages
        .Where(message => message.Sent < time.To && message.Acked > time.From)
        .Select(message => TimeProvider.System.GetElapsedTime(message.Sent, message.Acked))
        .DefaultIfEmpty()
        .Max();
}
