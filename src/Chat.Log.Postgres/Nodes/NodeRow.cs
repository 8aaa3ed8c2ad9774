namespace ErlChat.Postgres.Nodes;

/// <summary>A run of a node, as the database has it.</summary>
/// <param name="Origin">Identifies the run.</param>
/// <param name="Name">The node's name.</param>
/// <param name="Address">The URL at which the other nodes reach it; empty if it has none.</param>
/// <param name="Version">The version of its program.</param>
/// <param name="Kinds">The kinds of entries that it knows.</param>
/// <param name="Started">When it started, by the database's clock.</param>
/// <param name="Beat">Its last heartbeat, by the database's clock.</param>
/// <param name="Age">How long ago that was when the row was read.</param>
/// <param name="Applied">The sequence of the last entry that its fold had applied.</param>
/// <param name="Lag">How far its fold was behind the log.</param>
/// <param name="Sessions">How many sessions it knew.</param>
/// <param name="Parked">How many polls were parked there.</param>
/// <param name="IsClosed">Whether the run is over: it has stopped, or the others have given it up.</param>
/// <param name="HasStopped">Whether it has stopped by itself.</param>
internal sealed record NodeRow(
    string Origin,
    string Name,
    string Address,
    string Version,
    IReadOnlyList<string> Kinds,
    DateTimeOffset Started,
    DateTimeOffset Beat,
    TimeSpan Age,
    long Applied,
    TimeSpan Lag,
    int Sessions,
    int Parked,
    bool IsClosed,
    bool HasStopped);
