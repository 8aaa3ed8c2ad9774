using ErlChat.Limits;
using ErlChat.Web.Configuration;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Limits;

/// <summary>Registers the limits.</summary>
internal static class LimitSetup
{
    internal static void AddLimits(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddOptionsSection<LimitOptions>(builder.Configuration.GetSection(LimitOptions.Section));
        services.AddSingleton<IValidateOptions<LimitOptions>, LimitOptionsRules>();
        services.AddSingleton<Admission>();
        services.AddSingleton<PollLimits>();
    }

    /// <summary>Call it after routing, because the endpoint's metadata says what a request costs.</summary>
    internal static void UseLimits(this WebApplication app) => app.UseMiddleware<LimitCheck>();

    /// <summary>Sets what a request to an endpoint costs.</summary>
    internal static TBuilder Costs<TBuilder>(this TBuilder endpoint, Charge charge)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new LimitAttribute(charge));
}
