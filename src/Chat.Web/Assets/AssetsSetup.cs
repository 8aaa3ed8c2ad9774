using ErlChat.Web.Limits;

namespace ErlChat.Web.Assets;

/// <summary>Serves <c>wwwroot</c> in two ways: under the files' own names, and under fingerprinted addresses.</summary>
internal static class AssetsSetup
{
    /// <summary>Browsers must always revalidate these files, so that an edit is seen at the next load.</summary>
    private static readonly StaticFileOptions s_files = new()
    {
        OnPrepareResponse = static file => file.Context.Response.Headers.CacheControl = "no-cache",
    };

    internal static void AddAssets(this WebApplicationBuilder builder) => builder.Services.AddSingleton<SiteAssets>();

    internal static void UseSiteFiles(this WebApplication app) => app.UseStaticFiles(s_files);

    /// <summary>Lets the server make the bundles as soon as it listens.</summary>
    internal static void PrepareAssets(this WebApplication app)
    {
        SiteAssets assets = app.Services.GetRequiredService<SiteAssets>();
        app.Lifetime.ApplicationStarted.Register(
            () => ThreadPool.QueueUserWorkItem(static one => one.Prepare(), assets, preferLocal: false));
    }

    internal static void MapAssets(this WebApplication app) => app
        .MapMethods(
            "/assets/{version}/{**path}",
            [HttpMethods.Get, HttpMethods.Head],
            app.Services.GetRequiredService<SiteAssets>().HandleAsync)
        .Costs(Charge.Page);
}
