using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.StaticFiles;

namespace ErlChat.Web.Assets;

/// <summary>
/// All files of <c>wwwroot</c> as they were at one moment. Their version is a hash of all of them, so any change changes every address.
/// </summary>
/// <remarks>Immutable.</remarks>
internal sealed class AssetSet
{
    private readonly Dictionary<string, Asset> _files = new(StringComparer.Ordinal);

    private AssetSet(string version) => Version = version;

    /// <summary>12 hexadecimal digits.</summary>
    internal string Version { get; }

    /// <summary>Where the pages find the files: <c>/assets/VERSION</c>, without a slash at the end.</summary>
    internal string Prefix => "/assets/" + Version;

    /// <summary>
    /// The paths, below the prefix, of the modules that every page needs. The page lists them so that the browser can fetch them all at
    /// once.
    /// </summary>
    internal IReadOnlyList<string> Modules { get; private init; } = [];

    /// <summary>Finds a file by its path below <c>wwwroot</c>, with forward slashes. Null if there is none.</summary>
    internal Asset? Find(string path) => _files.GetValueOrDefault(path);

    internal static AssetSet Read(string root)
    {
        var types = new FileExtensionContentTypeProvider();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = new List<(string Path, Asset File)>();
        foreach (string path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string name = Path.GetRelativePath(root, path).Replace('\\', '/');
            byte[] content = File.ReadAllBytes(path);
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n{content.Length}\n"));
            hash.AppendData(content);
            string kind = types.TryGetContentType(path, out string? type) ? type : "application/octet-stream";
            files.Add((name, new Asset(content, kind)));
        }

        var set = new AssetSet(Convert.ToHexStringLower(hash.GetHashAndReset())[..12])
        {
            Modules = [.. files.Select(file => file.Path).Where(IsEagerModule)],
        };
        foreach ((string path, Asset file) in files)
            set._files.Add(path, file);
        return set;
    }

    /// <summary>
    /// English is always needed, other languages only when they are chosen. Modules in <c>js/lazy</c> are loaded when they are first used.
    /// Files directly in <c>js</c> are the pages' entry points, which the pages load anyway.
    /// </summary>
    private static bool IsEagerModule(string path) =>
        path.StartsWith("js/", StringComparison.Ordinal) && path.IndexOf('/', 3) > 0
        && !path.StartsWith("js/lazy/", StringComparison.Ordinal)
        && (!path.StartsWith("js/languages/", StringComparison.Ordinal) || path == "js/languages/en.js");
}
