using ErlChat.Settings;
using ErlChat.Web.Hosting;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Answers;

/// <summary>The bounds of answers.</summary>
internal static class AnswersSetup
{
    internal static void AddAnswers(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddOptionsSection<AnswerOptions>(builder.Configuration.GetSection(ChatOptions.Section)).ValidateDataAnnotations();
        services.AddSingleton<IValidateOptions<AnswerOptions>, AnswerOptionsRules>();
        services.AddSingleton<UnreadAnswers>();
        services.AddSingleton<AnswerWriter>();
        services.AddSingleton<SlowClients>();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.ConfigureEndpointDefaults(static endpoint =>
        {
            // The fast lane looks after its connections itself.
            IServiceProvider services = endpoint.ApplicationServices;
            if (!services.GetRequiredService<IOptions<WebOptions>>().Value.FastLane)
                endpoint.Use(services.GetRequiredService<SlowClients>().Watch);
        }));
    }
}
