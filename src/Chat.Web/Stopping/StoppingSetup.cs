using ErlChat.Delivery;
using ErlChat.Limits;
using ErlChat.Settings;
using ErlChat.Web.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Stopping;

/// <summary>Bounds the stop of the host and of its server.</summary>
internal static class StoppingSetup
{
    internal static void AddStopping(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        // Kestrel asks the one that was added last first.
        services.AddSingleton<IConnectionListenerFactory, ListenerFactory>();

        // Kestrel's own class is not public. Where there is none, nothing is served: the parts are only looked at.
        if (services.LastOrDefault(service => service.ServiceType == typeof(IServer)) is not { } kestrel)
            return;
        services.Remove(kestrel);
        services.AddSingleton<IServer>(provider => new StoppingServer(
            (IServer)ActivatorUtilities.CreateInstance(provider, kestrel.ImplementationType!),
            new Lazy<Admission>(provider.GetRequiredService<Admission>),
            provider.GetRequiredService<IOptions<ChatOptions>>(),
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<ILogger<StoppingServer>>()));
    }

    /// <summary>When the stop begins, parked polls are answered and no new one parks.</summary>
    internal static void UseStopping(this WebApplication app)
    {
        // Now, not where options are made: the host reads its own before all others are checked, and one wrong option would hide the rest.
        TimeSpan whole = app.Services.GetRequiredService<IOptions<ChatOptions>>().Value.StopTimeout;
        app.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout = new StopBudget(whole).Doors;
        PostOffice office = app.Services.GetRequiredService<PostOffice>();
        app.Lifetime.ApplicationStopping.Register(office.StopAdmitting);
        app.UseMiddleware<ClosingAnswers>();
    }
}
