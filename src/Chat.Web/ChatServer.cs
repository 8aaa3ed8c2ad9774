using ErlChat.Appointing;
using ErlChat.Commands;
using ErlChat.Delivery;
using ErlChat.Eviction;
using ErlChat.Forgetting;
using ErlChat.Rooms;
using ErlChat.Submissions;
using ErlChat.Web.Admin;
using ErlChat.Web.Answers;
using ErlChat.Web.Assets;
using ErlChat.Web.Backpressure;
using ErlChat.Web.Comet;
using ErlChat.Web.Configuration;
using ErlChat.Web.Emails;
using ErlChat.Web.FastLane;
using ErlChat.Web.Flack;
using ErlChat.Web.Heap;
using ErlChat.Web.Limits;
using ErlChat.Web.Listening;
using ErlChat.Web.Nodes;
using ErlChat.Web.Oidc;
using ErlChat.Web.Operator;
using ErlChat.Web.Origins;
using ErlChat.Web.Pages;
using ErlChat.Web.Passwords;
using ErlChat.Web.Peer;
using ErlChat.Web.Reads;
using ErlChat.Web.Site;
using ErlChat.Web.Starting;
using ErlChat.Web.Stopping;
using ErlChat.Web.Storage;
using ErlChat.Web.Systemd;
using ErlChat.Web.Watching;
using Microsoft.Extensions.Options;

namespace ErlChat.Web;

/// <summary>The composition root: registers all parts, and defines a request's path through them.</summary>
public static class ChatServer
{
    /// <summary>All known options, with their defaults. No configuration is read.</summary>
    internal static OptionsCatalog Options()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.AddParts();
        return OptionsCatalog.Of(builder.Services)!;
    }

    /// <summary>Registers all parts and their options.</summary>
    private static void AddParts(this WebApplicationBuilder builder)
    {
        builder.AddChatOptions();
        builder.AddListening();
        builder.AddLimits();
        builder.AddPostOffice();
        builder.AddPasswords();
        builder.AddAdministration();
        builder.AddAssets();
        builder.AddPages();
        builder.AddBackpressure();
        builder.AddAnswers();
        builder.AddComet();
        builder.AddFastLane();
        builder.AddFlack();
        builder.AddPeer();
        builder.AddNodes();
        builder.AddOrigins();
        builder.AddStopping();
        builder.AddSystemdNotices();
        builder.Services.AddSingleton<ReadTurns>();
        builder.Services.AddHostedService<HeapTrim>();
        builder.AddWatching();
        builder.AddOperator();
        builder.AddOidc();
        builder.AddEmails();
        builder.Services.AddHostedService<StartReport>();
    }

    /// <summary>Registers all parts and validates their options. Does not create the server or touch any file or port.</summary>
    /// <exception cref="OptionsValidationException">An option is invalid.</exception>
    internal static WebApplication Compose(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(SitePaths.OptionsFor(Argument.WithoutShort(args)));
        builder.AddParts();
        builder.CheckKeys(args);
        configure?.Invoke(builder);
        WebApplication app = builder.Build();

        // Validated before anything is created from the options, so that all failures are reported together.
        try
        {
            app.Services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch
        {
            // Dispose it because it watches appsettings.json, and the number of file watchers is limited.
            ((IDisposable)app).Dispose();
            throw;
        }

        return app;
    }

    /// <summary>Builds the server; start it with <c>RunAsync</c> or <c>StartAsync</c>.</summary>
    /// <param name="args">The command line: <c>--urls</c>, <c>--Chat:PollTimeout=…</c> and so on.</param>
    /// <param name="configure">Changes for tests, after everything else is registered.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        WebApplication app = Compose(args, configure);
        app.UseStopping();
        app.UseTrustedProxies();
        app.UseSitePathBase();
        app.UseMiddleware<SecurityHeaders>();
        app.UseRouting();
        app.UseAllowedOrigins();
        app.UseLimits();
        app.UseWebSockets();
        app.UseOrigins();
        app.UseSessionArrivals();
        app.UseReadTurns();
        app.UseSiteFiles();
        app.UseNotFoundPage();
        app.MapAssets();
        app.MapComet();
        app.MapFlack();
        app.MapControllers();
        app.MapHealth();
        app.MapMetrics();
        app.MapNodes();
        app.MapOidc();
        return app;
    }

    /// <summary>
    /// Registers the domain in the order of its start. The chat room starts first, so that it stops last and the log is complete.
    /// </summary>
    private static void AddPostOffice(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<PostOffice>();
        builder.AddLog();
        services.AddSingleton<SlashCommands>();
        services.AddSingleton<ChatRoom>();
        services.AddSingleton<MemberAccounts>();
        services.AddSingleton<SubmissionHandler>();
        services.AddSingleton<IdleEviction>();
        services.AddHostedService(provider => provider.GetRequiredService<ChatRoom>());
        services.AddHostedService(provider => provider.GetRequiredService<IdleEviction>());
        services.AddHostedService<Appointments>();
        services.AddHostedService<PrivacySweep>();
        services.AddMemoryCache(cache => cache.SizeLimit = 100_000);
    }
}
