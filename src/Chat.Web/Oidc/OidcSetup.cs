using ErlChat.Web.Configuration;
using ErlChat.Web.Limits;
using ErlChat.Web.Site;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Oidc;

/// <summary>Registers and routes logins with a provider. Without one in the configuration, nothing of it exists.</summary>
internal static class OidcSetup
{
    internal static void AddOidc(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        IConfigurationSection section = builder.Configuration.GetSection(OidcOptions.Section);
        services.AddOptionsSection<OidcOptions>(section).ValidateDataAnnotations();
        services.AddSingleton<IValidateOptions<OidcOptions>, OidcOptionsRules>();
        if (section[nameof(OidcOptions.Authority)] is not null)
            services.AddSingleton<OidcLogin>();
    }

    /// <summary>
    /// Maps the addresses of a login. No middleware looks at other requests: who is logged in to the chat is the affair of the chat's own
    /// sessions.
    /// </summary>
    internal static void MapOidc(this WebApplication app)
    {
        if (app.Services.GetService<OidcLogin>() is not { } login)
            return;
        app.MapGet(OidcPaths.Begin, login.BeginAsync).Costs(Charge.Login);
        app.MapGet(OidcPaths.Callback, login.ComeBackAsync).Costs(Charge.Login);
        app.MapGet(OidcPaths.Nick, login.AskNick).Costs(Charge.Login);
        app.MapPost(OidcPaths.Nick, login.ChooseNickAsync).Costs(Charge.Login);
    }
}
