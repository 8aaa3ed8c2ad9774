namespace ErlChat.Sqlite;

/// <summary>The kinds of message as the table names them.</summary>
internal static class HistoryKind
{
    internal const string Said = "said";
    internal const string Action = "action";
    internal const string Topic = "topic";
    internal const string Private = "private";
}
