using System.Reflection;
using ErlChat.Web.Limits;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Controllers;

namespace ErlChat.Web.Comet;

/// <summary>The comet door's parts and routes: controllers, and the one endpoint that parks beside them.</summary>
internal static class CometSetup
{
    internal static void AddComet(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PeopleAnswers>();
        builder.Services.AddSingleton<Polls>();
        builder.Services.AddSingleton<SearchTurns>();
        builder.Services.AddSingleton<WaitEndpoint>();
        builder.Services.AddControllers().ConfigureApplicationPartManager(parts =>
        {
            // The only assembly with controllers, whoever the entry assembly is; and controllers here are internal, like everything that
            // nobody else needs.
            parts.ApplicationParts.Clear();
            parts.ApplicationParts.Add(new AssemblyPart(typeof(CometSetup).Assembly));
            parts.FeatureProviders.Add(new InternalControllers());
        });
    }

    internal static void MapComet(this WebApplication app)
    {
        // Not an action: see docs/adr/0004. No HTTP metrics either: their duration would be the poll's, and they cost on every delivery.
        app.MapGet("/chat/wait", app.Services.GetRequiredService<WaitEndpoint>().HandleAsync).Costs(Charge.Poll).DisableHttpMetrics();
    }

    private sealed class InternalControllers : ControllerFeatureProvider
    {
        protected override bool IsController(TypeInfo typeInfo) => typeInfo.IsSubclassOf(typeof(ControllerBase)) && !typeInfo.IsAbstract && !typeInfo.IsPublic;
    }
}
