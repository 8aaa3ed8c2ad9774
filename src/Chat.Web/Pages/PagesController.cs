using ErlChat.Limits;
using ErlChat.Web.Limits;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Pages;

/// <summary>The chat page. It reads no cookie; the page's script finds out whether there is a session.</summary>
[Limit(Charge.Page)]
internal sealed class PagesController(Templates templates) : ControllerBase
{
    /// <summary>
    /// The paths with more parts name a room, a message in it, or a private conversation. The page's script opens it for whoever may read
    /// it, so the answer is the same for everybody.
    /// </summary>
    [HttpGet("/chat"), HttpHead("/chat")]
    [HttpGet("/chat/r/{room}/{id:long?}"), HttpHead("/chat/r/{room}/{id:long?}")]
    [HttpGet("/chat/u/{nick}/{id:long?}"), HttpHead("/chat/u/{nick}/{id:long?}")]
    public IActionResult Chat() => new PageAnswer(templates.RenderPage("Chat – ErlChat", new ChatModel()));
}
