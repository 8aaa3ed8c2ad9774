using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.History;

/// <summary>A message, a topic change, what was done to a message, or reactions to one, on its way into the tables of a database.</summary>
/// <param name="Room">The room; null for a private message.</param>
/// <param name="Reader">Whose copy of a private message it is.</param>
public readonly record struct HistoryRow(Mail Mail, string? Room, SessionKey Reader)
{
    /// <summary>Whether it is what was done to a message, and no message of its own.</summary>
    public bool IsChange => Mail.Content is MessageChanged or MessageRemoved;

    /// <summary>Whether it is reactions to a message.</summary>
    public bool IsReaction => Mail.Content is ReactionsChanged;

    /// <summary>Whether it is a message or a topic change.</summary>
    public bool IsItem => !IsChange && !IsReaction;

    /// <summary>Whether it is in a room, ignoring case.</summary>
    public bool IsIn(string room) => Room is not null && RoomName.Same(room, Room);

    /// <summary>Whether a search may find it: it is in one of the rooms, or the reader's own copy of a private message.</summary>
    public bool IsIn(SearchScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (Room is not null)
            return scope.Has(Room, Mail.Sequence);
        return scope.Private is { } reader
            && (IsChange ? this with { Mail = ChangedMessage.Whole(Mail) } : this).IsOf(reader, scope.With);
    }

    /// <summary>Whether it is a session's copy of a private message that was exchanged with this user.</summary>
    public bool IsOf(SessionKey reader, Correspondent with)
    {
        ArgumentNullException.ThrowIfNull(with);
        return Room is null && Reader == reader && Mail.Content is Whisper whisper && with.Fits(whisper);
    }

    /// <summary>Whether a person wrote it in a room.</summary>
    public bool IsBy(string userId) => Room is not null && IsItem && StoredMessage.Of(Mail.Content).Who.UserId == userId;

    /// <summary>Whether it is the message with a sequence, in a room or in a session's own copy.</summary>
    public bool IsMessage(long sequence, SessionKey reader) =>
        Mail.Sequence == sequence && Mail.Content is Spoken or Whisper && (Room is not null || Reader == reader);

    /// <summary>What a read finds among rows that are not written yet.</summary>
    /// <param name="rows">The rows, oldest first.</param>
    /// <param name="start">Where the messages begin.</param>
    /// <param name="wanted">Which messages.</param>
    /// <param name="reader">Whose private messages may be among them.</param>
    /// <param name="concerns">Which changes; null for all that the reader may know of.</param>
    public static PendingHistory Pending(
        IReadOnlyCollection<HistoryRow> rows,
        PageStart start,
        Func<HistoryRow, bool> wanted,
        SessionKey reader,
        Func<HistoryRow, bool>? concerns = null) => new(
            rows.Where(row => row.IsItem && start.Has(row.Mail.Sequence) && wanted(row)).Select(static row => row.Mail),
            rows.Where(row => row.IsChange && (row.Room is not null || row.Reader == reader) && concerns?.Invoke(row) != false)
                .Select(static row => row.Mail));

    /// <summary>The reactions among rows that are not written yet, oldest first.</summary>
    /// <param name="rows">The rows, oldest first.</param>
    /// <param name="wanted">Which of them.</param>
    public static IReadOnlyList<Mail> Reactions(IReadOnlyCollection<HistoryRow> rows, Func<HistoryRow, bool> wanted) =>
        [.. rows.Where(row => row.IsReaction && wanted(row)).Select(static row => row.Mail)];

    /// <summary>What waits to be written about reactions: they themselves, and deletions of messages, which take them away.</summary>
    public static IReadOnlyList<Mail> ReactionsAndRemovals(IReadOnlyCollection<HistoryRow> rows) =>
        [.. rows.Where(static row => row.IsReaction || row.Mail.Content is MessageRemoved).Select(static row => row.Mail)];

    /// <summary>
    /// A key that is equal for room names that differ only in case. Rooms are compared by their upper-case letters; the key is in lower
    /// case, since operators read it.
    /// </summary>
    public static string Canonical(string room)
    {
        ArgumentNullException.ThrowIfNull(room);
        return room.ToUpperInvariant().ToLowerInvariant();
    }

    /// <summary>A session key as the participant table stores it.</summary>
    public static byte[] KeyOf(SessionKey session) => Convert.FromHexString(session.ToString());
}

/// <summary>The kinds of message as the tables name them.</summary>
public static class HistoryKind
{
    public const string Said = "said";
    public const string Action = "action";
    public const string Topic = "topic";
    public const string Private = "private";
}
