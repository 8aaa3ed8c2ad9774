using ErlChat.SignalRPeer;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;

// Longer than any measurement, so that neither pings nor time-outs wake polls. Everything else has its default.
var patience = TimeSpan.FromHours(1);
WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddSignalR(options =>
{
    options.KeepAliveInterval = patience;
    options.ClientTimeoutInterval = patience;
});

// The first client to enter polls when the last has entered. That may be later than the 15 s after which a connection without a poll is
// dropped.
builder.Services.Configure<ConnectionOptions>(options => options.DisconnectTimeout = patience);

await using WebApplication app = builder.Build();
app.MapHub<ChatHub>("/hub", options =>
{
    options.Transports = HttpTransportType.LongPolling;
    options.LongPolling.PollTimeout = patience;
});
app.MapGet("/ready", () => "ready");
app.MapPost("/say", async (HttpRequest request, IHubContext<ChatHub> hub) =>
{
    using var reader = new StreamReader(request.Body);
    string text = await reader.ReadToEndAsync();
    IClientProxy everybody = request.Query["room"] is [{ } room] ? hub.Clients.Group(room) : hub.Clients.All;
    await everybody.SendAsync("chat_msg", new { nick = "talker", msg = text, at = TimeProvider.System.GetUtcNow() });
    return Results.NoContent();
});
await app.RunAsync();
