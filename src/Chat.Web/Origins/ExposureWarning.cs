using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ErlChat.Web.Origins;

/// <summary>Warns once, when the server has started, that it answers to any host on an address that others can reach.</summary>
internal sealed partial class ExposureWarning(IServer server, HostRule rule, ILogger<ExposureWarning> logger) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (!rule.Restricts && server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault(IsReachable) is { } address)
            AnswersToAnyHost(logger, address);
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Whether others than this machine reach an address. <c>+</c> and <c>*</c>, which are no URL's hosts, mean all of
    /// them.</summary>
    private static bool IsReachable(string address)
    {
        var binding = BindingAddress.Parse(address);
        return !binding.IsUnixPipe && !binding.IsNamedPipe && !binding.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            && !(IPAddress.TryParse(binding.Host, out IPAddress? ip) && IPAddress.IsLoopback(ip));
    }

    [LoggerMessage(
        710,
        LogLevel.Warning,
        "Listening on {Address} and answering requests for any host. Set Chat:PublicUrl to the URLs that users type (or AllowedHosts "
            + "to their hosts), so that another site's name cannot be pointed at this server (DNS rebinding).",
        EventName = "AnswersToAnyHost")]
    private static partial void AnswersToAnyHost(ILogger logger, string address);
}
