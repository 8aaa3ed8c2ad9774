using ErlChat.Web.Hosting;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Flack;

/// <summary>What every flack connection needs of the server. Thread-safe.</summary>
internal sealed partial class FlackDoor(
    ChatRoom room,
    Admission admission,
    PostOffice office,
    FlackFormat format,
    IOptions<FlackOptions> options,
    IOptions<ChatOptions> chat,
    TimeProvider time,
    ChatMetrics metrics,
    ILogger<FlackDoor> logger)
{
    internal ChatRoom Room { get; } = room;

    internal Admission Admission { get; } = admission;

    internal PostOffice Office { get; } = office;

    internal FlackFormat Format { get; } = format;

    internal FlackOptions Options { get; } = options.Value;

    internal TimeProvider Time { get; } = time;

    internal ChatMetrics Metrics { get; } = metrics;

    /// <summary>How long a single park of a mailbox may last: as long as a poll's.</summary>
    internal TimeSpan Patience { get; } = chat.Value.PollTimeout;

    internal void Ended(FlackEnd end) => Log.Ended(logger, end.Why, end.Status);

    internal void Failed(Exception exception) => Log.Failed(logger, exception);

    /// <summary>A session whose connection is gone could not be ended; it will be found idle.</summary>
    internal void LeaveRefused(Refusal why) => Log.LeaveRefused(logger, why);

    private static partial class Log
    {
        [LoggerMessage(300, LogLevel.Debug, "A flack connection ended: {Why}, status {Status}.", EventName = "FlackEnded")]
        public static partial void Ended(ILogger logger, string why, ushort? status);

        [LoggerMessage(301, LogLevel.Error, "A flack connection failed; it is closed.", EventName = "FlackFailed")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(302, LogLevel.Warning, "A flack session could not be ended ({Why}); it ends when it has been idle.", EventName = "FlackLeaveRefused")]
        public static partial void LeaveRefused(ILogger logger, Refusal why);
    }
}
