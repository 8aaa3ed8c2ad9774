namespace ErlChat.Web.Hosting;

/// <summary>Finds the site: the folder with <c>templates</c> and <c>wwwroot</c>, which is the top of a checkout or a published folder.</summary>
internal static class SitePaths
{
    /// <summary>The application's options with the site as content root.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder at or above the program or the working folder.</exception>
    internal static WebApplicationOptions OptionsFor(string[] args)
    {
        // The program's own come first: what an installed server shows must not depend on where it is started.
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
