using ErlChat.Web.Flack;
using Microsoft.Extensions.DependencyInjection;

namespace ErlChat.Web.Tests.Flack;

/// <summary>What flack tests check on a server besides its wire.</summary>
internal static class FlackServer
{
    /// <summary>Connections that the server still holds.</summary>
    internal static int Connections(ChatServerHost server) => server.Services.GetRequiredService<FlackConnections>().Count;

    /// <summary>Waits until nothing is left of any connection: no slot, no session, no parked read.</summary>
    internal static async Task EmptyAsync(ChatServerHost server)
    {
        await Eventually.BeTrueAsync(() => Connections(server) == 0);
        Assert.Equal(0, server.Room.SessionCount);
        await server.ParkedAsync(0);
    }
}
