using ErlChat.Protocol.Comet;
using ErlChat.Web.Site;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Origins;

/// <summary>Sets up which hosts the server answers to, and which pages may use it.</summary>
internal static class OriginsSetup
{
    /// <summary>
    /// How long a browser may cache the answer to a preflight. Browsers have their own limits, the lowest of which is 10 minutes.
    /// </summary>
    private static readonly TimeSpan s_preflight = TimeSpan.FromMinutes(10);

    internal static void AddOrigins(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddSingleton<OriginRules>();
        services.AddSingleton<HostRule>();
        services.AddSingleton<RefusalPage>();
        services.AddHostedService<ExposureWarning>();
        services.AddCors();

        // The framework's check knows neither Chat:PublicUrl nor hosts forwarded by proxies, and its error page names no option. HostCheck
        // replaces it.
        services.PostConfigure<HostFilteringOptions>(static filtering => filtering.AllowedHosts = ["*"]);
    }

    internal static void UseOrigins(this WebApplication app)
    {
        IServiceProvider services = app.Services;
        app.UseMiddleware<HostCheck>();

        // Not on polls, because the fast lane would have to send it too. Browsers need the header only once, and get it with the page.
        if (services.GetRequiredService<IOptions<WebOptions>>().Value.Hsts)
            app.UseWhen(
                static context => !context.Request.Path.StartsWithSegments("/chat/wait", StringComparison.OrdinalIgnoreCase),
                static secured => secured.UseHsts());
        app.UseMiddleware<OriginCheck>();
    }

    /// <summary>Call it after everything else that may answer without an endpoint, such as the site's files.</summary>
    internal static void UseNotFoundPage(this WebApplication app) => app.UseMiddleware<NotFoundPage>();

    /// <summary>Call it before the limits, so that pages of other origins can read refusals by a limit.</summary>
    internal static void UseAllowedOrigins(this WebApplication app)
    {
        OriginRules rules = app.Services.GetRequiredService<OriginRules>();
        HostRule hosts = app.Services.GetRequiredService<HostRule>();
        if (!rules.AllowsAny)
            return;
        app.UseWhen(
            context => IsComet(context.Request.Path) && hosts.Allows(context.Request.Host),
            comet => comet.UseMiddleware<PreflightPace>().UseCors(policy => Allow(policy, rules)));
    }

    private static bool IsComet(PathString path) =>
        path.StartsWithSegments("/chat", StringComparison.OrdinalIgnoreCase)
        || path.StartsWithSegments("/login", StringComparison.OrdinalIgnoreCase);

    /// <summary>Uses our own rule, because the framework sends <c>Vary: Origin</c> only if its list has two or more origins.</summary>
    private static void Allow(CorsPolicyBuilder policy, OriginRules rules) => policy
        .SetIsOriginAllowed(rules.Allows)
        .AllowCredentials()
        .WithMethods(HttpMethods.Get, HttpMethods.Post)
        .WithHeaders("Content-Type", "X-Requested-With")
        .WithExposedHeaders(LoginRefusals.Header, "Retry-After")
        .SetPreflightMaxAge(s_preflight);
}
