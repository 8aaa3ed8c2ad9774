namespace ErlChat.Web.Configuration;

/// <summary>What the framework, and libraries that the server uses, read from the configuration beside the server's own options.</summary>
internal static class FrameworkKeys
{
    /// <summary>Sections with keys below them; a slip in their names is a slip too.</summary>
    internal static readonly IReadOnlyList<string> Sections = ["Kestrel", "Logging"];

    /// <summary>Single values that operators set, and may misspell.</summary>
    internal static readonly IReadOnlyList<string> Values = ["urls", "http_ports", "https_ports", "AllowedHosts", "environment"];

    private static readonly HashSet<string> s_known = new(
        [
            .. Sections, .. Values, "applicationName", "captureStartupErrors", "ConnectionStrings", "contentRoot", "detailedErrors",
            "disableHttpMetrics", "ForwardedHeaders_Enabled", "hostBuilder", "hostingStartupAssemblies", "hostingStartupExcludeAssemblies",
            "https_port", "Metrics", "PORT", "preferHostingUrls", "preventHostingStartup", "server", "shutdownTimeoutSeconds",
            "startupAssembly", "staticWebAssets", "suppressStatusMessages", "webRoot",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the first part of a key is none of the server's, and known all the same.</summary>
    internal static bool Knows(string first) => s_known.Contains(first) || first.StartsWith("OTEL_", StringComparison.OrdinalIgnoreCase);
}
