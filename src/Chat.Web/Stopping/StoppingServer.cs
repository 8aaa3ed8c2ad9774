using ErlChat.Limits;
using ErlChat.Settings;
using ErlChat.Web.Starting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Stopping;

/// <summary>
/// Kestrel, with a stop whose duration is limited whatever clients do. At first connections stay open for a moment: a client whose last
/// answer had no <c>Connection: close</c> may already have sent its next poll. From now on each answer has that header, so connections end
/// one after another. Then idle connections are closed, and soon afterwards those of clients that neither send nor read are aborted.
/// Kestrel alone would wait for these as long as the host allows.
/// </summary>
/// <remarks>Uses the system's clock, because a stop must also end in a test with a stopped clock.</remarks>
/// <param name="connections">
/// Resolved at the stop. The server is created before the options are validated, and one invalid option must not hide the others.
/// </param>
/// <param name="options">Read at the stop, for the same reason.</param>
internal sealed partial class StoppingServer(
    IServer kestrel,
    Lazy<Admission> connections,
    IOptions<ChatOptions> options,
    IHostApplicationLifetime lifetime,
    ILogger<StoppingServer> logger) : IServer
{
    /// <summary>How often to check whether connections are left. Short compared with a stop.</summary>
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
            // The rest of the stop must not wait for these connections. They end with the process.
            _isLeft = true;
            Log.Left(logger, connections.Value.Connections);
        }
    }

    public void Dispose()
    {
        if (!_isLeft)
            kestrel.Dispose();
    }

    /// <summary>
    /// Waits until no connection is left, or none has ended for a while. A busy machine needs longer to answer all of them.
    /// </summary>
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
