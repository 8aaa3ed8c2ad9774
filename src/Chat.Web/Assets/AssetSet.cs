using System.Security.Cryptography;
using System.Text;
using ErlChat.Web.Bundling;
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

    /// <summary>The style sheets of every page, in their order.</summary>
    internal static IReadOnlyList<string> Styles { get; } =
    [
        "css/base.css", "css/index.css", "css/chat.css", "css/messages.css", "css/markup.css", "css/extras.css", "css/dialogs.css",
        "css/adapt.css",
    ];

    /// <summary>The modules that every page needs.</summary>
    private IReadOnlyList<string> Modules { get; init; } = [];

    private bool IsBundled { get; init; }

    /// <summary>Finds a file by its path below <c>wwwroot</c>, with forward slashes. Null if there is none.</summary>
    internal Asset? Find(string path) => _files.GetValueOrDefault(path);

    /// <summary>
    /// The files that a page names: the bundles if there are any. Otherwise all modules that it needs, so that the browser can fetch them
    /// at once. The modules of the chat are fetched in advance on the pages before it.
    /// </summary>
    /// <param name="page">The page's module is <c>js/PAGE.js</c>.</param>
    /// <param name="style">
    /// An additional style sheet, <c>css/STYLE.css</c>. A page with one does not lead to the chat, so it fetches nothing in advance.
    /// </param>
    internal PageFiles FilesOf(string page, string? style)
    {
        string script = $"js/{page}.js";
        IReadOnlyList<string> styles = IsBundled ? [SiteBundles.Style] : Styles;
        IReadOnlyList<string> preloads = Modules;
        if (IsBundled)
        {
            const string chat = "js/chat.js";
            preloads = script == chat ? [] : [PageBundle.PathOf(chat)];
            script = PageBundle.PathOf(script);
        }

        return style is null ? new PageFiles(styles, script, preloads) : new PageFiles([.. styles, $"css/{style}.css"], script, []);
    }

    /// <summary>Reads all files of a folder.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="bundle">Whether to bundle them.</param>
    /// <exception cref="BundleException">A script cannot be bundled.</exception>
    internal static AssetSet Read(string root, bool bundle)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            files.Add(Path.GetRelativePath(root, path).Replace('\\', '/'), File.ReadAllBytes(path));
        IReadOnlyList<string> modules = [.. files.Keys.Where(IsEagerModule)];
        if (bundle)
            SiteBundles.AddTo(files);
        var set = new AssetSet(VersionOf(files)) { Modules = modules, IsBundled = bundle };
        var types = new FileExtensionContentTypeProvider();
        foreach ((string path, byte[] content) in files)
        {
            string kind = types.TryGetContentType(path, out string? type) ? type : "application/octet-stream";
            set._files.Add(path, new Asset(content, kind));
        }

        return set;
    }

    /// <summary>Whether a file is the module of a page. <c>early.js</c> is an ordinary script.</summary>
    internal static bool IsPageModule(string path) =>
        path.StartsWith("js/", StringComparison.Ordinal) && path.EndsWith(".js", StringComparison.Ordinal)
        && path.IndexOf('/', 3) < 0 && path != "js/early.js";

    /// <summary>Depends on the bundles too, which another version of the server may make in another way.</summary>
    private static string VersionOf(IReadOnlyDictionary<string, byte[]> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string path, byte[] content) in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{path}\n{content.Length}\n"));
            hash.AppendData(content);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
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
