using System.Xml.Linq;

namespace ErlChat.Tests;

/// <summary>Which project may reference which: docs/architecture.md, "Projects and direction of reference".</summary>
public class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Chat.Protocol"] = [],
        ["Chat.PostOffice"] = [],
        ["Chat.Log.Sqlite"] = ["Chat.PostOffice"],
        ["Chat.Log.Postgres"] = ["Chat.PostOffice"],
        ["Chat.Web"] = ["Chat.Protocol", "Chat.PostOffice", "Chat.Log.Sqlite", "Chat.Log.Postgres"],
        ["Chat.Client"] = ["Chat.Protocol"],
        ["Chat.Terminal"] = ["Chat.Client"],
    };

    [Fact]
    public void Every_project_under_src_is_named_in_the_architecture() =>
        Assert.Empty(Projects().Select(Path.GetFileNameWithoutExtension).Except(s_allowed.Keys));

    [Fact]
    public void A_project_references_only_what_it_may()
    {
        foreach (string project in Projects())
        {
            string[] allowed = s_allowed.GetValueOrDefault(Path.GetFileNameWithoutExtension(project), []);
            string[] forbidden = [.. References(project, "ProjectReference").Select(Path.GetFileNameWithoutExtension).Except(allowed)!];
            Assert.True(forbidden.Length == 0, $"{Path.GetFileName(project)} must not reference {string.Join(", ", forbidden)}.");
        }
    }

    [Fact]
    public void The_wires_need_only_the_base_class_library()
    {
        foreach (string project in Projects().Where(project => Path.GetFileNameWithoutExtension(project) == "Chat.Protocol"))
        {
            Assert.Empty(References(project, "PackageReference"));
            Assert.Empty(References(project, "FrameworkReference"));
        }
    }

    [Fact]
    public void The_domain_needs_only_abstractions_of_its_surroundings()
    {
        string domain = Assert.Single(Projects(), project => Path.GetFileNameWithoutExtension(project) == "Chat.PostOffice");
        Assert.Empty(References(domain, "FrameworkReference"));
        Assert.All(References(domain, "PackageReference"), package => Assert.True(
            package.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
            && (package.EndsWith(".Abstractions", StringComparison.Ordinal) || package == "Microsoft.Extensions.Options")
            || package == "System.Threading.RateLimiting",
            package));
    }

    private static string[] Projects()
    {
        string[] projects = Directory.GetFiles(Path.Combine(Root(), "src"), "*.csproj", SearchOption.AllDirectories);
        Assert.NotEmpty(projects);
        return projects;
    }

    /// <summary>What a project file references. Paths may use either slash.</summary>
    private static string[] References(string project, string kind) =>
    [
        .. XDocument.Load(project)
            .Descendants(kind)
            .Select(element => ((string?)element.Attribute("Include") ?? "").Replace('\\', '/'))
            .Where(name => name.Length > 0),
    ];

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "ErlChat.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
