using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ErlChat.Testing;

/// <summary>Collects log lines. <see cref="Verify"/> fails the test if there was an error that it did not <see cref="Expect"/>.</summary>
/// <remarks>Thread-safe. Use it as a provider, or hand out its loggers directly.</remarks>
public sealed class CollectingLogs : ILoggerProvider
{
    private readonly ConcurrentQueue<LogLine> _lines = new();
    private readonly ConcurrentDictionary<string, bool> _expected = new();

    /// <summary>All log lines, in order.</summary>
    public IReadOnlyCollection<LogLine> Lines => _lines;

    /// <summary>Creates the logger of a type.</summary>
    public ILogger<T> For<T>() => new TypedLogger<T>(new CollectingLogger(this, typeof(T).FullName!));

    public ILogger CreateLogger(string categoryName) => new CollectingLogger(this, categoryName);

    /// <summary>Declares that errors with this event name are part of the test.</summary>
    public void Expect(string eventName) => _expected[eventName] = true;

    /// <summary>The lines with an event name.</summary>
    public IReadOnlyList<LogLine> Of(string eventName) => [.. _lines.Where(line => line.EventName == eventName)];

    /// <summary>Fails if an unexpected error was logged.</summary>
    /// <exception cref="UnexpectedErrorLogException">There was one.</exception>
    public void Verify()
    {
        LogLine[] errors = [.. _lines.Where(line => line.Level >= LogLevel.Error && !_expected.ContainsKey(line.EventName ?? ""))];
        if (errors.Length > 0)
            throw new UnexpectedErrorLogException(string.Join(
                Environment.NewLine,
                errors.Select(line => $"{line.Category} {line.EventName}: {line.Text} {line.Exception}")));
    }

    public void Dispose()
    {
    }

    private sealed class CollectingLogger(CollectingLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            logs._lines.Enqueue(new LogLine(category, logLevel, eventId.Name, formatter(state, exception), exception));
    }

    private sealed class TypedLogger<T>(ILogger inner) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            inner.Log(logLevel, eventId, state, exception, formatter);
    }
}

/// <summary>One log line.</summary>
public sealed record LogLine(string Category, LogLevel Level, string? EventName, string Text, Exception? Exception);

/// <summary>The code under test logged an error.</summary>
public sealed class UnexpectedErrorLogException(string message) : Exception(message);
