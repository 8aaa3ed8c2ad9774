using System.Collections.Concurrent;
using ErlChat.Health;
using ErlChat.Log;
using ErlChat.Logging;
using Microsoft.Extensions.Logging;

namespace ErlChat.Telemetry;

/// <summary>Repeating failures of the chat room, its log and its snapshots. Reports when each begins and when it is over.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed partial class RingTroubles : IDisposable
{
    private readonly ConcurrentDictionary<string, Outage> _applying = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Outage _refusing;
    private readonly Outage _appending;
    private readonly Outage _reading;
    private readonly Outage _saving;
    private readonly Outage _waking;
    private readonly Outage _kinds;

    internal RingTroubles(TimeProvider time, ILogger logger)
    {
        (_time, _logger) = (time, logger);
        _refusing = new Outage(time, logger, Log.AppendsTaken);
        _appending = new Outage(time, logger, Log.AppendsWork);
        _reading = new Outage(time, logger, Log.ReadingWorks);
        _saving = new Outage(time, logger, Log.SnapshotsWork);
        _waking = new Outage(time, logger, Log.ReadersWork, endsBySilence: true);
        _kinds = new Outage(time, logger, Log.KindsAccepted, endsBySilence: true);
    }

    /// <summary>Registers the failures that operators should see as conditions.</summary>
    internal void AddTo(Conditions conditions)
    {
        conditions.Watch("log-following", "messages are not delivered: the log cannot be followed", () => _reading.IsOn, refuses: true);
        conditions.Watch("snapshot", "snapshots cannot be saved, so the next start takes longer", () => _saving.IsOn);
    }

    internal void Appended()
    {
        _refusing.Succeeded();
        _appending.Succeeded();
    }

    /// <summary>Records a failed append. An unavailable log has reported the outage itself; here it is logged for debugging only.</summary>
    internal void AppendFailed(Exception exception)
    {
        if (exception is LogUnavailableException)
        {
            if (_refusing.Failed())
                Log.AppendRefused(_logger, exception.Message);
        }
        else if (_appending.Failed())
        {
            Log.AppendFailed(_logger, exception);
        }
    }

    /// <summary>Records a command that was refused because not all nodes know its kind of entry.</summary>
    internal void KindRefused(string kind)
    {
        if (_kinds.Failed())
            Log.KindRefused(_logger, kind);
    }

    internal void Read() => _reading.Succeeded();

    internal void ReadFailed(long sequence, Exception exception)
    {
        if (_reading.Failed())
            Log.ReadFailed(_logger, sequence, exception);
    }

    /// <summary>Records a bug in applying entries. Every entry of the same type may meet it, so each type has its own outage.</summary>
    internal void ApplyFailed(LogEntry entry, Exception exception)
    {
        string type = entry.Entry.GetType().Name;
        Outage trouble = _applying.GetOrAdd(
            type,
            static (_, ring) => new Outage(ring._time, ring._logger, Log.ApplyingWorks, endsBySilence: true),
            this);
        if (trouble.Failed())
            Log.ApplyFailed(_logger, entry.Sequence, type, exception);
    }

    /// <summary>Records a bug in the code that awaits a mailbox's reads.</summary>
    internal void ReaderFailed(Exception exception)
    {
        if (_waking.Failed())
            Log.ReaderFailed(_logger, exception);
    }

    internal void SnapshotSaved() => _saving.Succeeded();

    internal void SnapshotFailed(long sequence, Exception exception)
    {
        if (_saving.Failed())
            Log.SnapshotFailed(_logger, sequence, exception);
    }

    public void Dispose()
    {
        _refusing.Dispose();
        _appending.Dispose();
        _reading.Dispose();
        _saving.Dispose();
        _waking.Dispose();
        _kinds.Dispose();
        foreach (Outage trouble in _applying.Values)
            trouble.Dispose();
    }

    private static partial class Log
    {
        [LoggerMessage(100, LogLevel.Debug, "The log refuses entries: {Problem} Commands are refused with `unavailable`.",
            EventName = "AppendRefused")]
        public static partial void AppendRefused(ILogger logger, string problem);

        [LoggerMessage(101, LogLevel.Error, "Appending an entry failed; its command is refused. Further failures are counted.",
            EventName = "AppendFailed")]
        public static partial void AppendFailed(ILogger logger, Exception exception);

        [LoggerMessage(
            102,
            LogLevel.Error,
            "Applying entry {Sequence}, {Type}, failed; it is skipped. Further failures of this type are counted.",
            EventName = "ApplyFailed")]
        public static partial void ApplyFailed(ILogger logger, long sequence, string type, Exception exception);

        [LoggerMessage(
            104,
            LogLevel.Error,
            "Saving a snapshot of entry {Sequence} failed; the previous one still exists. Further failures are counted.",
            EventName = "SnapshotFailed")]
        public static partial void SnapshotFailed(ILogger logger, long sequence, Exception exception);

        [LoggerMessage(
            105,
            LogLevel.Error,
            "Reading the log after entry {Sequence} failed; the server retries every second. Further failures are counted.",
            EventName = "ReadFailed")]
        public static partial void ReadFailed(ILogger logger, long sequence, Exception exception);

        [LoggerMessage(
            120,
            LogLevel.Debug,
            "The log accepts entries again: {Count} commands were refused with `unavailable` within {Seconds:F1} s.",
            EventName = "AppendRefusedOver")]
        public static partial void AppendsTaken(ILogger logger, long count, double seconds);

        [LoggerMessage(121, LogLevel.Warning, "Entries can be appended again: {Count} failed within {Seconds:F1} s.",
            EventName = "AppendFailedOver")]
        public static partial void AppendsWork(ILogger logger, long count, double seconds);

        [LoggerMessage(
            122,
            LogLevel.Warning,
            "No entry has failed to apply for a while: {Count} failed within {Seconds:F1} s and were skipped.",
            EventName = "ApplyFailedOver")]
        public static partial void ApplyingWorks(ILogger logger, long count, double seconds);

        [LoggerMessage(123, LogLevel.Warning, "Snapshots can be saved again: {Count} failed within {Seconds:F1} s.",
            EventName = "SnapshotFailedOver")]
        public static partial void SnapshotsWork(ILogger logger, long count, double seconds);

        [LoggerMessage(124, LogLevel.Warning, "The log can be read again: this failed {Count} times within {Seconds:F1} s.",
            EventName = "ReadFailedOver")]
        public static partial void ReadingWorks(ILogger logger, long count, double seconds);

        [LoggerMessage(
            125,
            LogLevel.Error,
            "A reader of a mailbox failed after it was woken; the other readers continue. Further failures are counted.",
            EventName = "ReaderFailed")]
        public static partial void ReaderFailed(ILogger logger, Exception exception);

        [LoggerMessage(
            106,
            LogLevel.Warning,
            "A command was refused with `unavailable`: its entry is of the kind '{Kind}', which a node of an older version does not know. "
                + "Upgrade all nodes; GET /nodes lists their versions. Further refusals are counted.",
            EventName = "KindRefused")]
        public static partial void KindRefused(ILogger logger, string kind);

        [LoggerMessage(
            127,
            LogLevel.Warning,
            "No command has been refused for a while because of a node of an older version: {Count} were within {Seconds:F1} s.",
            EventName = "KindRefusedOver")]
        public static partial void KindsAccepted(ILogger logger, long count, double seconds);

        [LoggerMessage(126, LogLevel.Warning, "No reader of a mailbox has failed for a while: {Count} failed within {Seconds:F1} s.",
            EventName = "ReaderFailedOver")]
        public static partial void ReadersWork(ILogger logger, long count, double seconds);
    }
}
