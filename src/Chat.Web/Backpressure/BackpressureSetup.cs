using ErlChat.Settings;
using ErlChat.Web.Configuration;
using ErlChat.Web.Site;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Backpressure;

/// <summary>Registers the limits of answers and of what clients leave unread.</summary>
internal static class BackpressureSetup
{
    internal static void AddBackpressure(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddOptionsSection<AnswerOptions>(builder.Configuration.GetSection(ChatOptions.Section)).ValidateDataAnnotations();
        services.AddSingleton<IValidateOptions<AnswerOptions>, AnswerOptionsRules>();
        services.AddSingleton<UnreadAnswers>();
        services.AddSingleton<SlowClients>();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.ConfigureEndpointDefaults(static endpoint =>
        {
            // The fast lane watches its own connections.
            IServiceProvider services = endpoint.ApplicationServices;
            if (!services.GetRequiredService<IOptions<WebOptions>>().Value.FastLane)
                endpoint.Use(services.GetRequiredService<SlowClients>().Watch);
        }));
    }
}
