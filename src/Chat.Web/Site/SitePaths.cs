namespace ErlChat.Web.Site;

/// <summary>
/// Finds the site: the folder that contains <c>templates</c> and <c>wwwroot</c>. This is the root of a checkout or of a published copy.
/// </summary>
internal static class SitePaths
{
    /// <summary>The application's options, with the site as content root.</summary>
    /// <exception cref="DirectoryNotFoundException">
    /// Neither the program's folder, nor the current folder, nor any folder above them is a site.
    /// </exception>
    internal static WebApplicationOptions OptionsFor(string[] args)
    {
        // The program's own site takes precedence: the pages of an installed server must not depend on the current folder.
        string root = FindAbove(AppContext.BaseDirectory) ?? FindAbove(Directory.GetCurrentDirectory())
            ?? throw new DirectoryNotFoundException("The folders templates and wwwroot are neither next to the program nor in the current "
                + "folder.");
        return new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(SitePaths).Assembly.GetName().Name,
            ContentRootPath = root,
            WebRootPath = Path.Combine(root, "wwwroot"),
        };
    }

    private static string? FindAbove(string folder)
    {
        for (DirectoryInfo? one = new(folder); one is not null; one = one.Parent)
        {
            if (Directory.Exists(Path.Combine(one.FullName, "templates")) && Directory.Exists(Path.Combine(one.FullName, "wwwroot")))
                return one.FullName;
        }

        return null;
    }
}
