using ErlChat.Log;
using ErlChat.Outcomes;

namespace ErlChat.Tests;

/// <summary>The commands about ignoring others, and their answers, which nobody else gets.</summary>
public sealed class IgnoreCommandTests : IAsyncLifetime
{
    private TestChat _chat = null!;
    private TestSession _amy = null!;
    private TestSession _bob = null!;

    public async ValueTask InitializeAsync()
    {
        _chat = await new TestChatBuilder().With(options => options.MaxIgnoredPerPerson = 1).WithoutLimits().StartAsync();
        (_amy, _bob) = (await _chat.LoginAsync("amy"), await _chat.LoginAsync("bob"));
    }

    public ValueTask DisposeAsync() => _chat.DisposeAsync();

    [Fact]
    public async Task The_list_is_kept_and_answered_to_its_owner_only()
    {
        Assert.Equal(["You ignore nobody."], await _amy.AskAsync("/ignored"));
        Assert.Equal(["You ignore Bob now."], await _amy.AskAsync("/ignore Bob"));
        Assert.Equal(["You ignore: bob"], await _amy.AskAsync("/ignored"));
        Assert.Equal(["You no longer ignore bob."], await _amy.AskAsync("/unignore bob"));
        Assert.Equal(["You ignore nobody."], await _amy.AskAsync("/ignored"));
        Assert.Empty(await _bob.DrainAsync());
    }

    // A nick that comes with a user id has no effect, and may have any length.
    [Fact]
    public async Task A_nick_beside_a_user_id_is_not_kept()
    {
        var log = new SharedLog();
        await using TestChat chat = await new TestChatBuilder().WithLog(log.View()).StartAsync();
        TestSession amy = await chat.LoginAsync("amy"), bob = await chat.LoginAsync("bob");
        string any = new('x', 100_000);
        Assert.IsType<Accepted>(await chat.Room.Preferences.IgnoreAsync(amy.Key, any, bob.Who.UserId).WithinAsync());
        Assert.IsType<Accepted>(await chat.Room.Preferences.StopIgnoringAsync(amy.Key, any, bob.Who.UserId).WithinAsync());
        Assert.Equal(new Refused(Refusal.NoSuchUser), await chat.Room.Preferences.IgnoreAsync(amy.Key, any).WithinAsync());
        Assert.Equal(["", ""], log.Entries.Select(one => one.Entry).OfType<PersonIgnored>().Select(one => one.Nick));
    }

    [Fact]
    public async Task Commands_that_have_no_effect_say_why()
    {
        Assert.Equal(["Usage: /ignore nick"], await _amy.AskAsync("/ignore"));
        Assert.Equal(["Usage: /unignore nick"], await _amy.AskAsync("/unignore a b"));
        Assert.Equal(["You cannot ignore yourself."], await _amy.AskAsync("/ignore amy"));
        Assert.Equal(["There is no user nobody."], await _amy.AskAsync("/ignore nobody"));
        Assert.Equal(["There is no user !!."], await _amy.AskAsync("/ignore !!"));
        Assert.Equal(["You do not ignore bob."], await _amy.AskAsync("/unignore bob"));
        await _chat.LoginAsync("carl");
        await _amy.SubmitAsync("/ignore carl");
        Assert.Equal(["You ignore too many users. Type /unignore nick first."], await _amy.AskAsync("/ignore bob"));
    }
}
