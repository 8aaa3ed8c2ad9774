using ErlChat.Limits;
using ErlChat.Settings;
using ErlChat.Web.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Stopping;

/// <summary>
/// Kestrel, with a stop that is bounded whatever clients do. First connections stay open for a moment, because a poll may be on its way
/// that its client sent on an answer without <c>Connection: close</c>; each answer says it from now on, so the connections end one after
/// the other. Then idle ones are closed, and soon those of clients that send or take nothing are aborted. Kestrel alone would wait for
/// these as long as the host lets it.
/// </summary>
/// <remarks>By the system's clock: a stop must end, also with a clock that stands still.</remarks>
/// <param name="connections">Asked for at the stop: a server is made before the options are checked, of which one that is wrong must not
/// hide the rest.</param>
/// <param name="options">For the same reason read at the stop.</param>
internal sealed partial class StoppingServer(
    IServer kestrel,
    Lazy<Admission> connections,
    IOptions<ChatOptions> options,
    IHostApplicationLifetime lifetime,
    ILogger<StoppingServer> logger) : IServer
{
    /// <summary>How often it is looked whether any connection is left: a part of the time that a stop takes.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    private bool _isLeft;

    public IFeatureCollection Features => kestrel.Features;

    public async Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        try
        {
            await kestrel.StartAsync(application, cancellationToken);
        }
        catch (Exception e) when (StartFailure.OfAddress(e) is { } sentence)
        {
            throw lifetime.Failed(sentence, e);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var budget = new StopBudget(options.Value.StopTimeout);
        long began = TimeProvider.System.GetTimestamp();
        await LingerAsync(budget, cancellationToken);
        TimeSpan left = budget.Grace - TimeProvider.System.GetElapsedTime(began);
        using var grace = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        grace.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        try
        {
            await kestrel.StopAsync(grace.Token).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The rest of the stop is not to wait for whatever this is, and the process ends it.
            _isLeft = true;
            Log.Left(logger, connections.Value.Connections);
        }
    }

    public void Dispose()
    {
        if (!_isLeft)
            kestrel.Dispose();
    }

    /// <summary>Until no connection is left, or none has ended for a while: a busy machine needs longer to answer all of them.</summary>
    private async Task LingerAsync(StopBudget budget, CancellationToken cancellationToken)
    {
        long began = TimeProvider.System.GetTimestamp();
        long lastEnd = began;
        int open = connections.Value.Connections;
        while (open > 0
            && TimeProvider.System.GetElapsedTime(lastEnd) < budget.Linger
            && TimeProvider.System.GetElapsedTime(began) < budget.LongestLinger
            && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(s_look, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            int left = connections.Value.Connections;
            if (left < open)
                lastEnd = TimeProvider.System.GetTimestamp();
            open = left;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            790,
            LogLevel.Warning,
            "{Connections} connections did not end in time; the stop continues without them.",
            EventName = "ConnectionsLeft")]
        public static partial void Left(ILogger logger, int connections);
    }
}
