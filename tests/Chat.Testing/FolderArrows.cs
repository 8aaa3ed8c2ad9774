using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Dependencies;
using ArchUnitNET.Loader;

namespace ErlChat.Testing;

/// <summary>
/// Which folders of a project use which, read from its compiled code and from the <c>using</c> lines of its source. A folder is the first
/// part of a namespace after the project's own; <see cref="Root"/> is the project's namespace itself.
/// </summary>
/// <remarks>
/// The compiled code does not show every use: the compiler copies constants and enum members, and drops what only comments refer to. The
/// <c>using</c> lines show those too, since an unused one does not compile here.
/// </remarks>
public sealed partial class FolderArrows
{
    /// <summary>The name for code outside any folder.</summary>
    public const string Root = ".";

    private readonly SortedSet<string> _folders = new(StringComparer.Ordinal);

    /// <summary>Each arrow, with one example of a type that needs it.</summary>
    private readonly SortedDictionary<(string From, string To), string> _arrows = [];

    private FolderArrows()
    {
    }

    /// <summary>Reads a compiled project.</summary>
    /// <param name="assembly">The project.</param>
    /// <param name="rootNamespace">Its own namespace, whose parts are the folders. Types in other namespaces are ignored.</param>
    public static FolderArrows Of(System.Reflection.Assembly assembly, string rootNamespace)
    {
        FolderArrows found = Read(assembly, type => FolderOf(type, rootNamespace));
        foreach (string file in SourcesOf(assembly))
            found.AddUsings(file, rootNamespace);
        return found;
    }

    /// <summary>
    /// Reads a compiled project whose folders are not namespaces. Types in files outside any folder are ignored: those that all folders
    /// use, and those that put the folders together.
    /// </summary>
    /// <param name="assembly">The project.</param>
    /// <param name="onlyNamespace">The one namespace of its types.</param>
    public static FolderArrows OfSourceFolders(System.Reflection.Assembly assembly, string onlyNamespace)
    {
        var folders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in SourcesOf(assembly))
        {
            if (Path.GetRelativePath(ProjectOf(assembly), file).Split('/') is [string folder, _, ..])
            {
                foreach (Match type in Declaration().Matches(File.ReadAllText(file)))
                    folders[$"{onlyNamespace}.{type.Groups["name"].Value}"] = folder;
            }
        }

        return Read(assembly, type => folders.GetValueOrDefault(type.FullName.Split('+', '`')[0]));
    }

    private static FolderArrows Read(System.Reflection.Assembly assembly, Func<IType, string?> folderOf)
    {
        var found = new FolderArrows();
        foreach (IType type in new ArchLoader().LoadAssembly(assembly).Build().Types)
        {
            if (folderOf(type) is not { } from)
                continue;
            found._folders.Add(from);
            foreach (ITypeDependency dependency in type.Dependencies)
            {
                // A type parameter is nobody's: one that generated code declares is taken for that of another class's generated code.
                if (dependency.Target is not GenericParameter && folderOf(dependency.Target) is { } to && to != from)
                    found._arrows.TryAdd((from, to), $"{type.Name} uses {dependency.Target.Name}");
            }
        }

        return found;
    }

    /// <summary>
    /// All faults, one sentence each: a folder that uses one it may not use, an arrow that is allowed but not needed, a folder that is
    /// missing on either side, a cycle in the table. Empty if the table and the code agree.
    /// </summary>
    /// <param name="allowed">Each folder, with the folders that it may use.</param>
    public IReadOnlyList<string> Compare(IReadOnlyDictionary<string, string[]> allowed)
    {
        ArgumentNullException.ThrowIfNull(allowed);
        var faults = new List<string>();
        faults.AddRange(_folders.Except(allowed.Keys).Select(folder => $"The table does not have {folder}."));
        faults.AddRange(allowed.Keys.Except(_folders).Select(folder => $"The table has {folder}, where there is no code."));
        faults.AddRange(_arrows
            .Where(arrow => !allowed.GetValueOrDefault(arrow.Key.From, []).Contains(arrow.Key.To))
            .Select(arrow => $"{arrow.Key.From} must not use {arrow.Key.To}: {arrow.Value}."));
        faults.AddRange(allowed
            .SelectMany(folder => folder.Value.Select(to => (From: folder.Key, To: to)))
            .Where(arrow => !_arrows.ContainsKey(arrow))
            .Select(arrow => $"{arrow.From} may use {arrow.To}, but does not: take the arrow out of the table."));
        if (Circle(allowed) is { } circle)
            faults.Add($"The table has a circle among {string.Join(", ", circle)}.");
        return faults;
    }

    private void AddUsings(string file, string rootNamespace)
    {
        string source = File.ReadAllText(file);
        if (FolderOf(Namespace().Match(source).Groups["name"].Value, rootNamespace) is not { } from)
            return;
        foreach (Match line in Using().Matches(source))
        {
            if (FolderOf(line.Groups["name"].Value, rootNamespace) is { } to && to != from)
                _arrows.TryAdd((from, to), $"{Path.GetFileName(file)} has the line \"{line.Value.Trim()}\"");
        }
    }

    private static IEnumerable<string> SourcesOf(System.Reflection.Assembly assembly)
    {
        string project = ProjectOf(assembly);
        return Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file[project.Length..].Contains("/obj/", StringComparison.Ordinal));
    }

    private static string ProjectOf(System.Reflection.Assembly assembly)
    {
        string? root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "ErlChat.sln")))
            root = Path.GetDirectoryName(root);
        return Path.Combine(root ?? throw new DirectoryNotFoundException("ErlChat.sln"), "src", assembly.GetName().Name!);
    }

    /// <summary>The folders that remain after repeatedly removing those that use none of the others; null if none remain.</summary>
    private static string[]? Circle(IReadOnlyDictionary<string, string[]> allowed)
    {
        HashSet<string> left = [.. allowed.Keys];
        while (left.RemoveWhere(folder => !allowed[folder].Any(left.Contains)) > 0)
        {
        }

        return left.Count == 0 ? null : [.. left.Order(StringComparer.Ordinal)];
    }

    private static string? FolderOf(IType type, string rootNamespace)
    {
        // A nested type, such as the state machine of an async method, has no namespace here; use that of the enclosing type.
        string outer = type.FullName.Split('+')[0];
        string name = type.Namespace?.FullName is { Length: > 0 } own ? own : outer[..Math.Max(0, outer.LastIndexOf('.'))];
        return FolderOf(name, rootNamespace);
    }

    private static string? FolderOf(string name, string rootNamespace)
    {
        if (name == rootNamespace)
            return Root;
        return name.StartsWith(rootNamespace + ".", StringComparison.Ordinal) ? name[(rootNamespace.Length + 1)..].Split('.')[0] : null;
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^using (static |\w+ = )?(?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"^(public|internal) (\w+ )*?(class|record struct|record|struct|interface|enum) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
