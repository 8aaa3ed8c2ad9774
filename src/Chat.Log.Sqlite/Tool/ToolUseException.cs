namespace ErlChat.Sqlite;

/// <summary>A command was asked for something that it does not do. Nothing was changed; the message is one line.</summary>
internal sealed class ToolUseException(string message) : Exception(message);
