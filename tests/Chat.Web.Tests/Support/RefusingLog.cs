using ErlChat.Log;

namespace ErlChat.Web.Tests;

/// <summary>A log in memory that accepts nothing while <see cref="Refuses"/> is set.</summary>
internal sealed class RefusingLog : IChatLog
{
    private readonly MemoryLog _log = new();

    public string Epoch => _log.Epoch;

    internal volatile bool Refuses;

    public ValueTask AppendAsync(Entry entry, CancellationToken cancellationToken) =>
        Refuses ? throw new LogUnavailableException("The disk is full.") : _log.AppendAsync(entry, cancellationToken);

    public IAsyncEnumerable<LogEntry> ReadAsync(long after, CancellationToken cancellationToken) =>
        _log.ReadAsync(after, cancellationToken);
}
