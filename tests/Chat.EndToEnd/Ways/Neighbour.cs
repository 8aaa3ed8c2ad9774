using ErlChat.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ErlChat.EndToEnd;

/// <summary>
/// Another server on another port of the chat's host. That is another origin but, to a browser, the same site, so the browser sends the
/// chat's cookie with requests from its pages.
/// </summary>
internal sealed class Neighbour : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Neighbour(WebApplication app) => _app = app;

    internal string Address { get; private set; } = "";

    /// <param name="body">The body of its only page.</param>
    /// <param name="referrerPolicy">What the browser may disclose about the page.</param>
    internal static async Task<Neighbour> StartAsync(string body, string referrerPolicy = "no-referrer")
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        app.MapGet("/", (HttpContext context) =>
        {
            context.Response.Headers["Referrer-Policy"] = referrerPolicy;
            return Results.Content($"<!doctype html><title>elsewhere</title>{body}", "text/html");
        });
        await app.StartAsync().WithinAsync();
        string listens = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new Neighbour(app) { Address = $"http://{Browser.Name}:{new Uri(listens).Port}" };
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().WithinAsync();
        await _app.DisposeAsync();
    }
}
