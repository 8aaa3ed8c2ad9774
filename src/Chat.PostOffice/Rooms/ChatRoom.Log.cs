using Microsoft.Extensions.Logging;

namespace ErlChat;

/// <summary>What it says in the server's log.</summary>
public sealed partial class ChatRoom
{
    private static partial class Log
    {
        [LoggerMessage(100, LogLevel.Warning, "The log refused an entry; the command is refused as unavailable.", EventName = "AppendRefused")]
        public static partial void AppendRefused(ILogger logger, Exception exception);

        [LoggerMessage(101, LogLevel.Error, "Appending an entry failed.", EventName = "AppendFailed")]
        public static partial void AppendFailed(ILogger logger, Exception exception);

        [LoggerMessage(105, LogLevel.Error, "Reading the log behind entry {Sequence} failed; it is read again.", EventName = "ReadFailed")]
        public static partial void ReadFailed(ILogger logger, long sequence, Exception exception);

        [LoggerMessage(102, LogLevel.Error, "Applying entry {Sequence}, {Type}, failed; it is skipped.", EventName = "ApplyFailed")]
        public static partial void ApplyFailed(ILogger logger, long sequence, string type, Exception exception);

        [LoggerMessage(103, LogLevel.Information, "Replayed {Entries} entries up to {Sequence}: {Sessions} sessions.", EventName = "Replayed")]
        public static partial void Replayed(ILogger logger, int entries, long sequence, int sessions);

        [LoggerMessage(104, LogLevel.Error, "Saving a snapshot of entry {Sequence} failed; the one before is still there.", EventName = "SnapshotFailed")]
        public static partial void SnapshotFailed(ILogger logger, long sequence, Exception exception);
    }
}
