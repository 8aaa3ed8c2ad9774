using System.Reflection;
using ErlChat.Web.Assets;
using ErlChat.Web.Pages;
using ErlChat.Web.Site;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Tests.Pages;

/// <summary>
/// Every text in every template is shown as plain text. Reflection finds and fills the models, so a value added tomorrow is tested without
/// a change here.
/// </summary>
public sealed class TemplateEscapingTests
{
    private const string Hostile = "<script>&\"'`=";
    private const string Shown = "&lt;script&gt;&amp;&quot;&#x27;&#x60;&#x3D;";
    private const string Harmless = "harmless";
    private const string Trusted = "<b>&amp;</b>";

    public static TheoryData<string> Models => [.. ModelTypes().Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Every_value_is_shown_as_text_and_nothing_else(string model)
    {
        Type type = ModelTypes().Single(one => one.Name == model);
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        string page = Render(server, type, Hostile, out List<string> texts);
        Assert.DoesNotContain(Hostile, page, StringComparison.Ordinal);
        Assert.All(texts, text => Assert.Contains(text.Replace(Hostile, Shown, StringComparison.Ordinal), page, StringComparison.Ordinal));
        Assert.Equal(Render(server, type, Harmless, out _), page.Replace(Shown, Harmless, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_template_has_its_model()
    {
        IEnumerable<string> named = ModelTypes().Select(type => ((TemplateModel)Make(type, new Filling(Harmless))).Template + ".html");
        Assert.Equal(Sources().Select(Path.GetFileName).Order(), named.Order());
    }

    /// <summary>Only another template's output is markup. A second trusted value has to be justified here.</summary>
    [Fact]
    public void Only_the_body_of_a_page_is_written_unescaped()
    {
        IEnumerable<string> trusted = ModelTypes().SelectMany(type => type.GetProperties())
            .Where(property => property.PropertyType == typeof(Html)).Select(property => $"{property.DeclaringType!.Name}.{property.Name}");
        Assert.Equal(["LayoutModel.Body"], trusted);
    }

    /// <summary>
    /// Escaping makes a text harmless in an element and between quotes, but not in a script or in an attribute without quotes.
    /// </summary>
    [Fact]
    public void Values_are_in_elements_or_between_quotes()
    {
        foreach (string source in Sources())
        {
            string text = File.ReadAllText(source);
            for (int at = text.IndexOf("{{", StringComparison.Ordinal); at >= 0; at = text.IndexOf("{{", at + 2, StringComparison.Ordinal))
                Assert.True(IsSafe(text, at), $"{Path.GetFileName(source)}: {text[at..text.IndexOf("}}", at, StringComparison.Ordinal)]}");
        }
    }

    [Theory]
    [InlineData("{{ text | html.escape }}", "&amp;lt;i&amp;gt;")]
    [InlineData("{{ capture kept }}{{ text }}{{ end }}{{ kept }}", "&amp;lt;i&amp;gt;")]
    [InlineData("{{ $'<b>{text}' }}", "&lt;b&gt;&lt;i&gt;")]
    [InlineData("{{ text + '<b>' }}", "&lt;i&gt;&lt;b&gt;")]
    [InlineData("{{ func bold(x); ret '<b>' + x; end }}{{ bold text }}", "&lt;b&gt;&lt;i&gt;")]
    [InlineData("{{ advice }}", "[&quot;&lt;i&gt;&quot;]")]
    public void A_template_cannot_bypass_the_escaping(string source, string written)
    {
        var values = new Scriban.Runtime.ScriptObject { ["text"] = "<i>", ["advice"] = (string[])["<i>"] };
        Assert.Equal(written, Scriban.Template.Parse(source).Render(new EscapingContext(values)));
    }

    private static IEnumerable<Type> ModelTypes() =>
        typeof(TemplateModel).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(TemplateModel))).OrderBy(type => type.Name);

    private static string[] Sources() => Directory.GetFiles(Path.Combine(SitePaths.OptionsFor([]).ContentRootPath!, "templates"));

    private static string Render(ChatServerHost server, Type model, string text, out List<string> texts)
    {
        var filling = new Filling(text);
        var templates = new Templates(
            server.Services.GetRequiredService<IWebHostEnvironment>(),
            new MemoryCache(new MemoryCacheOptions()),
            server.Services.GetRequiredService<SiteAssets>(),
            Options.Create(new WebOptions { PathBase = "/" + text }));
        string page = templates.Render((TemplateModel)Make(model, filling));
        texts = filling.Texts;
        return page;
    }

    /// <summary>An object whose texts are all different, and all have the same prefix.</summary>
    private static object Make(Type type, Filling filling)
    {
        if (type == typeof(string))
            return filling.Next();
        if (type == typeof(int))
            return 1;
        if (type == typeof(bool))
            return true;
        if (type == typeof(Html))
            return new Html(Trusted);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            var list = Array.CreateInstance(type.GenericTypeArguments[0], 2);
            for (int i = 0; i < list.Length; i++)
                list.SetValue(Make(type.GenericTypeArguments[0], filling), i);
            return list;
        }

        ConstructorInfo constructor = type.GetConstructors().Single();
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => Make(parameter.ParameterType, filling))]);
    }

    private static bool IsSafe(string text, int at)
    {
        string before = text[..at];
        if (before.LastIndexOf("<script", StringComparison.Ordinal) is >= 0 and var script
            && before.IndexOf('>', script) >= 0
            && before.LastIndexOf("</script", StringComparison.Ordinal) < script)
        {
            return false;
        }

        string tag = before[(before.LastIndexOf('<') + 1)..];
        bool inTag = before.LastIndexOf('<') > before.LastIndexOf('>');
        bool quoted = tag.Count(letter => letter == '"') % 2 == 1;
        string code = text[(at + 2)..].TrimStart('~', ' ');
        bool writes = !code.StartsWith("if ", StringComparison.Ordinal) && !code.StartsWith("end", StringComparison.Ordinal);
        return !inTag || quoted || !writes;
    }

    private sealed class Filling(string text)
    {
        internal List<string> Texts { get; } = [];

        internal string Next()
        {
            Texts.Add($"{text}{Texts.Count}");
            return Texts[^1];
        }
    }
}
