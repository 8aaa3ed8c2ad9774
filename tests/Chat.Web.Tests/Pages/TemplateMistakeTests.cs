using ErlChat.Web.Pages;
using Microsoft.Extensions.DependencyInjection;

namespace ErlChat.Web.Tests.Pages;

/// <summary>The author of a template is told what is wrong and where. No mistake loops for ever, and no page is cut short.</summary>
public sealed class TemplateMistakeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("site").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("<p>\n{{ if }}\n</p>", "admin-info.html(2,7) : error : Error while parsing if statement")]
    [InlineData("<p>\n{{ nickname }}", "admin-info.html(2,4) : error : The variable or function `nickname` was not found")]
    [InlineData("{{ nick.length }}", "admin-info.html(1,9) : error : Cannot get member with name length")]
    [InlineData("{{ include '../appsettings.json' }}", "admin-info.html(1,4) : error : The variable or function `include` was not found")]
    [InlineData("{{ object.eval_template nick }}", "admin-info.html(1,11) : error : Cannot get member with name eval_template")]
    [InlineData("{{ html.escape = nick }}", "admin-info.html(1,9) : error : ")]
    [InlineData("{{ while true }}{{ end }}", "admin-info.html(1,4) : error : Exceeding number of iteration limit `1000000`")]
    [InlineData("{{ func f }}{{ f }}{{ end }}{{ f }}", "admin-info.html(1,16) : error : Exceeding number of recursive depth limit `20`")]
    public async Task A_mistake_is_named_with_its_file_and_place(string source, string message)
    {
        await using ChatServerHost server = await StartAsync("admin-info", source);
        Templates templates = server.Services.GetRequiredService<Templates>();
        var fault = Assert.Throws<TemplateException>(() => templates.Render(new AdminInfoModel("alice", "::1", "now")));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_list_is_written_completely()
    {
        await using ChatServerHost server = await StartAsync("admin-bans", "{{ for ban in bans }}{{ ban.reason }}{{ end }}.");
        BanRow[] bans = [.. Enumerable.Repeat(new BanRow("::1", "mallory", new string('x', 200), "1 hour"), 20_000)];
        string list = server.Services.GetRequiredService<Templates>().Render(new AdminBansModel(bans));
        Assert.Equal((20_000 * 200) + 1, list.Length);
        Assert.EndsWith("x.", list, StringComparison.Ordinal);
    }

    private async Task<ChatServerHost> StartAsync(string name, string source)
    {
        string templates = Directory.CreateDirectory(Path.Combine(_folder, "templates")).FullName;
        await File.WriteAllTextAsync(Path.Combine(templates, name + ".html"), source);
        return await ChatServerHost.StartAsync(null, builder => builder.Environment.ContentRootPath = _folder);
    }
}
