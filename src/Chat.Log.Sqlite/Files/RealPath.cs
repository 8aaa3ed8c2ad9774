namespace ErlChat.Sqlite.Files;

/// <summary>Resolves the symbolic links in a path, both of the file and of its folders.</summary>
internal static class RealPath
{
    /// <summary>The number of links that Linux follows.</summary>
    private const int MaxLinks = 40;

    /// <summary>The real path of a file, which need not exist yet.</summary>
    /// <exception cref="IOException">The links form a circle, or cannot be read.</exception>
    internal static string Of(string path)
    {
        int links = 0;
        return Resolve(Path.GetFullPath(path), ref links);
    }

    private static string Resolve(string path, ref int links)
    {
        if (Path.GetDirectoryName(path) is not { } folder)
            return path;
        string realFolder = Resolve(folder, ref links);
        string real = Path.Combine(realFolder, Path.GetFileName(path));
        if (new FileInfo(real).LinkTarget is not { } target)
            return real;
        if (++links > MaxLinks)
            throw new IOException($"{path} is a symbolic link in a circle.");
        return Resolve(Path.GetFullPath(target, realFolder), ref links);
    }
}
