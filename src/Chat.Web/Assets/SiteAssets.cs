namespace ErlChat.Web.Assets;

/// <summary>
/// Serves <c>wwwroot</c> under fingerprinted, compressed, for ever cached addresses (<c>docs/adr/0007</c>). A file that was edited is seen
/// at the next load of a page: no rebuild, no restart. Thread-safe.
/// </summary>
internal sealed class SiteAssets(IWebHostEnvironment environment)
{
    private sealed record Looked(int Stamp, AssetSet Set);

    private volatile Looked? _last;

    /// <summary>The files as they are now. Costs a look at each file's time, so it is for pages, not for every request.</summary>
    internal AssetSet Current()
    {
        int stamp = Stamp();
        Looked? last = _last;
        if (last is null || last.Stamp != stamp)
            _last = last = new Looked(stamp, AssetSet.Read(environment.WebRootPath));
        return last.Set;
    }

    internal async Task HandleAsync(HttpContext context)
    {
        AssetSet set = (_last ?? new Looked(0, Current())).Set;
        string version = (string)context.Request.RouteValues["version"]!;
        if (version != set.Version)
            set = Current();
        HttpResponse response = context.Response;
        if (set.Find((string?)context.Request.RouteValues["path"] ?? "") is not { } file)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        (byte[] body, string? encoding) = file.For(context.Request.Headers.AcceptEncoding);

        // A page from before an edit still gets its files, but must not keep them as what they are not.
        response.Headers.CacheControl = version == set.Version ? "max-age=31536000, immutable" : "no-store";
        response.Headers.Vary = "Accept-Encoding";
        if (encoding is not null)
            response.Headers.ContentEncoding = encoding;
        response.ContentType = file.ContentType;
        if (!file.IsDocument)
        {
            // These say how a page may be treated; a script or style sheet is none, and with dozens of small files they weigh more than
            // some of these.
            response.Headers.Remove("Content-Security-Policy");
            response.Headers.Remove("Referrer-Policy");
            response.Headers.Remove("Cross-Origin-Opener-Policy");
        }

        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.BodyWriter.WriteAsync(body);
    }

    private int Stamp()
    {
        var stamp = default(HashCode);
        foreach (FileInfo file in new DirectoryInfo(environment.WebRootPath).EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(file => file.FullName, StringComparer.Ordinal))
        {
            stamp.Add(file.FullName);
            stamp.Add(file.LastWriteTimeUtc);
            stamp.Add(file.Length);
        }

        return stamp.ToHashCode();
    }
}
