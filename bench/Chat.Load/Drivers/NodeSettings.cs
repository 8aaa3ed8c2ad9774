namespace ErlChat.Load.Drivers;

/// <summary>How our server takes part in a chat of several nodes.</summary>
/// <param name="Connection">How to reach their database, as Npgsql reads it.</param>
internal sealed record NodeSettings(string Name, string Cookie, string Connection);
