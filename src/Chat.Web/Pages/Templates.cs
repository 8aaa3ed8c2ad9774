using ErlChat.Web.Assets;
using ErlChat.Web.Site;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Scriban;
using Scriban.Runtime;

namespace ErlChat.Web.Pages;

/// <summary>
/// The site's Scriban templates. Each is compiled once; in Development it is compiled again when its file has changed. Thread-safe.
/// </summary>
internal sealed class Templates(IWebHostEnvironment environment, IMemoryCache cache, SiteAssets assets, IOptions<WebOptions> options)
{
    /// <summary>Renders a fragment: the model's template with the model's values, all of them escaped.</summary>
    /// <exception cref="IOException">There is no such template.</exception>
    /// <exception cref="TemplateException">The template has an error.</exception>
    internal string Render(TemplateModel model)
    {
        var values = new ScriptObject();
        values.Import(model);
        values["base"] = options.Value.PathBase;
        try
        {
            return Find(model.Template).Render(new EscapingContext(values));
        }
        catch (Scriban.Syntax.ScriptRuntimeException fault)
        {
            throw new TemplateException(fault.Message, fault);
        }
    }

    /// <summary>
    /// Renders a page: the fragment inside <c>templates/layout.html</c>, with the script of the same name as the template.
    /// </summary>
    /// <param name="style">An additional style sheet, <c>css/STYLE.css</c>.</param>
    internal string RenderPage(string title, TemplateModel model, string? style = null)
    {
        AssetSet set = assets.Current();
        PageFiles files = set.FilesOf(model.Template, style);
        var body = new Html(Render(model));
        return Render(new LayoutModel(
            title, model.Template, body, options.Value.PathBase + set.Prefix, files.Styles, files.Script, files.Preloads));
    }

    private Template Find(string name)
    {
        Compiled? found = cache.Get<Compiled>((typeof(Templates), name));
        if (found is not null && !environment.IsDevelopment())
            return found.Template;
        string path = Path.Combine(environment.ContentRootPath, "templates", name + ".html");
        DateTime changed = File.GetLastWriteTimeUtc(path);
        if (found?.Changed == changed)
            return found.Template;
        var template = Template.Parse(File.ReadAllText(path), path);
        if (template.HasErrors)
            throw new TemplateException(string.Join(Environment.NewLine, template.Messages));
        cache.Set((typeof(Templates), name), new Compiled(template, changed), new MemoryCacheEntryOptions { Size = 1 });
        return template;
    }

    private sealed record Compiled(Template Template, DateTime Changed);
}

/// <summary>A template has an error. The message has the file, line and column, and what is wrong.</summary>
internal sealed class TemplateException(string message, Exception? inner = null) : Exception(message, inner);
