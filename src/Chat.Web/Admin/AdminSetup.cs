using ErlChat.Commands;
using ErlChat.Rooms;
using ErlChat.Settings;
using ErlChat.Web.Hosting;
using ErlChat.Web.Pages;

namespace ErlChat.Web.Admin;

/// <summary>The administrators' password and what they are shown.</summary>
internal static class AdminSetup
{
    internal static void AddAdministration(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddOptionsSection<AdminOptions>(builder.Configuration.GetSection(ChatOptions.Section)).ValidateDataAnnotations();
        services.AddSingleton<AdminPasswords>();
        services.AddSingleton<IAdminPasswords>(provider => provider.GetRequiredService<AdminPasswords>());
        services.AddHostedService(provider => provider.GetRequiredService<AdminPasswords>());
        services.AddSingleton<IAdminPages, AdminPages>();
    }
}
