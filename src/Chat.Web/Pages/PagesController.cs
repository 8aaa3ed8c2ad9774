using ErlChat.Limits;
using ErlChat.Web.Limits;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Pages;

/// <summary>The chat page. It reads no cookie; the page's script finds out whether there is a session.</summary>
[Limit(Charge.Page)]
internal sealed class PagesController(Templates templates) : ControllerBase
{
    [HttpGet("/chat"), HttpHead("/chat")]
    public IActionResult Chat() => new PageAnswer(templates.RenderPage("Chat – ErlChat", new ChatModel()));
}
