namespace ErlChat.Load.Servers;

/// <summary>How to start a server.</summary>
internal sealed class ServerStart
{
    internal required string Program { get; init; }

    internal required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The port of 127.0.0.1 on which it will listen.</summary>
    internal required int Port { get; init; }

    /// <summary>The path that it answers, with any status except a server error, once it is ready.</summary>
    internal required string ReadyPath { get; init; }

    internal Dictionary<string, string> Environment { get; init; } = [];

    /// <summary>The file to which it writes the size of its GC heap, once a second (<c>bench/peers/HeapWatch</c>).</summary>
    internal string? HeapFile { get; init; }

    /// <summary>Whether its only child process does the work and is to be measured (nginx).</summary>
    internal bool MeasuresChild { get; init; }
}
