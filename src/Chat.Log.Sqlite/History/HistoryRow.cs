using ErlChat.Mailboxes;
using ErlChat.Sessions;

namespace ErlChat.Sqlite.History;

/// <summary>Something said, on its way into the tables.</summary>
/// <param name="Room">Where; null for a private message.</param>
/// <param name="Reader">Whose copy of a private message it is.</param>
internal readonly record struct HistoryRow(Mail Mail, string? Room, SessionKey Reader)
{
    /// <summary>
    /// Equal for names that are equal ignoring case as rooms are compared, which is by their upper-case letters; in lower case since
    /// operators read it.
    /// </summary>
    internal static string Canonical(string room) => room.ToUpperInvariant().ToLowerInvariant();

    /// <summary>A session key as the participant table has it.</summary>
    internal static byte[] KeyOf(SessionKey session) => Convert.FromHexString(session.ToString());
}


/// <summary>The kinds of message as the table names them.</summary>
internal static class HistoryKind
{
    internal const string Said = "said";
    internal const string Action = "action";
    internal const string Topic = "topic";
    internal const string Private = "private";
}
