using ErlChat.Limits;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Settings;
using ErlChat.Web.Answers;
using ErlChat.Web.Limits;
using ErlChat.Web.Pages;
using ErlChat.Web.Requests;
using ErlChat.Web.Site;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Comet;

/// <summary><c>/invitation/</c>: the page on which somebody becomes a member with an administrator's link.</summary>
/// <remarks>
/// The token is in the link's query, so the page must not tell it to others: it is stored nowhere, and other sites get no referrer
/// (<see cref="SecurityHeaders"/>).
/// </remarks>
[Limit(Charge.Login)]
internal sealed class InvitationController(
    MemberAccounts members, Templates templates, IOptions<ChatOptions> options, IOptions<OidcOptions> provider, ChatMetrics metrics)
    : ControllerBase
{
    [HttpGet("/invitation")]
    public async Task<IActionResult> Ask([FromQuery] string? token)
    {
        Refused? refused = await members.InvitationRefusalAsync(token ?? "", HttpContext.RequestAborted);
        return Page(token, nick: null, refused);
    }

    [HttpPost("/invitation")]
    public async Task<IActionResult> Join()
    {
        PostedForm form = await FormReader.ReadAsync(Request);
        if (form.Refusal is { } status)
            return StatusCode(status);
        (string token, string nick) = (form["token"] ?? "", form["nick"] ?? "");
        string host = HostAddress.Of(HttpContext.Connection.RemoteIpAddress);
        var request = new JoinRequest(nick, host) { Keeps = true, AnyScript = true };
        JoinResult result = await members.JoinInvitedAsync(request, form["password"] ?? "", token, SessionCookie.Read(Request));
        if (result.Outcome is Refused refused)
        {
            metrics.Refused(refused.Why);
            return Page(token, nick, refused);
        }

        if (result.Token is not null)
            SessionCookie.Set(Response, result.Token, Request, stays: options.Value.MemberLifetime > TimeSpan.Zero);
        return Redirect(Request.PathBase + LoginDestination.PathOf(null));
    }

    private ContentResult Page(string? token, string? nick, Refused? refused)
    {
        Response.Headers.CacheControl = "no-store";
        bool isOver = refused?.Why is Refusal.BadLink or Refusal.RegistrationClosed;
        string? error = refused is null ? null : RefusalTable.LoginText(refused);
        var model = new InvitationModel(isOver ? null : token, options.Value.MaxNickLength, nick, error, provider.Value.NameIfOn);
        return Content(templates.RenderPage("ErlChat", model), "text/html; charset=utf-8");
    }
}
