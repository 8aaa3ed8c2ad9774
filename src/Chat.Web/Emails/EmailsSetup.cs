using ErlChat.Web.Configuration;
using ErlChat.Web.Site;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Emails;

/// <summary>Registers what sends e-mail. Without a mail server in the configuration, nothing of it exists.</summary>
internal static class EmailsSetup
{
    internal static void AddEmails(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        IConfigurationSection section = builder.Configuration.GetSection(SmtpOptions.Section);
        services.AddOptionsSection<SmtpOptions>(section).ValidateDataAnnotations();
        services.AddSingleton<IValidateOptions<SmtpOptions>, SmtpOptionsRules>();
        if (section[nameof(SmtpOptions.Host)] is null)
            return;
        services.AddSingleton<EmailQueue>();
        services.AddSingleton<EmailLimits>();
        services.AddSingleton<EmailTexts>();
        services.AddSingleton<EmailMetrics>();
        services.AddSingleton<MailServer>();
        services.AddSingleton<EmailRequests>();
        services.AddHostedService<EmailSender>();
    }
}
