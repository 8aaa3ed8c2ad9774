namespace ErlChat.Log;

/// <summary>
/// Names a command, so that its entry is recognised when it comes back from the log, and applied once even if a log delivers it twice.
/// </summary>
/// <param name="Origin">The run of the process that issued it.</param>
/// <param name="Counter">Rises with every command of that run, in the order of appending.</param>
public readonly record struct CommandId(string Origin, long Counter);
