namespace ErlChat.Web.Configuration;

/// <summary>The configuration keys that the framework and libraries read, in addition to the server's own options.</summary>
internal static class FrameworkKeys
{
    /// <summary>Sections of the framework. Misspellings of their names are reported too.</summary>
    internal static readonly IReadOnlyList<string> Sections = ["Kestrel", "Logging"];

    /// <summary>Single values that operators set and may misspell.</summary>
    internal static readonly IReadOnlyList<string> Values = ["urls", "http_ports", "https_ports", "AllowedHosts", "environment"];

    private static readonly HashSet<string> s_known = new(
        [
            .. Sections, .. Values, "applicationName", "captureStartupErrors", "ConnectionStrings", "contentRoot", "detailedErrors",
            "disableHttpMetrics", "ForwardedHeaders_Enabled", "hostBuilder", "hostingStartupAssemblies", "hostingStartupExcludeAssemblies",
            "https_port", "Metrics", "PORT", "preferHostingUrls", "preventHostingStartup", "server", "shutdownTimeoutSeconds",
            "startupAssembly", "staticWebAssets", "suppressStatusMessages", "webRoot",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the framework or a library knows the first part of a key.</summary>
    internal static bool Knows(string first) => s_known.Contains(first) || first.StartsWith("OTEL_", StringComparison.OrdinalIgnoreCase);
}
