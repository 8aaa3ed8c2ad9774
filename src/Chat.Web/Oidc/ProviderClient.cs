using System.Security.Claims;
using System.Text.Encodings.Web;
using ErlChat.Web.Site;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace ErlChat.Web.Oidc;

/// <summary>
/// The framework's part of a login: the code flow with PKCE. It is in a container of its own. If the server's container knew it, the
/// framework's middleware would ask it about every request, polls among them, and keys would be kept in the home folder of each node.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ProviderClient : IDisposable
{
    private static readonly AuthenticationScheme s_scheme = new("oidc", displayName: null, typeof(OpenIdConnectHandler));

    private readonly ServiceProvider _services;

    /// <param name="options">The provider. They must be valid.</param>
    /// <param name="protection">Encrypts what the browser keeps.</param>
    /// <param name="time">The clock.</param>
    /// <param name="finish">Answers a browser that came back with a login.</param>
    /// <param name="fail">Answers a browser that came back without one.</param>
    internal ProviderClient(
        OidcOptions options,
        IDataProtectionProvider protection,
        TimeProvider time,
        Func<HttpContext, ClaimsPrincipal, AuthenticationProperties, Task> finish,
        Func<HttpContext, Exception?, Task> fail)
    {
        var services = new ServiceCollection();

        // Without providers of a log: the framework writes an error for whatever a browser sends.
        services.AddLogging();
        services.AddSingleton(protection);
        services.AddSingleton(time);
        services.AddSingleton(HtmlEncoder.Default);
        services.AddSingleton(UrlEncoder.Default);
        services.AddSingleton<IAuthenticationConfigurationProvider, NoSchemeConfiguration>();
        new AuthenticationBuilder(services).AddOpenIdConnect(s_scheme.Name, to =>
        {
            Configure(to, options);
            to.Events.OnTicketReceived = async context =>
            {
                await finish(context.HttpContext, context.Principal!, context.Properties!);
                context.HandleResponse();
            };
            to.Events.OnRemoteFailure = async context =>
            {
                await fail(context.HttpContext, context.Failure);
                context.HandleResponse();
            };
        });
        _services = services.BuildServiceProvider();
    }

    /// <summary>Sends a browser to the provider.</summary>
    /// <param name="context">The request.</param>
    /// <param name="properties">What to remember until the browser comes back.</param>
    internal async Task SendAsync(HttpContext context, AuthenticationProperties properties)
    {
        OpenIdConnectHandler handler = await HandlerAsync(context);
        await handler.ChallengeAsync(properties);
    }

    /// <summary>Takes a browser back.</summary>
    /// <returns>Whether it was answered; false if the address is not quite that of the provider's answers.</returns>
    internal async Task<bool> TakeBackAsync(HttpContext context)
    {
        OpenIdConnectHandler handler = await HandlerAsync(context);
        return await handler.HandleRequestAsync();
    }

    public void Dispose() => _services.Dispose();

    private static void Configure(OpenIdConnectOptions to, OidcOptions from)
    {
        to.Authority = from.Authority;
        to.ClientId = from.ClientId;
        to.ClientSecret = from.ClientSecret;
        to.RequireHttpsMetadata = new Uri(from.Authority!).Scheme == Uri.UriSchemeHttps;
        to.BackchannelTimeout = from.Timeout;

        // In the query, because a form that the provider's page posts would come from another site, without our cookies.
        to.ResponseType = OpenIdConnectResponseType.Code;
        to.ResponseMode = OpenIdConnectResponseMode.Query;
        to.Scope.Clear();
        to.Scope.Add("openid");
        to.Scope.Add("profile");
        to.CallbackPath = OidcPaths.Callback;
        to.MapInboundClaims = false;
        to.ClaimActions.Clear();
        to.DisableTelemetry = true;

        // Never used, because a session of the chat begins instead. But there must be a name.
        to.SignInScheme = "none";
        foreach (CookieBuilder cookie in new[] { to.NonceCookie, to.CorrelationCookie })
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        }
    }

    private async Task<OpenIdConnectHandler> HandlerAsync(HttpContext context)
    {
        // The framework's middleware, which comes with MVC, has remembered the path base before the server set it (Chat:PathBase).
        context.Features.Set<IAuthenticationFeature>(null);
        OpenIdConnectHandler handler = _services.GetRequiredService<OpenIdConnectHandler>();
        await handler.InitializeAsync(s_scheme, context);
        return handler;
    }

    /// <summary>The framework would read a section <c>Authentication</c>. Ours are in <see cref="OidcOptions"/>.</summary>
    private sealed class NoSchemeConfiguration : IAuthenticationConfigurationProvider
    {
        public IConfiguration AuthenticationConfiguration { get; } = new ConfigurationBuilder().Build();
    }
}
