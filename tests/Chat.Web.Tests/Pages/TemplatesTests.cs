namespace ErlChat.Web.Tests.Pages;

/// <summary>Templates are compiled once, and in Development again after they were edited.</summary>
public sealed class TemplatesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("site").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Development", "second")]
    [InlineData("Production", "first")]
    public async Task An_edited_template_takes_effect_at_once_in_Development_and_otherwise_at_the_next_start(
        string environment, string seen)
    {
        string templates = Directory.CreateDirectory(Path.Combine(_folder, "templates")).FullName;
        string page = Path.Combine(templates, "index.html");
        await File.WriteAllTextAsync(Path.Combine(templates, "layout.html"), "<{{ body }}>");
        await File.WriteAllTextAsync(page, "first");
        await using ChatServerHost server = await ChatServerHost.StartAsync(null, builder =>
        {
            builder.Environment.ContentRootPath = _folder;
            builder.Environment.EnvironmentName = environment;
        });
        CometClient stranger = server.Stranger();
        Assert.Equal("<first>", (await stranger.GetAsync("/")).Body);
        await File.WriteAllTextAsync(page, "second");
        File.SetLastWriteTimeUtc(page, File.GetLastWriteTimeUtc(page).AddSeconds(1));
        Assert.Equal($"<{seen}>", (await stranger.GetAsync("/")).Body);
    }
}
