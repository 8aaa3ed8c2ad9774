using System.Reflection;
using ErlChat.Web.Limits;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Controllers;

namespace ErlChat.Web.Comet;

/// <summary>Registers and routes the comet protocol: its controllers, and the endpoint that parks polls.</summary>
internal static class CometSetup
{
    internal static void AddComet(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PeopleAnswers>();
        builder.Services.AddSingleton<Polls>();
        builder.Services.AddSingleton<SearchTurns>();
        builder.Services.AddSingleton<ExportTurns>();
        builder.Services.AddSingleton<PersonExport>();
        builder.Services.AddSingleton<WaitEndpoint>();
        builder.Services.AddControllers().ConfigureApplicationPartManager(parts =>
        {
            // Only this assembly has controllers, whatever the entry assembly is. They are internal, so they need a provider that finds
            // internal ones.
            parts.ApplicationParts.Clear();
            parts.ApplicationParts.Add(new AssemblyPart(typeof(CometSetup).Assembly));
            parts.FeatureProviders.Add(new InternalControllers());
        });
    }

    /// <summary>
    /// Brings users back online who return, and makes requests of unknown sessions wait for logins on other nodes. Call it after the
    /// limits.
    /// </summary>
    internal static void UseSessionArrivals(this WebApplication app) => app.UseMiddleware<SessionArrivalCheck>();

    internal static void MapComet(this WebApplication app)
    {
        // Not an action: see docs/adr/0004. HTTP metrics are off: they would measure how long polls wait, and would cost time on every
        // delivery.
        app.MapGet("/chat/wait", app.Services.GetRequiredService<WaitEndpoint>().HandleAsync).Costs(Charge.Poll).DisableHttpMetrics();
    }

    private sealed class InternalControllers : ControllerFeatureProvider
    {
        protected override bool IsController(TypeInfo typeInfo) =>
            typeInfo.IsSubclassOf(typeof(ControllerBase)) && !typeInfo.IsAbstract && !typeInfo.IsPublic;
    }
}
