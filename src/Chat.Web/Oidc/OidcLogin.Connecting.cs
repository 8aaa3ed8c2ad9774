using ErlChat.Members;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.Web.Answers;
using ErlChat.Web.Pages;
using ErlChat.Web.Requests;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace ErlChat.Web.Oidc;

/// <summary>How a member who is logged in connects an account at the provider.</summary>
internal sealed partial class OidcLogin
{
    private const string Session = "session";

    /// <summary>
    /// Begins to connect an account at the provider with the member of a session. It ends only in that session: otherwise, somebody else's
    /// page could connect an account of its own.
    /// </summary>
    /// <returns>The address at the provider, to which the browser has to go; null if there is none now.</returns>
    internal async Task<string?> BeginConnectingAsync(HttpContext context, SessionKey session)
    {
        // Otherwise, a provider where the browser is logged in connects that account at once, whoever's it is.
        var properties = new OpenIdConnectChallengeProperties { RedirectUri = "/", Prompt = OpenIdConnectPrompt.SelectAccount };
        properties.Items[Session] = session.ToString();
        bool failed = false;
        await AskProviderAsync(
            context,
            () => _provider.SendAsync(context, properties),
            _ =>
            {
                failed = true;
                return Task.CompletedTask;
            });
        IHeaderDictionary headers = context.Response.Headers;
        string? address = failed ? null : headers.Location.ToString();
        headers.Location = default;
        return address;
    }

    /// <summary>Connects whom the provider has named with the member whose session began it.</summary>
    private async Task ConnectAsync(HttpContext context, ExternalIdentity identity, string? began)
    {
        SessionKey session = SessionCookie.Read(context.Request);
        if (session.ToString() != began)
        {
            await FailAsync(context, null);
            return;
        }

        if (await _members.ConnectAsync(session, identity) is Refused refused)
        {
            _metrics.Refused(refused.Why);
            await FailedAsync(context, RefusalTable.ConnectText(refused));
            return;
        }

        context.Response.Redirect(context.Request.PathBase + LoginDestination.PathOf(null));
    }
}
