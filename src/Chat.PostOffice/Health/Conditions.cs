using System.Collections.Concurrent;

namespace ErlChat.Health;

/// <summary>
/// What is wrong with the server at this moment. Each part that can be in trouble adds a look at itself; nothing is asked until somebody
/// wants to know.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class Conditions
{
    private readonly ConcurrentDictionary<string, Watched> _watched = new(StringComparer.Ordinal);

    /// <summary>Adds a condition; one of the same name is replaced.</summary>
    /// <param name="holds">Whether it is so now. Quick, thread-safe, and does not throw.</param>
    /// <inheritdoc cref="Condition" path="/param"/>
    public void Watch(string name, string words, Func<bool> holds, bool refuses = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(holds);
        _watched[name] = new Watched(words, refuses, holds);
    }

    /// <summary>All conditions that there can be, by name, and whether each holds.</summary>
    public IReadOnlyList<Condition> Look() =>
        [.. _watched.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => new Condition(one.Key, one.Value.Words, one.Value.Refuses, one.Value.Holds()))];

    private sealed record Watched(string Words, bool Refuses, Func<bool> Holds);
}
