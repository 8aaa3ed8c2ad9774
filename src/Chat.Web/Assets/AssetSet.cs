using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.StaticFiles;

namespace ErlChat.Web.Assets;

/// <summary>All files of <c>wwwroot</c> as they were at one moment, under one version: a hash of everything, so that any change changes every address.</summary>
/// <remarks>Immutable.</remarks>
internal sealed class AssetSet
{
    private readonly Dictionary<string, Asset> _files = new(StringComparer.Ordinal);

    private AssetSet(string version) => Version = version;

    /// <summary>12 hexadecimal digits.</summary>
    internal string Version { get; }

    /// <summary>Where the pages find the files: <c>/assets/VERSION</c>, without a slash at the end.</summary>
    internal string Prefix => "/assets/" + Version;

    /// <summary>The modules that a page is going to need, below the prefix, so that the browser may fetch them all at once.</summary>
    internal IReadOnlyList<string> Modules { get; private init; } = [];

    /// <summary>A file by its path below <c>wwwroot</c>, with slashes; null when there is none.</summary>
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
    /// Of the languages English is always needed, another when it is spoken; what lies in <c>js/lazy</c> is loaded when it is first opened, what lies directly in <c>js</c> is a page's own
    /// beginning.
    /// </summary>
    private static bool IsEagerModule(string path) =>
        path.StartsWith("js/", StringComparison.Ordinal) && path.IndexOf('/', 3) > 0 && !path.StartsWith("js/lazy/", StringComparison.Ordinal)
        && (!path.StartsWith("js/languages/", StringComparison.Ordinal) || path == "js/languages/en.js");
}
