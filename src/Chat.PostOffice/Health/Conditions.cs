using System.Collections.Concurrent;

namespace ErlChat.Health;

/// <summary>What is wrong with the server now. Each part that can fail registers a check, which runs only when someone asks.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class Conditions
{
    private readonly ConcurrentDictionary<string, Watched> _watched = new(StringComparer.Ordinal);

    /// <summary>Adds a condition, replacing one of the same name.</summary>
    /// <param name="holds">Whether it is the case now. Must be quick and thread-safe, and must not throw.</param>
    /// <inheritdoc cref="Condition" path="/param"/>
    public void Watch(string name, string words, Func<bool> holds, bool refuses = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(holds);
        _watched[name] = new Watched(words, refuses, holds);
    }

    /// <summary>All known conditions, by name, and whether each is the case.</summary>
    public IReadOnlyList<Condition> Look() =>
    [
        .. _watched
            .OrderBy(one => one.Key, StringComparer.Ordinal)
            .Select(one => new Condition(one.Key, one.Value.Words, one.Value.Refuses, one.Value.Holds())),
    ];

    private sealed record Watched(string Words, bool Refuses, Func<bool> Holds);
}
