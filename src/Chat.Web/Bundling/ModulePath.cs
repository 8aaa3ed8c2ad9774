namespace ErlChat.Web.Bundling;

/// <summary>Paths of modules below <c>wwwroot</c>, with forward slashes: <c>js/text/words.js</c>.</summary>
internal static class ModulePath
{
    /// <summary>The path that a module means by a relative one. A slash at the end is kept.</summary>
    /// <exception cref="BundleException">The path is not relative, or leads out of <c>wwwroot</c>.</exception>
    internal static string Resolve(string from, string specifier, int line)
    {
        if (!specifier.StartsWith("./", StringComparison.Ordinal) && !specifier.StartsWith("../", StringComparison.Ordinal))
            throw new BundleException(from, line, $"'{specifier}' must begin with ./ or ../.");
        var folders = new Stack<string>(from.Split('/')[..^1]);
        foreach (string part in specifier.Split('/'))
        {
            if (part == "..")
            {
                if (!folders.TryPop(out _))
                    throw new BundleException(from, line, $"'{specifier}' leads out of wwwroot.");
            }
            else if (part != ".")
            {
                folders.Push(part);
            }
        }

        return string.Join('/', folders.Reverse());
    }

    /// <summary>How a file is reached from another one: the folders up to the top, then the path.</summary>
    internal static string UpFrom(string path) => string.Concat(Enumerable.Repeat("../", path.Count(static letter => letter == '/')));
}
