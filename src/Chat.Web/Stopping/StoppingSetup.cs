using ErlChat.Delivery;
using ErlChat.Limits;
using ErlChat.Settings;
using ErlChat.Web.Answers;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Stopping;

/// <summary>Limits how long the host and its server take to stop.</summary>
internal static class StoppingSetup
{
    internal static void AddStopping(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;

        // Kestrel's server class is not public, so it is found by its interface. Without one nothing is served; only the options are
        // listed.
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

    /// <summary>Sets up the stop: parked polls are answered when it begins, and no new ones are parked.</summary>
    internal static void UseStopping(this WebApplication app)
    {
        // Set here rather than in the options' configuration. The host reads its own options before all others are validated, and one
        // invalid option would hide the others.
        TimeSpan whole = app.Services.GetRequiredService<IOptions<ChatOptions>>().Value.StopTimeout;
        app.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout = new StopBudget(whole).Doors;
        PostOffice office = app.Services.GetRequiredService<PostOffice>();
        app.Lifetime.ApplicationStopping.Register(office.StopAdmitting);
        app.UseMiddleware<ClosingAnswers>();
    }
}
