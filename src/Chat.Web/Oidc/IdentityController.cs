using ErlChat.Delivery;
using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Protocol.Comet;
using ErlChat.Rooms;
using ErlChat.Web.Answers;
using ErlChat.Web.Comet;
using ErlChat.Web.Requests;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Oidc;

/// <summary>
/// <c>/chat/identity/</c>: connects a member with an account at the provider, or takes that back. Without a provider, there is no such
/// call.
/// </summary>
internal sealed class IdentityController(
    ChatRoom room, MemberAccounts members, PostOffice office, ChatMetrics metrics, OidcLogin? login = null)
    : CometController(office, metrics)
{
    /// <summary>
    /// Begins to connect an account. Needs the <c>password</c>. The answer is the address to which the browser has to go.
    /// </summary>
    [HttpPost("/chat/identity")]
    public async Task<IActionResult> Connect()
    {
        if (login is null)
            return NotFound();
        (Mailbox? box, PostedForm form, CometReply? refusal) = await BeginCommandAsync(room);
        if (box is null)
            return refusal!;
        (Person? member, Refused? refused) = await members.ProveAsync(box.Owner, form["password"] ?? "", HttpContext.RequestAborted);
        if (member is null)
            return Refuse(refused!);
        return await login.BeginConnectingAsync(HttpContext, box.Owner) is { } address
            ? CometReply.Ok(json => json.WriteStringValue(address))
            : CometReply.Error(CometErrors.Unavailable);
    }

    /// <summary>Takes all identities from the member. Needs the <c>password</c>, so there is one to log in with.</summary>
    [HttpPost("/chat/identity/remove")]
    public async Task<IActionResult> Disconnect() => login is null
        ? NotFound()
        : await CommandAsync(room, async (session, form) =>
        {
            (Person? member, Refused? refused) = await members.ProveAsync(session, form["password"] ?? "", HttpContext.RequestAborted);
            return member is null ? refused! : await members.DisconnectAsync(member);
        });
}
