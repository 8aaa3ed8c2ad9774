using ErlChat.Commands;

namespace ErlChat.Web.Pages;

internal static class PagesSetup
{
    internal static void AddPages(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Templates>();
        builder.Services.AddSingleton<IAdminPages, AdminPages>();
    }
}
