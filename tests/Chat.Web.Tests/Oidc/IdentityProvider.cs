using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace ErlChat.Web.Tests.Oidc;

/// <summary>
/// An OpenID Connect provider in this process: OpenIddict, which checks the client, its secret, the redirect address and the code as any
/// provider does. Whoever comes is logged in there as <see cref="Subject"/> at once.
/// </summary>
internal sealed class IdentityProvider : IAsyncDisposable
{
    internal const string Secret = "a secret of both, long enough";

    private readonly WebApplication _app;

    private IdentityProvider(Func<IdentityProvider, WebApplication> build) => _app = build(this);

    internal string Address => _app.Urls.Single();

    /// <summary>Who comes next.</summary>
    internal string Subject { get; set; } = "4711";

    /// <summary>The name of whoever comes next.</summary>
    internal string Name { get; set; } = "ada";

    /// <summary>Whether it refuses whoever comes next.</summary>
    internal bool Refuses { get; set; }

    /// <summary>Where it sends browsers back to; null to accept any address.</summary>
    internal string? RedirectUri { get; set; }

    /// <summary>The options for a chat that uses it.</summary>
    internal string[] Options =>
        [
            $"Oidc:Authority={Address}", "Oidc:ClientId=chat", $"Oidc:ClientSecret={Secret}", "Oidc:Name=the office",
            "Oidc:Timeout=00:00:30", "Limits:Enabled=false",
        ];

    internal static async Task<IdentityProvider> StartAsync()
    {
        var provider = new IdentityProvider(Build);
        await Testing.Deadlines.WithinAsync(provider._app.StartAsync());

        // Its first answer takes long, while it is compiled.
        using var http = new HttpClient();
        var document = new Uri(provider.Address + "/.well-known/openid-configuration");
        await Testing.Deadlines.WithinAsync(http.GetStringAsync(document), TimeSpan.FromSeconds(60));
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        await Testing.Deadlines.WithinAsync(_app.StopAsync());
        await Testing.Deadlines.WithinAsync(_app.DisposeAsync());
    }

    private static WebApplication Build(IdentityProvider provider)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token");
            server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
            server.AddEphemeralEncryptionKey().AddEphemeralSigningKey();
            server.RegisterScopes("profile");
            server.EnableDegradedMode();
            server.UseAspNetCore().DisableTransportSecurityRequirement();
            server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(provider.Check));
            server.AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseInlineHandler(provider.LogIn));
            server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(Check));
        });
        WebApplication app = builder.Build();
        app.UseAuthentication();
        return app;
    }

    private static ValueTask Check(ValidateTokenRequestContext context)
    {
        if (context.ClientId != "chat" || context.ClientSecret != Secret)
            context.Reject(OpenIddictConstants.Errors.InvalidClient);
        return default;
    }

    private ValueTask Check(ValidateAuthorizationRequestContext context)
    {
        if (context.ClientId != "chat" || (RedirectUri is not null && context.RedirectUri != RedirectUri))
            context.Reject(OpenIddictConstants.Errors.InvalidClient);
        return default;
    }

    private ValueTask LogIn(HandleAuthorizationRequestContext context)
    {
        if (Refuses)
        {
            context.Reject(OpenIddictConstants.Errors.AccessDenied, "not today");
            return default;
        }

        var identity = new ClaimsIdentity("somehow");
        identity.SetClaim(OpenIddictConstants.Claims.Subject, Subject);
        identity.SetClaim(OpenIddictConstants.Claims.PreferredUsername, Name);
        identity.SetScopes(context.Request.GetScopes());
        identity.SetDestinations(static _ => [OpenIddictConstants.Destinations.IdentityToken]);
        context.Principal = new ClaimsPrincipal(identity);
        return default;
    }
}
