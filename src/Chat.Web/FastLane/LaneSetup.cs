using System.Globalization;
using ErlChat.Web.Listening;
using ErlChat.Web.Site;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.FastLane;

/// <summary>Puts the fast lane in front of the ordinary pipeline, on every address; where there is TLS, its bytes pass untouched.</summary>
internal static class LaneSetup
{
    /// <summary>
    /// So many may come at once after a restart before the kernel makes them wait a second; it takes 4 096 at the most unless told
    /// otherwise.
    /// </summary>
    private const int Backlog = 4096;

    internal static void AddFastLane(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Lane>();
        builder.Services.AddSingleton<LaneAnswer>();
        builder.Services.AddOptions<SocketTransportOptions>().Configure<IConfiguration>(static (sockets, configuration) =>
        {
            sockets.Backlog = Backlog;

            // What is unsafe about it is the application on the thread that reads sockets; the lane lets nothing of it get there. From the
            // configuration, since the options are not checked yet when the server is made, and are to be checked all at once. Read as the
            // options read it, blanks around it included.
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
                    // Here, since the endpoint's own configuration is read after these defaults.
                    bool isOpen = endpoint.Protocols.HasFlag(HttpProtocols.Http1);
                    return limits.Before(endpoint, (connection, place) => lane.ServeAsync(ordinary, connection, place, isOpen));
                });
            }
            else
            {
                endpoint.Use(ordinary => limits.Before(endpoint, (connection, place) => ConnectionLimits.KeepAsync(ordinary, connection, place)));
            }
        }));
    }

    /// <summary>
    /// Lets the threads that wait for sockets run what waits for them, instead of waking another thread for it. One for two cores: where
    /// there is one for each, they share the cores with those that wake polls, and are woken for one or two sockets at a time
    /// (<c>docs/adr/0008</c>). To be called before the first socket is made; there is no other way to set it than the environment, and who
    /// has set it there knows better.
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
