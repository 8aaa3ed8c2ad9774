using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Submissions;
using ErlChat.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ErlChat.EndToEnd;

/// <summary>Somebody without a browser, who does what the tests need others to do, straight at the server. Its session ends with the server.</summary>
internal sealed class Visitor
{
    private readonly ChatRoom _room;
    private readonly SubmissionHandler _submissions;

    private Visitor(ChatRoom room, SubmissionHandler submissions, string nick, SessionKey session) =>
        (_room, _submissions, Nick, Session) = (room, submissions, nick, session);

    internal string Nick { get; }

    internal SessionKey Session { get; }

    internal static async Task<Visitor> JoinAsync(ChatSite site, string nick)
    {
        ChatRoom room = site.Services.GetRequiredService<ChatRoom>();
        JoinResult result = await room.JoinAsync(new JoinRequest(nick, "192.0.2.7")).WithinAsync();
        Assert.IsType<JoinAccepted>(result.Outcome);
        return new Visitor(room, site.Services.GetRequiredService<SubmissionHandler>(), nick, result.Session);
    }

    internal async Task SayAsync(string text, string? room = null) =>
        await _submissions.SubmitAsync(new Submission(Session, text) { Room = room }).WithinAsync();

    internal async Task WhisperAsync(string to, string text) =>
        await _submissions.SubmitAsync(new Submission(Session, text) { To = to }).WithinAsync();

    internal async Task EnterAsync(string room) => await _room.EnterAsync(Session, room).WithinAsync();

    internal async Task LeaveAsync() => await _room.LeaveAsync(Session).WithinAsync();
}
