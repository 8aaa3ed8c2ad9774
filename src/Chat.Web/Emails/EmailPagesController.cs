using ErlChat.Limits;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Web.Answers;
using ErlChat.Web.Limits;
using ErlChat.Web.Pages;
using ErlChat.Web.Requests;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Emails;

/// <summary>
/// The pages for members who forgot their password (<c>/login/forgotten/</c>), and for those who open the link in an e-mail
/// (<c>/login/email/</c>). Without a mail server, there are none.
/// </summary>
/// <remarks>
/// Opening a link only asks whether to confirm, because many mail servers open the links in what they receive. For the tokens in the
/// queries, what <see cref="Comet.ResetController"/> says holds here too.
/// </remarks>
[Limit(Charge.Login)]
internal sealed class EmailPagesController(MemberAccounts members, Templates templates, EmailRequests? requests = null) : ControllerBase
{
    [HttpGet(EmailPaths.Forgotten)]
    public IActionResult AskNick() => requests is null ? NotFound() : Page(new ForgottenModel());

    [HttpPost(EmailPaths.Forgotten)]
    public async Task<IActionResult> SendLink()
    {
        if (requests is null)
            return NotFound();
        PostedForm form = await FormReader.ReadAsync(Request);
        if (form.Refusal is { } status)
            return StatusCode(status);
        string nick = form["nick"] ?? "";
        string host = HostAddress.Of(HttpContext.Connection.RemoteIpAddress);
        if (requests.SendReset(nick, host) is not { } refused)
            return Page(new ForgottenModel(Done: true));
        bool isLimited = refused.Why == Refusal.RateLimited;
        if (isLimited)
            LimitCheck.SetRetryAfter(Response, LimitCheck.SecondsOf(refused));
        Response.StatusCode = isLimited ? StatusCodes.Status429TooManyRequests : StatusCodes.Status503ServiceUnavailable;
        return Page(new ForgottenModel(nick, RefusalTable.EmailText(refused)));
    }

    [HttpGet(EmailPaths.Confirm)]
    public async Task<IActionResult> AskConfirmation([FromQuery] string? token)
    {
        if (requests is null)
            return NotFound();
        (Person? owner, string? address, Refused? refused) = await members.OwnerOfEmailAsync(token ?? "", HttpContext.RequestAborted);
        return Page(owner is null
            ? new EmailModel(null, null, null, RefusalTable.EmailText(refused!))
            : new EmailModel(token, owner.Nick, address));
    }

    [HttpPost(EmailPaths.Confirm)]
    public async Task<IActionResult> Confirm()
    {
        if (requests is null)
            return NotFound();
        PostedForm form = await FormReader.ReadAsync(Request);
        if (form.Refusal is { } status)
            return StatusCode(status);
        (Person? owner, string? address, Refused? refused) = await members.ConfirmEmailAsync(form["token"] ?? "");
        return Page(owner is null
            ? new EmailModel(null, null, null, RefusalTable.EmailText(refused!))
            : new EmailModel(null, owner.Nick, address, Done: true));
    }

    private ContentResult Page(TemplateModel model)
    {
        Response.Headers.CacheControl = "no-store";
        return new ContentResult
        {
            Content = templates.RenderPage("ErlChat", model),
            ContentType = "text/html; charset=utf-8",
            StatusCode = Response.StatusCode,
        };
    }
}
