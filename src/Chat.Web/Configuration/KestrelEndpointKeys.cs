namespace ErlChat.Web.Configuration;

/// <summary>
/// Finds unknown keys of endpoints and certificates. Kestrel reads these sections itself and silently ignores what it does not know.
/// </summary>
internal static class KestrelEndpointKeys
{
    private static readonly string[] s_certificate = ["Path", "KeyPath", "Password", "Subject", "Store", "Location", "AllowInvalid"];
    private static readonly string[] s_defaults = ["Protocols", "SslProtocols", "ClientCertificateMode"];
    private static readonly string[] s_name = [.. s_defaults, "Certificate"];
    private static readonly string[] s_endpoint = [.. s_name, "Url", "Sni"];

    /// <summary>An error message for each unknown key.</summary>
    /// <param name="kestrel">The section <c>Kestrel</c>.</param>
    internal static IEnumerable<string> Unknown(IConfigurationSection kestrel) =>
    [
        .. Unknown(kestrel.GetSection("EndpointDefaults"), s_defaults),
        .. kestrel.GetSection("Certificates").GetChildren().SelectMany(static one => Unknown(one, s_certificate)),
        .. kestrel.GetSection("Endpoints").GetChildren().SelectMany(static one => UnknownWithCertificate(one, s_endpoint)),
        .. kestrel.GetSection("Endpoints").GetChildren()
            .SelectMany(static one => one.GetSection("Sni").GetChildren())
            .SelectMany(static name => UnknownWithCertificate(name, s_name)),
    ];

    private static IEnumerable<string> UnknownWithCertificate(IConfigurationSection section, string[] known) =>
        [.. Unknown(section, known), .. Unknown(section.GetSection("Certificate"), s_certificate)];

    private static IEnumerable<string> Unknown(IConfigurationSection section, string[] known) => section.GetChildren()
        .Where(key => !known.Contains(key.Key, StringComparer.OrdinalIgnoreCase))
        .Select(key =>
            $"There is no option {key.Path}. Did you mean {section.Path}:{known.MinBy(name => Spelling.Distance(name, key.Key))}?");
}
