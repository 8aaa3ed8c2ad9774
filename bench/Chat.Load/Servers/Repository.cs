namespace ErlChat.Load.Servers;

/// <summary>Finds files of the repository that this program was built in.</summary>
internal static class Repository
{
    /// <exception cref="FileNotFoundException">It is not there; the message ends with <paramref name="remedy"/>.</exception>
    internal static string Find(string path, string remedy)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string file = Path.Combine(folder.FullName, path);
            if (File.Exists(file))
                return file;
        }

        throw new FileNotFoundException($"{path} is not there. {remedy}");
    }
}
