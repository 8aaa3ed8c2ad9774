using ErlChat.Limits;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Protocol.Comet;
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

/// <summary><c>POST /login/</c>: starts a session for a nick, or shows the login page with the reason why not.</summary>
[Limit(Charge.Login)]
internal sealed class LoginController(
    ChatRoom room, MemberAccounts members, Templates templates, IOptions<ChatOptions> options, IOptions<OidcOptions> provider,
    IOptions<SmtpOptions> smtp, ChatMetrics metrics)
    : ControllerBase
{
    private const string MembersNick = "The nickname belongs to a member. If it is yours, please enter your password.";

    [HttpPost("/login")]
    public async Task<IActionResult> LogIn()
    {
        PostedForm form = await FormReader.ReadAsync(Request);
        if (form.Refusal is { } status)
            return StatusCode(status);
        string? to = LoginDestination.Parse(form["to"]);
        string host = HostAddress.Of(HttpContext.Connection.RemoteIpAddress);
        bool keeps = !string.IsNullOrEmpty(form["keep"]);
        bool anyScript = !string.IsNullOrEmpty(form["scripts"]);
        string nick = form["nick"] ?? "";
        string? wanted = Nick.Read(nick, options.Value, anyScript).Nick;
        string? password = form.Named("password");
        if (password is null && await ContinuesOwnAsync(wanted))
            return Redirect(Request.PathBase + LoginDestination.PathOf(to));
        JoinResult result = password is null
            ? await room.JoinAsync(new JoinRequest(nick, host) { Keeps = keeps, AnyScript = anyScript })
            : await members.SignInAsync(nick, password, host, keeps, HttpContext.RequestAborted);
        if (result.Token is not null)
        {
            TimeSpan lifetime = password is null ? options.Value.GuestLifetime : options.Value.MemberLifetime;
            SessionCookie.Set(Response, result.Token, Request, stays: keeps && lifetime > TimeSpan.Zero);
            return Redirect(Request.PathBase + LoginDestination.PathOf(to));
        }

        var refused = (Refused)result.Outcome;
        metrics.Refused(refused.Why);
        Response.Headers[LoginRefusals.Header] = RefusalTable.LoginError(refused, wanted);
        if (refused is { Why: Refusal.HostBanned, Wait: not null })
            LimitCheck.SetRetryAfter(Response, LimitCheck.SecondsOf(refused));
        if (refused.Why == Refusal.RateLimited)
        {
            Response.StatusCode = StatusCodes.Status429TooManyRequests;
            LimitCheck.SetRetryAfter(Response, LimitCheck.SecondsOf(refused));
        }

        // To a client that shows no password field, a member's nick is one that is taken, as always.
        bool isMembers = refused.Why == Refusal.NickTaken && keeps && room.FindPerson(nick.Trim()) is { IsMember: true };
        string text = isMembers ? MembersNick : RefusalTable.LoginText(refused);
        bool asks = isMembers || password is not null || refused.Why == Refusal.NoGuests;
        var model = new IndexModel(options.Value.MaxNickLength, to, text, nick, asks)
        {
            Provider = provider.Value.NameIfOn,
            SendsEmail = smtp.Value.IsOn,
        };
        return Content(templates.RenderPage("ErlChat", model), "text/html; charset=utf-8");
    }

    /// <summary>
    /// Whether the browser's session, which the browser keeps, already has the nick. The user then comes back to that session.
    /// </summary>
    /// <param name="nick">The nick; null if it is not valid.</param>
    private async Task<bool> ContinuesOwnAsync(string? nick)
    {
        SessionKey session = SessionCookie.Read(Request);
        if (room.Find(session) is not { IsKept: true } own
            || nick is null || !Nick.Same(own.Who.Nick, nick))
        {
            return false;
        }

        await room.ReturnAsync(session, HttpContext.RequestAborted);
        return room.Find(session) is not null;
    }
}
