namespace ErlChat.Web.Hosting;

/// <summary>How <c>wwwroot</c> is served: always revalidated, so that an edited file is seen at the next load.</summary>
internal static class StaticFiles
{
    internal static StaticFileOptions Options { get; } = new()
    {
        OnPrepareResponse = static file => file.Context.Response.Headers.CacheControl = "no-cache",
    };
}
