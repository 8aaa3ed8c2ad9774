using ErlChat.Protocol.Comet;
using ErlChat.Web.Site;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Origins;

/// <summary>Under which names the server answers, and which pages may use it.</summary>
internal static class OriginsSetup
{
    /// <summary>How long a browser may remember that a page may ask. Browsers have bounds of their own, from 10 minutes on.</summary>
    private static readonly TimeSpan s_preflight = TimeSpan.FromMinutes(10);

    internal static void AddOrigins(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddSingleton<OriginRules>();
        services.AddSingleton<HostRule>();
        services.AddSingleton<RefusalPage>();
        services.AddHostedService<ExposureWarning>();
        services.AddCors();

        // The framework's check knows neither Chat:PublicUrl nor the hosts that proxies tell of, and its page names no option. HostCheck
        // does its work.
        services.PostConfigure<HostFilteringOptions>(static filtering => filtering.AllowedHosts = ["*"]);
    }

    internal static void UseOrigins(this WebApplication app)
    {
        IServiceProvider services = app.Services;
        app.UseMiddleware<HostCheck>();

        // Not on polls, which the fast lane answers too: what a browser needs to be told once, the page tells it.
        if (services.GetRequiredService<IOptions<WebOptions>>().Value.Hsts)
            app.UseWhen(static context => !context.Request.Path.StartsWithSegments("/chat/wait", StringComparison.OrdinalIgnoreCase), static secured => secured.UseHsts());
        app.UseMiddleware<OriginCheck>();
    }

    /// <summary>Before the limits, so that pages elsewhere can read that they met one.</summary>
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
        path.StartsWithSegments("/chat", StringComparison.OrdinalIgnoreCase) || path.StartsWithSegments("/login", StringComparison.OrdinalIgnoreCase);

    /// <summary>By a rule of ours, since the framework's list says <c>Vary: Origin</c> only from two origins on.</summary>
    private static void Allow(CorsPolicyBuilder policy, OriginRules rules) => policy
        .SetIsOriginAllowed(rules.Allows)
        .AllowCredentials()
        .WithMethods(HttpMethods.Get, HttpMethods.Post)
        .WithHeaders("Content-Type", "X-Requested-With")
        .WithExposedHeaders(LoginRefusals.Header, "Retry-After")
        .SetPreflightMaxAge(s_preflight);
}
