using Microsoft.Extensions.Hosting;

namespace ErlChat.Postgres.Nodes;

/// <summary>
/// Stops the server when its log has ended, with an exit code by which systemd or the container runtime starts it again: only a new run can
/// apply what the log has now. The node first leaves the others, because it can do none of the work that it leads.
/// </summary>
/// <param name="ended">Completes when this process must not use the log any more.</param>
/// <param name="nodes">This node among the others.</param>
/// <param name="life">Stops the server.</param>
internal sealed class LogEndWatch(Task ended, PostgresNodes nodes, IHostApplicationLifetime life) : IHostedService
{
    private const int Failure = 1;

    /// <summary>Watches from when the server has started. If the log ends before, the start fails.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        life.ApplicationStarted.Register(() => _ = StopAtEndAsync());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task StopAtEndAsync()
    {
        await ended.WaitAsync(life.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (life.ApplicationStopping.IsCancellationRequested)
            return;
        Environment.ExitCode = Failure;
        await nodes.StopAsync(CancellationToken.None);
        life.StopApplication();
    }
}
