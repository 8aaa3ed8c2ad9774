using System.Net;
using ErlChat.Client;
using ErlChat.Client.Tests;
using ErlChat.Terminal.Chatting;
using ErlChat.Terminal.Output;

namespace ErlChat.Terminal.Tests;

public class IgnoreTests
{
    [Fact]
    public async Task An_ignored_user_is_not_shown_also_after_a_restart_of_the_terminal_and_another_with_the_nick_is()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Browser eve = await Browser.LoginAsync(server.Address, "eve");
        using Browser web = await Browser.LoginAsync(server.Address, "web");
        await using (Tmux john = await Tmux.StartAsync(server.Address, "john"))
        {
            await john.EnterAsync("/ignore Eve");
            await john.SeeAsync("*** You ignore Eve now.");
            await john.EnterAsync("/ignore nobody");
            await john.WaitAsync(
                screen => screen.Any(line => line.EndsWith("There is no user nobody.", StringComparison.Ordinal)), "no such user");
            await BabbleAsync(eve, web, "one");
            await john.SeeAsync("web: one");
            await john.EnterAsync("/ignored");
            await john.WaitAsync(
                screen => screen.Any(line => line.StartsWith("*** You ignore: Eve", StringComparison.OrdinalIgnoreCase)), "the list");
            await NothingOfEveAsync(john);
            await john.KillAsync();
        }

        await BabbleAsync(eve, web, "two");
        await using Tmux again = await Tmux.StartAsync(server.Address, "john");
        await again.SeeAsync("web: two");
        await BabbleAsync(eve, web, "three");
        await again.SeeAsync("web: three");
        await NothingOfEveAsync(again);

        // The nick is another user's now.
        await server.Room.LeaveAsync(server.Room.FindNick("eve")!.Key).WithinAsync();
        eve.Dispose();
        using Browser stranger = await Browser.LoginAsync(server.Address, "eve");
        await stranger.SayAsync("I am another one");
        await again.SeeAsync("eve: I am another one");
        await again.SeeAsync("* eve has joined *");
        Assert.DoesNotContain(await again.ScreenAsync(), line => line.Contains("has left", StringComparison.Ordinal));
        await again.EnterAsync("/unignore eve");
        await again.SeeAsync("*** You no longer ignore eve.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_was_upgraded_keeps_the_list_from_then_on(bool entersAgain)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using Browser eve = await Browser.LoginAsync(server.Address, "eve");
        using var upgrade = new Upgrade();
        await using ChatClient john = await ChatClient.LoginAsync(server.Address, "john", new ChatClientOptions { Handler = upgrade });
        string path = Path.Combine(Programs.State, $"{Guid.NewGuid():N}.ignored");
        var ignores = new IgnoreList(new TextOutput(static _ => { }, new RoomTitles()), TimeProvider.System, path);
        var heard = new Said(long.MaxValue, default, ChatClient.Lobby, "eve", "hi", Own: false, Action: false);
        var partners = new Partners();
        await ignores.RunAsync(john, "/ignore", "eve", partners, static () => throw new InvalidOperationException(), default).WithinAsync();
        Assert.True(ignores.IsTheirs(heard));

        upgrade.IsDone = true;
        if (entersAgain)
            await ignores.EnterAsync(john, await john.MeAsync().WithinAsync(), default).WithinAsync();
        else
            await ignores.RunAsync(john, "/ignored", "", partners, static () => Task.CompletedTask, default).WithinAsync();
        Assert.False(ignores.IsTheirs(heard));
        await john.IgnoreAsync("eve").WithinAsync();
        await ignores.NoteAsync(john, new PreferencesChanged(0, default)).WithinAsync();
        Assert.True(ignores.IsTheirs(heard));
    }

    // The guest has left, and somebody else has the nick. Ignoring that one is not what the user means.
    [Fact]
    public async Task Whoever_wrote_in_private_is_ignored_and_not_the_next_user_with_the_nick()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using Browser mal = await Browser.LoginAsync(server.Address, "mal");
        Browser eve = await Browser.LoginAsync(server.Address, "eve");
        await using Tmux john = await Tmux.StartAsync(server.Address, "john");
        await mal.SayAsync("buy now", to: "john");
        await eve.SayAsync("buy this", to: "john");
        await john.SeeAsync("[pm from eve] buy this");
        await john.EnterAsync("/ignore MAL");
        await john.SeeAsync("*** You ignore MAL now.");
        await server.Room.LeaveAsync(server.Room.FindNick("eve")!.Key).WithinAsync();
        eve.Dispose();
        using Browser stranger = await Browser.LoginAsync(server.Address, "eve");
        await stranger.SayAsync("I am another one");
        await john.SeeAsync("eve: I am another one");
        await john.EnterAsync("/ignore eve");
        await john.WaitAsync(
            screen => string.Concat(screen).Contains("The eve you talked with has left; nobody is ignored.", StringComparison.Ordinal),
            "the refusal");
        await mal.SayAsync("babble");
        await stranger.SayAsync("still there");
        await john.SeeAsync("eve: still there");
        await NothingOfEveAsync(john);
        await john.EnterAsync("/ignore eve");
        await john.SeeAsync("*** You ignore eve now.");
        await john.EnterAsync("/unignore mal");
        await john.SeeAsync("*** You no longer ignore mal.");
        await stranger.SayAsync("babble");
        await mal.SayAsync("sorry");
        await john.SeeAsync("mal: sorry");
        await NothingOfEveAsync(john);
    }

    private static async Task BabbleAsync(Browser eve, Browser web, string text)
    {
        await eve.SayAsync("babble " + text);
        await eve.SayAsync("babble to john " + text, to: "john");
        await web.SayAsync(text);
    }

    private static async Task NothingOfEveAsync(Tmux john) =>
        Assert.DoesNotContain(await john.ScreenAsync(), line => line.Contains("babble", StringComparison.Ordinal));

    /// <summary>Until it is done, the server has no commands, as one that is too old for <c>/ignore</c>.</summary>
    private sealed class Upgrade() : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        internal bool IsDone { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            !IsDone && request.RequestUri!.AbsolutePath == "/chat/commands/"
                ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
                {
                    Content = new StringContent("""{"status":"ok","response":[]}"""),
                })
                : base.SendAsync(request, cancellationToken);
    }
}
