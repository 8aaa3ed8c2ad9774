using ErlChat.Delivery;
using ErlChat.Members;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Protocol.Comet;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Web.Answers;
using ErlChat.Web.Comet;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Emails;

/// <summary><c>/chat/email/</c>: a member's own e-mail address. Without a mail server, there is no such call.</summary>
internal sealed class EmailController(
    ChatRoom room, MemberAccounts members, PostOffice office, ChatMetrics metrics, EmailRequests? requests = null)
    : CometController(office, metrics)
{
    /// <summary>Begins to replace the address by <c>address</c>, or removes it if that is empty. Needs the <c>password</c>.</summary>
    [HttpPost("/chat/email")]
    public async Task<IActionResult> Change()
    {
        if (requests is null)
            return NotFound();
        string host = HostAddress.Of(HttpContext.Connection.RemoteIpAddress);
        bool isValid = true;
        IActionResult answer = await CommandAsync(room, (session, form) =>
        {
            string password = form["password"] ?? "";
            if (form.Named("address") is not { } address)
                return RemoveAsync(session, password);
            isValid = EmailAddress.IsValid(address);
            return isValid ? requests.SendConfirmationAsync(session, address, password, host, HttpContext.RequestAborted) : null;
        });
        return isValid ? answer : CometReply.Error(CometErrors.BadEmail);
    }

    private async Task<Outcome> RemoveAsync(SessionKey session, string password)
    {
        (Person? member, Refused? refused) = await members.ProveAsync(session, password, HttpContext.RequestAborted);
        return member is null ? refused! : await members.RemoveEmailsAsync(member);
    }
}
