using ErlChat.Log;
using ErlChat.Logging;
using ErlChat.Web.Site;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Emails;

/// <summary>
/// Sends the e-mails of the queue, one after another. One that cannot be handed over is tried again <see cref="SmtpOptions.Tries"/> times
/// in all, while the others wait: they go to the same mail server. Then it is given up.
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

    public override void Dispose()
    {
        _failing.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (Func<CancellationToken, ValueTask<OutgoingEmail?>> write in queue.ReadAllAsync(stoppingToken))
                await SendAsync(write, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            if (queue.Count is > 0 and var left)
                Log.Unsent(logger, left);
        }
    }

    private async Task SendAsync(Func<CancellationToken, ValueTask<OutgoingEmail?>> write, CancellationToken stopping)
    {
        try
        {
            if (await write(stopping) is { } email)
                metrics.Count(await HandOverAsync(email, stopping));
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

    private async Task<bool> HandOverAsync(OutgoingEmail email, CancellationToken stopping)
    {
        for (int tries = 1; ; tries++)
        {
            if (await server.SendAsync(email, stopping) is not { } failure)
            {
                _failing.Succeeded();
                return true;
            }

            if (failure.IsFinal)
            {
                Log.Refused(logger, failure.Problem);
                return false;
            }

            if (_failing.Failed())
                Log.Fails(_failing.Logger, options.Value.Host!, failure.Problem);
            if (tries >= options.Value.Tries)
                return false;
            await Task.Delay(options.Value.RetryAfter, time, stopping);
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
