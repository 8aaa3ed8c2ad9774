using ErlChat.Mailboxes;
using ErlChat.Sessions;

namespace ErlChat.Sqlite.History;

/// <summary>A message on its way into the tables.</summary>
/// <param name="Room">The room; null for a private message.</param>
/// <param name="Reader">Whose copy of a private message it is.</param>
internal readonly record struct HistoryRow(Mail Mail, string? Room, SessionKey Reader)
{
    /// <summary>
    /// A key that is equal for room names that differ only in case. Rooms are compared by their upper-case letters; the key is in lower
    /// case, since operators read it.
    /// </summary>
    internal static string Canonical(string room) => room.ToUpperInvariant().ToLowerInvariant();

    /// <summary>A session key as the participant table stores it.</summary>
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
