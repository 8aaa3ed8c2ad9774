using ErlChat.Limits;
using ErlChat.Web.Hosting;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Limits;

/// <summary>The limits' parts.</summary>
internal static class LimitSetup
{
    internal static void AddLimits(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddOptionsSection<LimitOptions>(builder.Configuration.GetSection(LimitOptions.Section));
        services.AddSingleton<IValidateOptions<LimitOptions>, LimitOptionsRules>();
        services.AddSingleton<Admission>();
        services.AddSingleton<ConnectionLimits>();
        services.AddSingleton<AcceptPace>();
        services.AddSingleton<PollLimits>();
    }

    /// <summary>Behind the routing: what a request costs is its endpoint's to say.</summary>
    internal static void UseLimits(this WebApplication app) => app.UseMiddleware<LimitCheck>();

    /// <summary>Names the limit of an endpoint.</summary>
    internal static TBuilder Costs<TBuilder>(this TBuilder endpoint, Charge charge)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new LimitAttribute(charge));
}
