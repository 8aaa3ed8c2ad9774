using System.Text;

namespace ErlChat.Load.Drivers.Comet;

/// <summary>Sends with <c>/chat/send_msg/</c>, edits and reacts, and does not poll.</summary>
/// <param name="cookie">The session of a listener that it speaks for. Null to log in by itself.</param>
internal sealed class CometTalker(Reactor reactor, int number, string? room, string? cookie = null) : Talker(reactor)
{
    /// <summary>The reaction of everybody: 👍, as a form has it.</summary>
    private const string Emoji = "%F0%9F%91%8D";

    private string _cookie = cookie ?? "";

    internal override async Task EnterAsync(int port)
    {
        await base.EnterAsync(port);
        if (cookie is null)
            _cookie = await CometLogin.EnterAsync(Connection, $"talker{number}", room);
    }

    /// <summary>Sends a message, and awaits its id. No other request may be on its way.</summary>
    /// <exception cref="IOException">The message was refused.</exception>
    internal async Task<long> PostAsync(int text)
    {
        Answer answer = await Connection.AskAsync(Frame(Request(Marks.Text(text))));
        long id = Numbers.After(answer.Body, "\"id\":"u8);
        return answer.Status == 200 && id >= 0 ? id : throw new IOException("A message was refused: " + answer);
    }

    /// <summary>Reads a message from the history. No other request may be on its way.</summary>
    internal Task<Answer> ReadAsync(long id) => Connection.AskAsync(
        Encoding.ASCII.GetBytes($"GET /chat/message/?id={id} HTTP/1.1\r\nHost: h\r\nCookie: {_cookie}\r\n\r\n"));

    /// <summary>Gives its message another text, without waiting for the answer.</summary>
    internal void Edit(long id, int text) =>
        Connection.Send(Frame(CometLogin.Post("/chat/edit_msg/", _cookie, $"id={id}&msg={Form(Marks.Text(text))}")));

    /// <summary>Adds a reaction, without waiting for the answer.</summary>
    internal void React(long id) => Connection.Send(Frame(CometLogin.Post("/chat/react/", _cookie, $"id={id}&emoji={Emoji}&on=1")));

    protected override string Request(string text) =>
        CometLogin.Post("/chat/send_msg/", _cookie, (room is null ? "" : $"room={room}&") + "msg=" + Form(text));

    protected override string? Refusal(in Reply reply) =>
        reply.Status == 200 && reply.Body.StartsWith("{\"status\":\"ok\""u8) ? null : Encoding.UTF8.GetString(reply.Body);

    private static string Form(string text) => text.Replace(' ', '+');
}
