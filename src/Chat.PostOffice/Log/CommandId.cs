namespace ErlChat.Log;

/// <summary>
/// Identifies a command. Its entry is recognised by this when it comes back from the log, and is applied once even if the log delivers it
/// twice.
/// </summary>
/// <param name="Origin">The run of the process that issued it.</param>
/// <param name="Counter">Rises with every command of that run, in the order of appending.</param>
public readonly record struct CommandId(string Origin, long Counter);
