using ErlChat.Delivery;
using ErlChat.History;
using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Protocol.Comet;
using ErlChat.Rooms;
using ErlChat.Web.Answers;
using ErlChat.Web.Requests;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Comet;

/// <summary>Editing and deleting messages in the comet protocol, and what was done to messages while a client was away.</summary>
internal sealed class MessageController(
    ChatRoom room, PostOffice office, AnswerWriter answers, FullCometFormat format, ChatMetrics metrics)
    : CometController(office, metrics)
{
    /// <summary>Stands for all private conversations of the session.</summary>
    private const string Everybody = "*";

    // Without parameters, for which the framework would read the form.
    [HttpPost("/chat/edit_msg")]
    public async Task<IActionResult> Edit()
    {
        (Mailbox? box, PostedForm form, CometReply? refusal) = await BeginAsync();
        return box is null
            ? refusal!
            : await ChangeAsync(form, (id, key) =>
                room.Messages.EditAsync(box, id, form["msg"] ?? "", key, HttpContext.RequestAborted));
    }

    [HttpPost("/chat/delete_msg")]
    public async Task<IActionResult> Delete()
    {
        (Mailbox? box, PostedForm form, CometReply? refusal) = await BeginCommandAsync(room);
        return box is null
            ? refusal!
            : await ChangeAsync(form, (id, key) => room.Messages.DeleteAsync(box, id, key, HttpContext.RequestAborted));
    }

    [HttpPost("/chat/pin")]
    public async Task<IActionResult> Pin()
    {
        (Mailbox? box, PostedForm form, CometReply? refusal) = await BeginCommandAsync(room);
        if (box is null)
            return refusal!;
        return OnOf(form) is { } on
            ? await ChangeAsync(form, (id, key) => room.Messages.PinAsync(box, id, on, key, HttpContext.RequestAborted))
            : CometReply.Error(CometErrors.BadRequest);
    }

    /// <summary>What was done since an entry to messages of a room or, with <c>with=*</c>, to private ones: oldest first.</summary>
    [LongAnswer]
    [HttpGet("/chat/changes")]
    public async Task<IActionResult> Changes(
        [FromQuery(Name = "room")] string? name,
        [FromQuery] string? with,
        [FromQuery] string? since,
        [FromQuery] string? limit,
        CancellationToken cancellationToken)
    {
        if (FindBox(out CometReply refusal) is not { } box)
            return refusal;
        box.Touch();
        if (!QueryNumber.TryRead(since, 0, long.MaxValue, 0, out long after)
            || !QueryNumber.TryRead(limit, 1, HistoryController.MaxLimit, HistoryController.DefaultLimit, out long count)
            || with is not (null or "" or Everybody))
        {
            return CometReply.Error(CometErrors.BadRequest);
        }

        bool isPrivate = with == Everybody;
        string? where = isPrivate ? null : string.IsNullOrEmpty(name) ? RoomName.Lobby : name;
        try
        {
            var size = new PageSize((int)count, answers.MaxAnswerBytes);
            return await room.Messages.SinceAsync(box.Owner, where, after, size, cancellationToken) is { } page
                ? new ChangedItems(page, answers, format)
                : Refuse(new Refused(isPrivate ? Refusal.BadSession : Refusal.NotInRoom));
        }
        catch (LogUnavailableException)
        {
            return Refuse(new Refused(Refusal.Unavailable));
        }
    }

    /// <summary>The texts that a message had before, for those who moderate its room.</summary>
    [HttpGet("/chat/edits")]
    public async Task<IActionResult> Edits([FromQuery] string? id, CancellationToken cancellationToken)
    {
        if (FindBox(out CometReply refusal) is not { } box)
            return refusal;
        box.Touch();
        if (string.IsNullOrEmpty(id) || !QueryNumber.TryRead(id, 1, long.MaxValue, 0, out long message))
            return CometReply.Error(CometErrors.BadRequest);
        (IReadOnlyList<EarlierText>? texts, Refused? refused) = await room.Messages.EarlierAsync(box.Owner, message, cancellationToken);
        return texts is null
            ? Refuse(refused!)
            : Listed(texts, more: false, static (json, one) =>
            {
                json.WriteString("msg"u8, one.Text);
                json.WriteString("at"u8, CometJson.TimeText(one.At));
            });
    }
}
