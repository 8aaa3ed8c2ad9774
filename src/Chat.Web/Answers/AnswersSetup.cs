using ErlChat.Web.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Answers;

/// <summary>The bounds of answers.</summary>
internal static class AnswersSetup
{
    /// <summary>
    /// What the kernel may hold of a connection's answers, of which it allows twice as much. Left to itself it lets a connection have 4 MB that nobody takes; and it tells that there is room
    /// again only when a third of all that has been taken, for which a slow client would need minutes.
    /// </summary>
    private const int KernelBuffer = 128 * 1024;

    internal static void AddAnswers(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddOptionsSection<AnswerOptions>(builder.Configuration.GetSection(ChatOptions.Section)).ValidateDataAnnotations();
        services.AddSingleton<IValidateOptions<AnswerOptions>, AnswerOptionsRules>();
        services.AddSingleton<UnreadAnswers>();
        services.AddSingleton<AnswerWriter>();
        services.AddSingleton<SlowClients>();
        services.AddOptions<SocketTransportOptions>().Configure(static sockets => sockets.CreateBoundListenSocket = static endpoint =>
        {
            System.Net.Sockets.Socket socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);

            // Connections have what the socket has that they come in by.
            if (endpoint is System.Net.IPEndPoint)
                socket.SendBufferSize = KernelBuffer;
            return socket;
        });
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.ConfigureEndpointDefaults(static endpoint =>
        {
            // The fast lane looks after its connections itself.
            IServiceProvider services = endpoint.ApplicationServices;
            if (!services.GetRequiredService<IOptions<WebOptions>>().Value.FastLane)
                endpoint.Use(services.GetRequiredService<SlowClients>().Watch);
        }));
    }
}
