using ErlChat.Delivery;
using ErlChat.Limits;
using ErlChat.Logging;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Settings;
using ErlChat.Submissions;
using ErlChat.Web.Answers;
using ErlChat.Web.Hosting;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Flack;

/// <summary>What every flack connection needs of the server. Thread-safe.</summary>
internal sealed partial class FlackDoor(
    ChatRoom room,
    SubmissionHandler submissions,
    Admission admission,
    PostOffice office,
    UnreadAnswers unread,
    FlackFormat format,
    IOptions<FlackOptions> options,
    IOptions<ChatOptions> chat,
    TimeProvider time,
    ChatMetrics metrics,
    ILogger<FlackDoor> logger) : IDisposable
{
    private readonly Outage _failing = new(time, logger, Log.FailedOver, endsBySilence: true);
    private readonly Outage _leaving = new(time, logger, Log.LeaveRefusedOver, endsBySilence: true);

    internal ChatRoom Room { get; } = room;

    internal SubmissionHandler Submissions { get; } = submissions;

    internal Admission Admission { get; } = admission;

    internal PostOffice Office { get; } = office;

    internal UnreadAnswers Unread { get; } = unread;

    internal FlackFormat Format { get; } = format;

    internal FlackOptions Options { get; } = options.Value;

    internal TimeProvider Time { get; } = time;

    internal ChatMetrics Metrics { get; } = metrics;

    /// <summary>How long a single park of a mailbox may last: as long as a poll's.</summary>
    internal TimeSpan Patience { get; } = chat.Value.PollTimeout;

    public void Dispose()
    {
        _failing.Dispose();
        _leaving.Dispose();
    }

    internal void Ended(FlackEnd end) => Log.Ended(_failing.Logger, end.Why, end.Status);

    internal void Failed(Exception exception)
    {
        if (_failing.Failed())
            Log.Failed(_failing.Logger, exception);
    }

    /// <summary>A session whose connection is gone could not be ended; it will be found idle.</summary>
    internal void LeaveRefused(Refusal why)
    {
        if (_leaving.Failed())
            Log.LeaveRefused(_leaving.Logger, why);
    }

    private static partial class Log
    {
        [LoggerMessage(300, LogLevel.Debug, "A flack connection ended: {Why}, status {Status}.", EventName = "FlackEnded")]
        public static partial void Ended(ILogger logger, string why, ushort? status);

        [LoggerMessage(
            301,
            LogLevel.Error,
            "A flack connection failed and is closed. Further failures are counted.",
            EventName = "FlackFailed")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(
            302,
            LogLevel.Warning,
            "A flack session could not be ended ({Why}); it will end when its idle limit is reached. Further failures are counted.",
            EventName = "FlackLeaveRefused")]
        public static partial void LeaveRefused(ILogger logger, Refusal why);

        [LoggerMessage(303, LogLevel.Warning, "Flack connections have recovered: {Count} failures in {Seconds:F1} s.",
            EventName = "FlackFailedOver")]
        public static partial void FailedOver(ILogger logger, long count, double seconds);

        [LoggerMessage(304, LogLevel.Warning, "Flack sessions end with their connections again: {Count} failures in {Seconds:F1} s.",
            EventName = "FlackLeaveRefusedOver")]
        public static partial void LeaveRefusedOver(ILogger logger, long count, double seconds);
    }
}
