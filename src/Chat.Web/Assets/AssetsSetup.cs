using ErlChat.Web.Limits;

namespace ErlChat.Web.Assets;

internal static class AssetsSetup
{
    internal static void AddAssets(this WebApplicationBuilder builder) => builder.Services.AddSingleton<SiteAssets>();

    internal static void MapAssets(this WebApplication app) =>
        app.MapMethods("/assets/{version}/{**path}", [HttpMethods.Get, HttpMethods.Head], app.Services.GetRequiredService<SiteAssets>().HandleAsync).Costs(Charge.Page);
}
