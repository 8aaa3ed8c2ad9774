using System.Reflection;

namespace ErlChat.Web.Starting;

/// <summary>Which version runs.</summary>
internal static class ProgramVersion
{
    /// <summary>The server's, with the commit that it was built from when that is known: <c>0.1.0+8b13d311…</c>.</summary>
    internal static string Server { get; } = Shorten(
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown");

    /// <summary>.NET's.</summary>
    internal static string Runtime => Environment.Version.ToString();

    /// <summary>Twelve letters of a commit tell it from all others.</summary>
    private static string Shorten(string version)
    {
        int plus = version.IndexOf('+', StringComparison.Ordinal);
        return plus >= 0 && version.Length > plus + 13 ? version[..(plus + 13)] : version;
    }
}
