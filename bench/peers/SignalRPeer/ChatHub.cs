using Microsoft.AspNetCore.SignalR;

namespace ErlChat.SignalRPeer;

/// <summary>A connection with <c>room=</c> in its address is in that group.</summary>
internal sealed class ChatHub : Hub
{
    public override Task OnConnectedAsync() =>
        Context.GetHttpContext()?.Request.Query["room"] is [{ } room]
            ? Groups.AddToGroupAsync(Context.ConnectionId, room)
            : Task.CompletedTask;
}
