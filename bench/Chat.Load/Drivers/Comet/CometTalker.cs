using System.Text;

namespace ErlChat.Load.Drivers.Comet;

/// <summary>Sends with <c>/chat/send_msg/</c>, and does not poll.</summary>
internal sealed class CometTalker(Reactor reactor, int number, string? room) : Talker(reactor)
{
    private string _cookie = "";

    internal override async Task EnterAsync(int port)
    {
        await base.EnterAsync(port);
        _cookie = await CometLogin.EnterAsync(Connection, $"talker{number}", room);
    }

    protected override string Request(string text) =>
        CometLogin.Post("/chat/send_msg/", _cookie, (room is null ? "" : $"room={room}&") + "msg=" + text.Replace(' ', '+'));

    protected override string? Refusal(in Reply reply) =>
        reply.Status == 200 && reply.Body.StartsWith("{\"status\":\"ok\""u8) ? null : Encoding.UTF8.GetString(reply.Body);
}
