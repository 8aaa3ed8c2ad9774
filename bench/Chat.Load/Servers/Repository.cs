namespace ErlChat.Load.Servers;

/// <summary>Finds files of the repository in which this program was built.</summary>
internal static class Repository
{
    /// <exception cref="FileNotFoundException">The file does not exist. The message ends with <paramref name="remedy"/>.</exception>
    internal static string Find(string path, string remedy) =>
        TryFind(path) ?? throw new FileNotFoundException($"{path} is not there. {remedy}");

    /// <summary>The full path. Null when there is no such file.</summary>
    internal static string? TryFind(string path)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string file = Path.Combine(folder.FullName, path);
            if (File.Exists(file))
                return file;
        }

        return null;
    }
}
