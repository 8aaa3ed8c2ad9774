using ErlChat.Delivery;
using ErlChat.Members;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Protocol.Comet;
using ErlChat.Rooms;
using ErlChat.Settings;
using ErlChat.Submissions;
using ErlChat.Web.Answers;
using ErlChat.Web.Requests;
using ErlChat.Web.Site;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Comet;

/// <summary>
/// The calls of a session: me, start, online, send and leave. Polls are handled by <see cref="WaitEndpoint"/> or the fast lane.
/// </summary>
internal sealed class ChatController(
    ChatRoom room,
    SubmissionHandler submissions,
    PostOffice office,
    PeopleAnswers people,
    Polls polls,
    AnswerWriter answers,
    ChatMetrics metrics,
    IOptions<ChatOptions> options,
    IOptions<MemberOptions> memberOptions,
    IOptions<WebOptions> web)
    : CometController(office, metrics)
{
    /// <summary>The most invitations that are named. Anyone can invite, so there may be any number.</summary>
    private const int MaxInvitations = 100;

    /// <summary>The most administrators that are named. Whoever knows the password can become one.</summary>
    private const int MaxAdmins = 100;

    private bool TakesGzip => Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);

    [HttpGet("/chat/me")]
    public IActionResult Me()
    {
        if (FindBox(out CometReply refusal) is not { } box || room.Find(box.Owner) is not { } me)
            return refusal;
        box.Touch();
        return CometReply.Ok(json =>
        {
            json.WriteStartObject();
            json.WriteString("nick"u8, me.Who.Nick);
            json.WriteString("user_id"u8, me.Who.UserId);
            json.WriteBoolean("admin"u8, me.IsAdmin);
            json.WriteBoolean("member"u8, me.IsMember);
            if (room.IsAway(box.Owner))
                json.WriteBoolean("away"u8, true);
            if (me.IsMember)
                json.WriteMarks(room.MarksOf(box.Owner));
            if (room.Preferences.Of(box.Owner) is { } preferences)
                json.WritePreferences(preferences);
            json.WriteStrings("rooms"u8, me.Rooms);
            string[] invitations = [.. room.InvitationsOf(me.Who.UserId).Take(MaxInvitations)];
            if (invitations.Length > 0)
                json.WriteStrings("invitations"u8, invitations);
            json.WriteTitles(room.TitlesOf([.. me.Rooms, .. invitations]));
            json.WritePinCounts(room.PinCountsOf(me.Rooms));
            json.WriteAdmins([.. room.Admins().Take(MaxAdmins)]);
            json.WriteStartObject("limits"u8);
            json.WriteNumber("message"u8, options.Value.MaxMessageLength);
            json.WriteNumber("bytes"u8, options.Value.MaxMessageBytes);
            json.WriteNumber("marks"u8, options.Value.MaxMarksPerLetter);
            json.WriteNumber("nick"u8, options.Value.MaxNickLength);
            json.WriteNumber("password"u8, memberOptions.Value.MinPasswordLength);
            json.WriteNumber("poll_timeout"u8, options.Value.PollTimeout.TotalSeconds);
            json.WriteNumber("poll_jitter"u8, options.Value.PollJitter.TotalSeconds);
            json.WriteNumber("retry_first"u8, web.Value.RetryFirst.TotalSeconds);
            json.WriteNumber("retry_longest"u8, web.Value.RetryLongest.TotalSeconds);
            json.WriteNumber("edit_window"u8, options.Value.EditWindow.TotalSeconds);
            json.WriteNumber("away_after"u8, options.Value.AwayAfter.TotalSeconds);
            json.WriteNumber("typing"u8, options.Value.TypingLifetime.TotalSeconds);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    [HttpGet("/chat/start")]
    public async Task<IActionResult> Start([FromQuery] string? joins)
    {
        if (FindBox(out CometReply refusal) is not { } box)
            return refusal;
        await polls.RecallAsync(Request, box);
        Started started = room.StartReading(box, joins == WaitQuery.All);
        ListCookie.Update(Request, Response, box);
        return CometReply.Ok(json => json.WriteNumberValue(started.From), json => json.WriteString("epoch"u8, room.Epoch));
    }

    [HttpGet("/chat/online")]
    public async Task<IActionResult> Online([FromQuery(Name = "room")] string? name, [FromQuery] string? joins, [FromQuery] string? after)
    {
        if (FindBox(out CometReply refusal) is not { } box)
            return refusal;
        box.Touch();
        bool isLobby = string.IsNullOrEmpty(name) || RoomName.Same(name, RoomName.Lobby);
        Outcome outcome;
        bool isWhole = isLobby && string.IsNullOrEmpty(after) && joins != WaitQuery.All;
        if (isLobby && string.IsNullOrEmpty(after))
        {
            // The start may have been on another node. On a single node, the mailbox knows it.
            if (Office.HasSeveralNodes)
                await polls.RecallAsync(Request, box);
            outcome = await room.ListAsync(box, joins == WaitQuery.All);
            ListCookie.Update(Request, Response, box);
        }
        else
        {
            // This answer is not shared with other requests, so room is reserved for it.
            if (!await answers.ReserveAsync(HttpContext))
            {
                await AnswerWriter.RefuseAsync(HttpContext);
                return new EmptyResult();
            }

            outcome = await room.PeopleAsync(box.Owner, isLobby ? RoomName.Lobby : name!) ?? (Outcome)new Refused(Refusal.NoSuchRoom);
        }

        return outcome switch
        {
            PeopleListed list => isWhole ? people.WholeOf(list, TakesGzip) : people.Of(list, after, TakesGzip),
            Refused refused => Refuse(refused),
            _ => throw new System.Diagnostics.UnreachableException(outcome.ToString()),
        };
    }

    [HttpPost("/chat/send_msg")]
    public async Task<IActionResult> Send()
    {
        PostedForm form = await FormReader.ReadAsync(Request);
        if (form.Refusal is { } status)
            return RefuseForm(status);
        if (!form.TryFlag("command", out bool? mayBeCommand))
            return CometReply.Error(CometErrors.BadRequest);
        long? parent = null;
        if (form.Named("reply_to") is { } answered)
        {
            (parent, CometReply? refusal) = await ReadyAsync(answered);
            if (refusal is not null)
                return refusal;
        }

        Outcome? outcome = await submissions.SubmitAsync(new Submission(Session, form["msg"] ?? "")
        {
            ReplyTo = parent,
            AllowCommands = mayBeCommand ?? true,
            Room = form.Named("room"),
            To = form.Named("to"),
            ToId = form.Named("to_id"),
            Key = form.Named("key"),
        });
        return outcome is null ? CometReply.Ok() : Answer(outcome);
    }

    [HttpPost("/chat/leave"), HttpGet("/chat/leave"), WorksOffline]
    public async Task<IActionResult> Leave()
    {
        // With the cookie kept, the caller can try again: the session still lives, and others see its user.
        if (await room.LeaveAsync(Session) is Refused { Why: not Refusal.BadSession } refused)
            return Refuse(refused);
        SessionCookie.Delete(Response, Request);
        ListCookie.Delete(Request, Response);
        return CometReply.Ok();
    }

    private CometReply Answer(Outcome outcome) => outcome switch
    {
        Accepted accepted => CometReply.Ok(accepted.Sequence),
        Repeated repeated => Answer(repeated.First),
        Refused refused => Refuse(refused),
        _ => throw new System.Diagnostics.UnreachableException(outcome.ToString()),
    };
}
