using ErlChat.Rooms;
using ErlChat.Settings;
using ErlChat.Web.Configuration;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Admin;

/// <summary>Registers what checks the administrators' password.</summary>
internal static class AdminSetup
{
    internal static void AddAdministration(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddOptionsSection<AdminOptions>(builder.Configuration.GetSection(ChatOptions.Section)).ValidateDataAnnotations();
        services.AddSingleton<IValidateOptions<AdminOptions>, AdminOptionsRules>();
        services.AddSingleton<AdminPasswords>();
        services.AddSingleton<IAdminPasswords>(provider => provider.GetRequiredService<AdminPasswords>());
    }
}
