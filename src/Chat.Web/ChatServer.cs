using ErlChat.Commands;
using ErlChat.Delivery;
using ErlChat.Eviction;
using ErlChat.Rooms;
using ErlChat.Submissions;
using ErlChat.Web.Admin;
using ErlChat.Web.Answers;
using ErlChat.Web.Assets;
using ErlChat.Web.Comet;
using ErlChat.Web.FastLane;
using ErlChat.Web.Flack;
using ErlChat.Web.Hosting;
using ErlChat.Web.Limits;
using ErlChat.Web.Nodes;
using ErlChat.Web.Operator;
using ErlChat.Web.Origins;
using ErlChat.Web.Pages;
using ErlChat.Web.Peer;
using ErlChat.Web.Stopping;
using ErlChat.Web.Watching;
using Microsoft.Extensions.Options;

namespace ErlChat.Web;

/// <summary>The composition root: which parts there are, and the way of a request through them.</summary>
public static class ChatServer
{
    /// <summary>Registers the parts, with their options.</summary>
    internal static void AddParts(this WebApplicationBuilder builder)
    {
        builder.AddChatOptions();
        builder.AddKestrelLimits();
        builder.AddLimits();
        builder.AddPostOffice();
        builder.AddAdministration();
        builder.AddAssets();
        builder.AddPages();
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
        builder.Services.AddHostedService<StartReport>();
    }

    /// <summary>All parts, with options that were checked; nothing is made of them yet, and no file or port is touched.</summary>
    /// <exception cref="OptionsValidationException">Something is wrong with the options.</exception>
    internal static WebApplication Compose(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(SitePaths.OptionsFor(Argument.WithoutShort(args)));
        builder.AddParts();
        builder.CheckKeys(args);
        configure?.Invoke(builder);
        WebApplication app = builder.Build();

        // Before anything is made with them, so that all failures are told at once.
        try
        {
            app.Services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch
        {
            // It watches appsettings.json, and the system has few watchers.
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
        app.UseReadTurns();
        app.UseStaticFiles(StaticFiles.Options);
        app.MapAssets();
        app.MapComet();
        app.MapFlack();
        app.MapControllers();
        app.MapHealth();
        app.MapMetrics();
        app.MapNodes();
        return app;
    }

    /// <summary>The domain, in the order of starting: the chat room first, so that it stops last and the log is complete.</summary>
    private static void AddPostOffice(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<PostOffice>();
        builder.AddLog();
        services.AddSingleton<SlashCommands>();
        services.AddSingleton<ChatRoom>();
        services.AddSingleton<SubmissionHandler>();
        services.AddSingleton<IdleEviction>();
        services.AddHostedService(provider => provider.GetRequiredService<ChatRoom>());
        services.AddHostedService(provider => provider.GetRequiredService<IdleEviction>());
        services.AddMemoryCache(cache => cache.SizeLimit = 100_000);
    }
}
