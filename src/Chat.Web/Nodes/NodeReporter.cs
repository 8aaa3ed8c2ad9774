using ErlChat.Delivery;
using ErlChat.Nodes;
using ErlChat.Rooms;

namespace ErlChat.Web.Nodes;

/// <summary>
/// Describes this node for the others. The chat room knows the nodes, so it is only looked up when it is needed.
/// </summary>
internal sealed class NodeReporter(IServiceProvider services, NodeAddress address) : INodeReporter
{
    public string Version => ProgramVersion.Number;

    public string Origin => services.GetRequiredService<ChatRoom>().Origin;

    public NodeReport Read()
    {
        PostOffice office = services.GetRequiredService<PostOffice>();
        return new NodeReport(
            address.Value,
            office.Head,
            services.GetRequiredService<ChatRoom>().SessionCount,
            (int)Math.Min(int.MaxValue, office.Parked));
    }
}
