using System.Security.Claims;
using ErlChat.Logging;
using ErlChat.Members;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Settings;
using ErlChat.Web.Answers;
using ErlChat.Web.Pages;
using ErlChat.Web.Requests;
using ErlChat.Web.Site;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Oidc;

/// <summary>
/// A login with an account at a provider: to the provider, back, and for somebody new, the choice of a nick. A member connects an account
/// in the same way. The provider's subject is who somebody is, never a mail address or a name, since those are given to others in time.
/// </summary>
/// <remarks>Thread-safe. What fails becomes a page that says so.</remarks>
internal sealed partial class OidcLogin : IDisposable
{
    /// <summary>How much of a problem's description the log gets. Some of them repeat what a browser has sent.</summary>
    private const int MaxProblemLength = 200;

    private const string To = "to", Invitation = "invitation";

    /// <summary>The claims from which a nick is suggested, the best first.</summary>
    private static readonly string[] s_names = ["preferred_username", "nickname", "given_name", "name"];

    private readonly MemberAccounts _members;
    private readonly Templates _templates;
    private readonly OidcOptions _options;
    private readonly ChatOptions _chat;
    private readonly ChatMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly IDataProtector _newcomers;
    private readonly ProviderClient _provider;

    // Anybody can make a login fail, so not every failure gets a line.
    private readonly Outage _failing;
    private int _waiting;

    public OidcLogin(
        MemberAccounts members,
        Templates templates,
        IOptions<OidcOptions> options,
        IOptions<ChatOptions> chat,
        ChatMetrics metrics,
        TimeProvider time,
        ILogger<OidcLogin> logger)
    {
        (_members, _templates, _options, _chat, _metrics, _time) = (members, templates, options.Value, chat.Value, metrics, time);
        var protection = new SecretProtection(_options.ClientSecret!);
        _newcomers = protection.CreateProtector("newcomer");
        _provider = new ProviderClient(_options, protection, time, FinishAsync, FailAsync);
        _failing = new Outage(time, logger, Log.FailedOver, endsBySilence: true);
    }

    public void Dispose()
    {
        _provider.Dispose();
        _failing.Dispose();
    }

    /// <summary>Sends the browser to the provider.</summary>
    internal Task BeginAsync(HttpContext context)
    {
        var properties = new AuthenticationProperties { RedirectUri = "/" };
        properties.Items[To] = LoginDestination.Parse(context.Request.Query["to"]);
        if (context.Request.Query["invitation"] is [{ Length: > 0 and <= LinkToken.MaxLength } token])
            properties.Items[Invitation] = token;
        return AskProviderAsync(context, () => _provider.SendAsync(context, properties));
    }

    /// <summary>Takes the browser back from the provider. Ends in <see cref="FinishAsync"/> or <see cref="FailAsync"/>.</summary>
    internal Task ComeBackAsync(HttpContext context) => AskProviderAsync(context, async () =>
    {
        if (!await _provider.TakeBackAsync(context))
            await FailAsync(context, null);
    });

    /// <summary>Logs in whom the provider has named, or asks a newcomer for a nick.</summary>
    private async Task FinishAsync(HttpContext context, ClaimsPrincipal who, AuthenticationProperties properties)
    {
        (string? issuer, string? subject) = (who.FindFirst("iss")?.Value, who.FindFirst("sub")?.Value);
        if (!ExternalIdentity.IsValid(issuer, subject))
        {
            await FailAsync(context, null);
            return;
        }

        var identity = new ExternalIdentity(issuer!, subject!);
        if (properties.Items.TryGetValue(Session, out string? began))
        {
            await ConnectAsync(context, identity, began);
            return;
        }

        string? to = properties.Items.TryGetValue(To, out string? word) ? LoginDestination.Parse(word) : null;
        JoinResult? known = await _members.SignInAsync(identity, HostOf(context), keeps: true, context.RequestAborted);
        if (known is not null)
        {
            await EnterAsync(context, known, to, text => FailedAsync(context, text));
            return;
        }

        properties.Items.TryGetValue(Invitation, out string? invitation);
        if (await _members.NewcomerRefusalAsync(invitation, context.RequestAborted) is { } refused)
        {
            _metrics.Refused(refused.Why);
            await FailedAsync(context, RefusalTable.LoginText(refused));
            return;
        }

        string name = s_names.Select(claim => who.FindFirst(claim)?.Value).FirstOrDefault(static one => !string.IsNullOrEmpty(one)) ?? "";
        string nick = Suggest(name.Split('@')[0]);
        new Newcomer(issuer!, subject!, nick, to, invitation, _time.GetUtcNow() + Newcomer.Lifetime).Keep(context, _newcomers);
        context.Response.Redirect(context.Request.PathBase + OidcPaths.Nick);
    }

    /// <summary>The nick for a name: the name itself, or as much of it as a nick may have; empty if there is nothing.</summary>
    private string Suggest(string name)
    {
        string letters = string.Concat(name.Where(char.IsLetterOrDigit));
        return Nick.Read(name, _chat, anyScript: true).Nick
            ?? Nick.Read(letters, _chat, anyScript: true).Nick
            ?? (letters.Any(char.IsAsciiLetterOrDigit) ? Nick.Reduce(letters, _chat.MaxNickLength) : "");
    }

