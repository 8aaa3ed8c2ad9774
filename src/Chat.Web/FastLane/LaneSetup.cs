using System.Globalization;
using ErlChat.Web.Listening;
using ErlChat.Web.Site;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.FastLane;

/// <summary>Puts the fast lane in front of the ordinary pipeline on every address. TLS connections pass through unchanged.</summary>
internal static class LaneSetup
{
    /// <summary>
    /// How many connections may arrive at once, for example after a restart, before the kernel makes them wait for a second. Linux allows
    /// at most 4 096 by default.
    /// </summary>
    private const int Backlog = 4096;

    internal static void AddFastLane(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Lane>();
        builder.Services.AddSingleton<LaneAnswer>();
        builder.Services.AddOptions<SocketTransportOptions>().Configure<IConfiguration>(static (sockets, configuration) =>
        {
            sockets.Backlog = Backlog;

            // The unsafe part of this setting is that the application might run on a socket thread, which the lane prevents. Chat:FastLane
            // is read from the configuration because the server is created before the options are validated, and they should all be
            // validated together. It is parsed like the option, with surrounding blanks allowed.
            sockets.UnsafePreferInlineScheduling = !(bool.TryParse(configuration["Chat:FastLane"], out bool on) && !on);
        });
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.ConfigureEndpointDefaults(static endpoint =>
        {
            IServiceProvider services = endpoint.ApplicationServices;
            ConnectionLimits limits = services.GetRequiredService<ConnectionLimits>();
            if (services.GetRequiredService<IOptions<WebOptions>>().Value.FastLane)
            {
                Lane lane = services.GetRequiredService<Lane>();
                endpoint.Use(ordinary =>
                {
                    // Read here because the endpoint's own configuration is applied after these defaults.
                    bool isOpen = endpoint.Protocols.HasFlag(HttpProtocols.Http1);
                    return limits.Before(endpoint, (connection, place) => lane.ServeAsync(ordinary, connection, place, isOpen));
                });
            }
            else
            {
                endpoint.Use(ordinary => limits.Before(
                    endpoint, (connection, place) => ConnectionLimits.KeepAsync(ordinary, connection, place)));
            }
        }));
    }

    /// <summary>
    /// Lets the socket threads run continuations themselves instead of waking another thread. Uses one socket thread per two cores. With
    /// one per core, they would compete with the threads that answer polls, and each would wake up for only one or two sockets
    /// (<c>docs/adr/0008</c>). Call it before the first socket is created. The environment is the only way to set this; values that the
    /// operator has set there are kept.
    /// </summary>
    internal static void PreferInlineSockets()
    {
        const string inline = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
        const string threads = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";
        if (Environment.GetEnvironmentVariable(inline) is not null)
            return;
        Environment.SetEnvironmentVariable(inline, "1");
        if (Environment.GetEnvironmentVariable(threads) is null)
            Environment.SetEnvironmentVariable(threads, Math.Max(1, Environment.ProcessorCount / 2).ToString(CultureInfo.InvariantCulture));
    }
}
