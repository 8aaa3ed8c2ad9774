namespace ErlChat.Web.Assets;

/// <summary>
/// Serves <c>wwwroot</c> bundled and compressed, under fingerprinted addresses that may be cached forever (<c>docs/adr/0007</c>,
/// <c>docs/adr/0031</c>). An edited file is seen at the next load of a page, without a rebuild or a restart. In Development, pages load the
/// files themselves instead of bundles. Thread-safe.
/// </summary>
internal sealed partial class SiteAssets(IWebHostEnvironment environment, ILogger<SiteAssets> logger)
{
    private sealed record Snapshot(int Stamp, AssetSet Set);

    private readonly Lock _reading = new();
    private volatile Snapshot? _last;

    /// <summary>
    /// The current files. Checks the time and length of every file, so call it once per page rather than for every request.
    /// </summary>
    internal AssetSet Current()
    {
        int stamp = Stamp();
        if (_last is { } last && last.Stamp == stamp)
            return last.Set;
        lock (_reading)
        {
            if (_last is not { } read || read.Stamp != stamp)
                _last = read = new Snapshot(stamp, Read());
            return read.Set;
        }
    }

    /// <summary>Reads the files in advance, so that the first visitor does not wait for the bundles.</summary>
    internal void Prepare()
    {
        try
        {
            Current();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The first page reports it.
        }
    }

    internal async Task HandleAsync(HttpContext context)
    {
        AssetSet set = (_last ?? new Snapshot(0, Current())).Set;
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

        // A page that was loaded before an edit still gets files, but they are newer than its version says. It must not cache them under
        // that version.
        response.Headers.CacheControl = version == set.Version ? "max-age=31536000, immutable" : "no-store";
        response.Headers.Vary = "Accept-Encoding";
        if (encoding is not null)
            response.Headers.ContentEncoding = encoding;
        response.ContentType = file.ContentType;
        if (!file.IsDocument)
        {
            // These headers only matter for documents. Dozens of small files are served, and some are shorter than the headers.
            response.Headers.Remove("Content-Security-Policy");
            response.Headers.Remove("Referrer-Policy");
            response.Headers.Remove("Cross-Origin-Opener-Policy");
        }

        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.BodyWriter.WriteAsync(body);
    }

    private AssetSet Read()
    {
        if (!environment.IsDevelopment())
        {
            try
            {
                return AssetSet.Read(environment.WebRootPath, bundle: true);
            }
            catch (Exception fault) when (fault is not (IOException or UnauthorizedAccessException or OutOfMemoryException))
            {
                // The pages also work without bundles, only more slowly. A script may be the operator's own, and the parser's fault any.
                Log.NotBundled(logger, fault.Message);
            }
        }

        return AssetSet.Read(environment.WebRootPath, bundle: false);
    }

    private int Stamp()
    {
        var stamp = default(HashCode);
        IEnumerable<FileInfo> files = new DirectoryInfo(environment.WebRootPath)
            .EnumerateFiles("*", SearchOption.AllDirectories)
            .OrderBy(file => file.FullName, StringComparer.Ordinal);
        foreach (FileInfo file in files)
        {
            stamp.Add(file.FullName);
            stamp.Add(file.LastWriteTimeUtc);
            stamp.Add(file.Length);
        }

        return stamp.ToHashCode();
    }

    private static partial class Log
    {
        [LoggerMessage(
            788,
            LogLevel.Warning,
            "The scripts are served one by one, which is slower, because they cannot be bundled: {Problem}",
            EventName = "ScriptsNotBundled")]
        internal static partial void NotBundled(ILogger logger, string problem);
    }
}
