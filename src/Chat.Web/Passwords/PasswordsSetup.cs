using ErlChat.Members;
using ErlChat.Settings;
using ErlChat.Web.Configuration;

namespace ErlChat.Web.Passwords;

/// <summary>Registers what hashes passwords, and the passwords of members.</summary>
internal static class PasswordsSetup
{
    internal static void AddPasswords(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddOptionsSection<MemberOptions>(builder.Configuration.GetSection(ChatOptions.Section)).ValidateDataAnnotations();
        services.AddSingleton<PasswordGate>();
        services.AddSingleton<IPasswordHashing, MemberHashing>();
        services.AddHostedService(provider =>
        {
            // Its queue is open from the start, so that it counts what is tried on other nodes.
            provider.GetRequiredService<IPasswordHashing>();
            return provider.GetRequiredService<PasswordGate>();
        });
        services.AddSingleton<MemberPasswords>();
        services.AddSingleton<ResetLinks>();
        services.AddSingleton<EmailLinks>();
        services.AddSingleton<InvitationLinks>();
    }
}
