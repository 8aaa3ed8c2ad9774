using ErlChat.Client.Tests;

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
}
