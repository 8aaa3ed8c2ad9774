using System.Text.Json;
using ErlChat.Delivery;
using ErlChat.Nodes;
using ErlChat.Rooms;
using ErlChat.Web.Answers;

namespace ErlChat.Web.Nodes;

/// <summary>
/// <c>GET /nodes</c>: lists the living nodes of this chat and their load. <c>GET /nodes/NAME/ping</c>: <c>pong</c> or <c>pang</c>. Neither
/// needs a session, and neither reveals users or addresses.
/// </summary>
internal sealed class NodesEndpoint(ChatRoom room, PostOffice office, INodes nodes, INodePing ping, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();

    internal Task HandleAsync(HttpContext context) => CometReply.Ok(Write).WriteToAsync(context.Response);

    internal async Task PingAsync(HttpContext context)
    {
        bool isThere = await ping.PingAsync((string)context.Request.RouteValues["node"]!);
        await CometReply.Ok(json => json.WriteStringValue(isThere ? "pong"u8 : "pang"u8)).WriteToAsync(context.Response);
    }

    /// <summary>Writes the list of living nodes, for everyone.</summary>
    internal void Write(Utf8JsonWriter json) => Write(json, isForOperators: false);

    /// <summary>Writes the list of nodes. Operators also see the nodes that are not alive, and addresses.</summary>
    internal void Write(Utf8JsonWriter json, bool isForOperators)
    {
        IReadOnlyList<NodeView> all = nodes.All;
        json.WriteStartArray();
        json.WriteStartObject();
        json.WriteString("name"u8, all[0].Name);
        json.WriteString("version"u8, ProgramVersion.Number);
        json.WriteNumber("uptime"u8, Seconds(time.GetElapsedTime(_started)));
        json.WriteNumber("sessions"u8, room.SessionCount);
        json.WriteNumber("parked"u8, office.Parked);
        if (nodes.Self is not null)
            WriteState(json, all[0], isForOperators);
        json.WriteEndObject();
        foreach (NodeView other in all.Skip(1).Where(other => other.IsAlive || isForOperators))
        {
            json.WriteStartObject();
            json.WriteString("name"u8, other.Name);
            json.WriteString("version"u8, other.Version);
            json.WriteNumber("uptime"u8, Math.Max(0, Seconds(time.GetUtcNow() - other.Started)));
            json.WriteNumber("sessions"u8, other.Sessions);
            json.WriteNumber("parked"u8, other.Parked);
            WriteState(json, other, isForOperators);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes what only named nodes have.</summary>
    private static void WriteState(Utf8JsonWriter json, NodeView node, bool isForOperators)
    {
        json.WriteBoolean("alive"u8, node.IsAlive);
        json.WriteNumber("lag"u8, Seconds(node.Lag));
        if (!isForOperators)
            return;
        json.WriteNumber("applied"u8, node.Applied);
        json.WriteString("address"u8, node.Address);
    }

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 1);
}