    /// <summary>Tells the user that the provider or the browser did not bring a login.</summary>
    private Task FailAsync(HttpContext context, Exception? failure)
    {
        Report(failure);
        return FailedAsync(context, null);
    }

    /// <summary>The page on which a newcomer chooses a nick.</summary>
    internal Task AskNick(HttpContext context) => Newcomer.Of(context, _newcomers, _time.GetUtcNow()) is { } newcomer
        ? AskNickAsync(context, newcomer.Nick, null)
        : FailAsync(context, null);

    /// <summary>Makes the newcomer a member with the nick.</summary>
    internal async Task ChooseNickAsync(HttpContext context)
    {
        PostedForm form = await FormReader.ReadAsync(context.Request);
        if (form.Refusal is { } status)
        {
            context.Response.StatusCode = status;
            return;
        }

        if (Newcomer.Of(context, _newcomers, _time.GetUtcNow()) is not { } newcomer)
        {
            await FailAsync(context, null);
            return;
        }

        string nick = form["nick"] ?? "";
        var request = new JoinRequest(nick, HostOf(context)) { Keeps = true, AnyScript = true };
        SessionKey before = SessionCookie.Read(context.Request);
        JoinResult result = await _members.JoinAsync(
            request, newcomer.Identity, newcomer.Invitation, before, context.RequestAborted);
        await EnterAsync(context, result, newcomer.To, text => AskNickAsync(context, nick, text));
    }

    private static string HostOf(HttpContext context) => HostAddress.Of(context.Connection.RemoteIpAddress);

    /// <summary>Gives the browser its session, or says why there is none.</summary>
    private async Task EnterAsync(HttpContext context, JoinResult result, string? to, Func<string, Task> refuse)
    {
        if (result.Outcome is Refused refused)
        {
            _metrics.Refused(refused.Why);
            await refuse(RefusalTable.LoginText(refused));
            return;
        }

        if (result.Token is not null)
            SessionCookie.Set(context.Response, result.Token, context.Request, stays: _chat.MemberLifetime > TimeSpan.Zero);
        Newcomer.Forget(context);
        context.Response.Redirect(context.Request.PathBase + LoginDestination.PathOf(to));
    }

    /// <summary>Runs what may have to wait for the provider: for a few users at a time, and not for long.</summary>
    /// <param name="context">The request.</param>
    /// <param name="ask">Asks the provider.</param>
    /// <param name="fail">Answers with a status if that fails; a page by default.</param>
    private async Task AskProviderAsync(HttpContext context, Func<Task> ask, Func<int, Task>? fail = null)
    {
        fail ??= status => FailedAsync(context, null, status);
        CancellationToken gone = context.RequestAborted;
        using var slow = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, slow.Token);
        try
        {
            if (Interlocked.Increment(ref _waiting) > _options.MaxWaiting)
            {
                await fail(StatusCodes.Status503ServiceUnavailable);
                return;
            }

            // The framework waits for the provider until the request is aborted. Those who wait for the same answer wait one after another.
            context.RequestAborted = either.Token;
            await ask();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The browser has gone.
            if (gone.IsCancellationRequested || context.Response.HasStarted)
            {
                context.Abort();
                return;
            }

            // The framework throws what the provider's answers make it throw: no connection, no JSON, no such keys.
            Report(e);
            context.RequestAborted = gone;
            await fail(StatusCodes.Status502BadGateway);
        }
        finally
        {
            context.RequestAborted = gone;
            Interlocked.Decrement(ref _waiting);
        }
    }

    private void Report(Exception? failure)
    {
        string problem = failure?.Message ?? "The browser came back without a login that it had begun.";
        if (_failing.Failed())
            Log.Failed(_failing.Logger, string.Concat(problem.Take(MaxProblemLength).Select(static c => char.IsControl(c) ? ' ' : c)));
    }

    private Task AskNickAsync(HttpContext context, string nick, string? error) => WriteAsync(
        context, StatusCodes.Status200OK, new NewcomerModel(_options.Name, _chat.MaxNickLength, nick, error));

    private Task FailedAsync(HttpContext context, string? why, int status = StatusCodes.Status400BadRequest) =>
        WriteAsync(context, status, new ProviderFailedModel(_options.Name, why));

    private Task WriteAsync(HttpContext context, int status, TemplateModel model)
    {
        HttpResponse response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        return response.WriteAsync(_templates.RenderPage("ErlChat", model), context.RequestAborted);
    }

    private static partial class Log
    {
        [LoggerMessage(
            775,
            LogLevel.Warning,
            "A login with the OpenID Connect provider has failed; further failures are counted. {Problem}",
            EventName = "ProviderLoginFailed")]
        public static partial void Failed(ILogger logger, string problem);

        [LoggerMessage(
            776,
            LogLevel.Warning,
            "{Count} logins with the OpenID Connect provider have failed within {Seconds:F1} s.",
            EventName = "ProviderLoginsFailed")]
        public static partial void FailedOver(ILogger logger, long count, double seconds);
    }
}
