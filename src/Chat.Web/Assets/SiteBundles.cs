using System.Text;
using ErlChat.Web.Bundling;

namespace ErlChat.Web.Assets;

/// <summary>
/// The few files that stand for the many of <c>wwwroot</c>: a style sheet for all pages, and a script for each page
/// (<c>docs/adr/0031</c>).
/// </summary>
internal static class SiteBundles
{
    /// <summary>All style sheets of <see cref="AssetSet.Styles"/>.</summary>
    internal const string Style = "bundles/site.css";

    /// <summary>Adds the bundles of the scripts and style sheets to the files.</summary>
    /// <param name="files">The contents of all files by their paths below <c>wwwroot</c>.</param>
    /// <exception cref="BundleException">A script cannot be bundled. Nothing is added.</exception>
    internal static void AddTo(Dictionary<string, byte[]> files)
    {
        var scripts = new ModuleGraph(files
            .Where(static file => file.Key.EndsWith(".js", StringComparison.Ordinal))
            .ToDictionary(static file => file.Key, static file => Encoding.UTF8.GetString(file.Value), StringComparer.Ordinal));
        var bundles = new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            [Style] = [.. AssetSet.Styles.Where(files.ContainsKey).SelectMany(path => files[path])],
        };
        foreach (string entry in files.Keys.Where(AssetSet.IsPageModule))
        {
            foreach ((string path, string text) in PageBundle.Make(scripts, entry))
                bundles.Add(path, Encoding.UTF8.GetBytes(text));
        }

        foreach ((string path, byte[] content) in bundles)
            files[path] = content;
    }
}
