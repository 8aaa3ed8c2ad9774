using ErlChat.Log;
using ErlChat.Logging;
using ErlChat.Web.Site;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Emails;

/// <summary>
/// Sends the e-mails of the queue, one after another. One that cannot be handed over is tried <see cref="SmtpOptions.Tries"/> times in
/// all, while the others wait: they go to the same mail server. One whose receiver the mail server puts off goes to the end of the queue
/// instead.
/// </summary>
internal sealed partial class EmailSender(
    EmailQueue queue,
    MailServer server,
    EmailMetrics metrics,
    IOptions<SmtpOptions> options,
    TimeProvider time,
    ILogger<EmailSender> logger)
    : BackgroundService
{
    private readonly Outage _failing = new(time, logger, Log.Works);
    private int _putOff;

    public override void Dispose()
    {
        _failing.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (WaitingEmail waiting in queue.ReadAllAsync(stoppingToken))
                await SendAsync(waiting, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            if (queue.Count + Volatile.Read(ref _putOff) is > 0 and var left)
                Log.Unsent(logger, left);
        }
    }

    private async Task SendAsync(WaitingEmail waiting, CancellationToken stopping)
    {
        try
        {
            if (await waiting.Write(stopping) is { } email && await HandOverAsync(email, waiting.Tries, stopping) is { } isSent)
                metrics.Count(isSent);
        }
        catch (LogUnavailableException)
        {
            // The database is away, which the log says already.
            metrics.Count(isSent: false);
        }
        catch (Exception e) when (!(e is OperationCanceledException && stopping.IsCancellationRequested))
        {
            // An unknown failure of one e-mail must not keep back the others, nor end the server. Its text may have the receiver.
            metrics.Count(isSent: false);
            Log.Broken(logger, e.GetType().Name, e.StackTrace);
        }
    }

    /// <returns>Whether it was handed over; null if it is put off.</returns>
    private async Task<bool?> HandOverAsync(OutgoingEmail email, int triedBefore, CancellationToken stopping)
    {
        for (int tries = triedBefore + 1; ; tries++)
        {
            if (await server.SendAsync(email, stopping) is not { } failure)
            {
                _failing.Succeeded();
                return true;
            }

            bool isLast = failure.IsFinal || tries >= options.Value.Tries;
            if (failure.IsFinal || failure.IsOfOne)
            {
                if (isLast || !TryPutOff(email, tries, stopping))
                {
                    Log.Refused(logger, failure.Problem);
                    return false;
                }

                return null;
            }

            if (_failing.Failed())
                Log.Fails(_failing.Logger, options.Value.Host!, failure.Problem);
            if (isLast)
                return false;
            await Task.Delay(options.Value.RetryAfter, time, stopping);
        }
    }

    /// <summary>Adds an e-mail to the queue again, after the pause between two tries.</summary>
    /// <returns>False if as many as may wait are put off already.</returns>
    private bool TryPutOff(OutgoingEmail email, int tries, CancellationToken stopping)
    {
        if (Volatile.Read(ref _putOff) >= options.Value.MaxWaiting)
            return false;
        Interlocked.Increment(ref _putOff);
        _ = AddLaterAsync();
        return true;

        async Task AddLaterAsync()
        {
            await Task.Delay(options.Value.RetryAfter, time, stopping);
            Interlocked.Decrement(ref _putOff);
            if (!queue.TryAdd(new WaitingEmail(_ => ValueTask.FromResult<OutgoingEmail?>(email), tries)))
                metrics.Count(isSent: false);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            795,
            LogLevel.Warning,
            "E-mails cannot be handed over to {Server}; further failures are counted. {Problem}",
            EventName = "EmailsFail")]
        public static partial void Fails(ILogger logger, string server, string problem);

        [LoggerMessage(
            796,
            LogLevel.Information,
            "E-mails can be handed over again. {Count} tries have failed within {Seconds:F1} s.",
            EventName = "EmailsWork")]
        public static partial void Works(ILogger logger, long count, double seconds);

        [LoggerMessage(797, LogLevel.Warning, "The mail server does not take an e-mail. {Problem}", EventName = "EmailRefused")]
        public static partial void Refused(ILogger logger, string problem);

        [LoggerMessage(798, LogLevel.Warning, "The server stops before {Count} e-mails were sent.", EventName = "EmailsUnsent")]
        public static partial void Unsent(ILogger logger, int count);

        [LoggerMessage(799, LogLevel.Error, "An e-mail was given up because of a {Failure}.\n{Stack}", EventName = "EmailBroken")]
        public static partial void Broken(ILogger logger, string failure, string? stack);
    }
}
