namespace ErlChat.Load.Servers;

/// <summary>How a server is started.</summary>
internal sealed class ServerStart
{
    internal required string Program { get; init; }

    internal required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Where it will listen on 127.0.0.1.</summary>
    internal required int Port { get; init; }

    /// <summary>What it answers, with anything but an error of its own, once it is ready.</summary>
    internal required string ReadyPath { get; init; }

    internal Dictionary<string, string> Environment { get; init; } = [];

    /// <summary>Where it writes the size of its GC heap, once a second (<c>bench/peers/HeapWatch</c>).</summary>
    internal string? HeapFile { get; init; }

    /// <summary>Whether its only child does the work and is to be measured (nginx).</summary>
    internal bool MeasuresChild { get; init; }
}
