using Microsoft.Extensions.Logging;

namespace ErlChat;

/// <summary>What it says in the server's log, besides <see cref="ChatRoomTroubles"/>.</summary>
public sealed partial class ChatRoom
{
    private static partial class Log
    {
        [LoggerMessage(103, LogLevel.Information, "Replayed {Entries} entries up to {Sequence}: {Sessions} sessions.",
            EventName = "Replayed")]
        public static partial void Replayed(ILogger logger, int entries, long sequence, int sessions);
    }
}
