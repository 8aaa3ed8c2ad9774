using System.Reflection;

namespace ErlChat.Nodes;

/// <summary>The versions of this program and of .NET.</summary>
public static class ProgramVersion
{
    private static readonly string s_whole =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>The program's version, with the commit that it was built from if that is known: <c>0.1.0+8b13d311…</c>.</summary>
    public static string Server { get; } = Shorten(s_whole);

    /// <summary>The program's version without the commit, as the list of nodes has it.</summary>
    public static string Number { get; } = s_whole.Split('+')[0];

    /// <summary>The version of .NET.</summary>
    public static string Runtime => Environment.Version.ToString();

    /// <summary>Twelve digits are enough to identify a commit.</summary>
    private static string Shorten(string version)
    {
        int plus = version.IndexOf('+', StringComparison.Ordinal);
        return plus >= 0 && version.Length > plus + 13 ? version[..(plus + 13)] : version;
    }
}
