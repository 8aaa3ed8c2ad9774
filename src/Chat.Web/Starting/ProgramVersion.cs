using System.Reflection;

namespace ErlChat.Web.Starting;

/// <summary>The versions of the server and of .NET.</summary>
internal static class ProgramVersion
{
    /// <summary>The server's version, with the commit that it was built from if that is known: <c>0.1.0+8b13d311…</c>.</summary>
    internal static string Server { get; } = Shorten(
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown");

    /// <summary>The version of .NET.</summary>
    internal static string Runtime => Environment.Version.ToString();

    /// <summary>Twelve digits are enough to identify a commit.</summary>
    private static string Shorten(string version)
    {
        int plus = version.IndexOf('+', StringComparison.Ordinal);
        return plus >= 0 && version.Length > plus + 13 ? version[..(plus + 13)] : version;
    }
}
