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
        services.AddOptions<HostOptions>().Configure<IOptions<ChatOptions>>(static (host, chat) => host.ShutdownTimeout = new StopBudget(chat.Value.StopTimeout).Doors);

        // Kestrel asks the one that was added last first.
        services.AddSingleton<IConnectionListenerFactory, ListenerFactory>();

        // Kestrel's own class is not public.
        ServiceDescriptor kestrel = services.Last(service => service.ServiceType == typeof(IServer));
        services.Remove(kestrel);
        services.AddSingleton<IServer>(provider => new StoppingServer(
            (IServer)ActivatorUtilities.CreateInstance(provider, kestrel.ImplementationType!),
            provider.GetRequiredService<Admission>(),
            new StopBudget(provider.GetRequiredService<IOptions<ChatOptions>>().Value.StopTimeout),
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<ILogger<StoppingServer>>()));
    }

    /// <summary>When the stop begins, parked polls are answered and no new one parks.</summary>
    internal static void UseStopping(this WebApplication app)
    {
        PostOffice office = app.Services.GetRequiredService<PostOffice>();
        app.Lifetime.ApplicationStopping.Register(office.StopAdmitting);
        app.UseMiddleware<ClosingAnswers>();
    }
}
