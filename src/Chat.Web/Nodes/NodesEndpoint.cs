using System.Reflection;
using System.Text.Json;
using ErlChat.Delivery;
using ErlChat.Rooms;
using ErlChat.Web.Comet;
using ErlChat.Web.Limits;

namespace ErlChat.Web.Nodes;

/// <summary><c>GET /nodes</c>: the servers that serve this chat, and how busy they are. Today there is one. Needs no session, and names nobody.</summary>
internal sealed class NodesEndpoint(ChatRoom room, PostOffice office, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();

    private static string Name { get; } = "erlchat@" + Environment.MachineName;

    private static string Version { get; } =
        typeof(NodesEndpoint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    internal Task HandleAsync(HttpContext context) => CometReply.Ok(Write).WriteToAsync(context.Response);

    /// <summary>The list of them.</summary>
    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        json.WriteStartObject();
        json.WriteString("name"u8, Name);
        json.WriteString("version"u8, Version);
        json.WriteNumber("uptime"u8, Math.Round(time.GetElapsedTime(_started).TotalSeconds, 1));
        json.WriteNumber("sessions"u8, room.SessionCount);
        json.WriteNumber("parked"u8, office.Parked);
        json.WriteEndObject();
        json.WriteEndArray();
    }
}

/// <summary>Registers and maps it.</summary>
internal static class NodesSetup
{
    internal static void AddNodes(this WebApplicationBuilder builder) => builder.Services.AddSingleton<NodesEndpoint>();

    internal static void MapNodes(this WebApplication app) =>
        app.MapGet("/nodes", app.Services.GetRequiredService<NodesEndpoint>().HandleAsync).Costs(Charge.Page);
}
