using ErlChat.Outcomes;

namespace ErlChat.Tests;

/// <summary>Bans and mutes while a node of an older version shares the log, which knows only those of addresses.</summary>
public class ModerationOfVersionsTests
{
    [Fact]
    public async Task They_apply_to_the_address_as_before_until_the_older_node_has_gone()
    {
        var nodes = new TestNodes("one") { HasOldNode = true };
        await using TestChat chat = await new TestChatBuilder().WithNodes(nodes).WithoutLimits().StartAsync();
        TestSession boss = await chat.LoginAdminAsync("boss");
        await chat.LoginAsync("ann", "192.0.2.7");
        await boss.SubmitAsync("/admin mute ann 60");
        Assert.Equal("192.0.2.7", Assert.Single(chat.Room.ActiveMutes()).Mute.Host);
        Assert.Equal(new Refused(Refusal.Unavailable), await boss.SubmitAsync("/admin ban ann rude 60 person"));
        await boss.SubmitAsync("/admin ban ann rude 60");
        Assert.Null(Assert.Single(chat.Room.ActiveBans()).Ban.UserId);
        await boss.SubmitAsync("/admin unban 192.0.2.7");
        await boss.SubmitAsync("/admin mute ann 0");
        Assert.Empty(chat.Room.ActiveMutes());

        nodes.HasOldNode = false;
        await chat.LoginAsync("ann", "192.0.2.7");
        await boss.SubmitAsync("/admin mute ann 60");
        Assert.Null(Assert.Single(chat.Room.ActiveMutes()).Mute.Host);
        await boss.SubmitAsync("/admin ban ann rude 60 person");
        Assert.Null(Assert.Single(chat.Room.ActiveBans()).Ban.Host);
    }
}
