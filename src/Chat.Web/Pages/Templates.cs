using ErlChat.Web.Assets;
using ErlChat.Web.Site;
using HandlebarsDotNet;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Pages;

/// <summary>The Handlebars templates of the site: compiled once, and again in Development when the file has changed. Thread-safe.</summary>
internal sealed class Templates(IWebHostEnvironment environment, IMemoryCache cache, SiteAssets assets, IOptions<WebOptions> options)
{
    private readonly IHandlebars _handlebars = WithBase(options.Value.PathBase);

    /// <summary>A fragment: <c>templates/NAME.hbs</c> with this data. What the data says is escaped.</summary>
    /// <exception cref="IOException">There is no such template.</exception>
    internal string Render(string name, object data) => Find(name).Template(data);

    /// <summary>A page: the fragment inside <c>templates/layout.hbs</c>, with the script <c>js/NAME.js</c>.</summary>
    /// <param name="style">A style sheet, <c>css/STYLE.css</c>, beside those that all pages have. Such a page stands apart from the chat,
    /// whose modules it does not fetch in advance.</param>
    internal string RenderPage(string name, string title, object data, string? style = null)
    {
        AssetSet set = assets.Current();
        IReadOnlyList<string> modules = style is null ? set.Modules : [];
        return Render("layout", new { title, name, body = Render(name, data), assets = options.Value.PathBase + set.Prefix, modules, style });
    }

    /// <summary>In every template <c>{{base}}</c> is what the site's own addresses begin with: empty, or <c>/talk</c>.</summary>
    private static IHandlebars WithBase(string path)
    {
        IHandlebars handlebars = Handlebars.Create();
        handlebars.RegisterHelper("base", (writer, _, _) => writer.WriteSafeString(path));
        return handlebars;
    }

    private Compiled Find(string name)
    {
        Compiled? found = cache.Get<Compiled>((typeof(Templates), name));
        if (found is not null && !environment.IsDevelopment())
            return found;
        string path = Path.Combine(environment.ContentRootPath, "templates", name + ".hbs");
        DateTime changed = File.GetLastWriteTimeUtc(path);
        if (found?.Changed == changed)
            return found;
        var compiled = new Compiled(_handlebars.Compile(File.ReadAllText(path)), changed);
        cache.Set((typeof(Templates), name), compiled, new MemoryCacheEntryOptions { Size = 1 });
        return compiled;
    }

    private sealed record Compiled(HandlebarsTemplate<object, object> Template, DateTime Changed);
}
