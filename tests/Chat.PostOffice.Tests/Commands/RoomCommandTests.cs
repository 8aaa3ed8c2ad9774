using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>The commands of owners and moderators, and their answers.</summary>
public sealed class RoomCommandTests : IAsyncLifetime
{
    private TestChat _chat = null!;
    private TestSession _owner = null!;
    private TestSession _bob = null!;
    private TestSession _eve = null!;

    public async ValueTask InitializeAsync()
    {
        _chat = await new TestChatBuilder()
            .With(options => (options.MaxInvitationsPerRoom, options.MaxModeratorsPerRoom) = (1, 1))
            .WithoutLimits()
            .StartAsync();
        (_owner, _bob, _eve) = (await _chat.LoginAsync("owner"), await _chat.LoginAsync("bob"), await _chat.LoginAsync("eve"));
        await _owner.SubmitAsync("/join den private", room: "lobby");
    }

    public ValueTask DisposeAsync() => _chat.DisposeAsync();

    [Fact]
    public async Task The_room_says_how_it_is_used()
    {
        Assert.Equal(["den: private\nOwner: owner"], await _owner.AskAsync("/room", "den"));
        Assert.Equal(["bob is invited to den."], await _owner.AskAsync("/invite bob", "den"));
        Assert.Equal(["den: private\nOwner: owner\nInvited: bob"], await _owner.AskAsync("/room", "den"));
        await _bob.SubmitAsync("/join den", room: "lobby");
        await _owner.SubmitAsync("/moderator bob", room: "den");
        await _owner.SubmitAsync("/room public", room: "den");
        await _bob.SubmitAsync("/room lock", room: "den");
        await _bob.SubmitAsync("/room slow 90", room: "den");
        await _owner.SubmitAsync("/room archive", room: "den");
        Assert.Equal(
            ["den: public, locked, archived, slow (90 seconds)\nOwner: owner\nModerators: bob"], await _eve.AskAsync("/room", "den"));
        Assert.Equal(["lobby: public\nOwner: the administrators"], await _eve.AskAsync("/room", "lobby"));
        Assert.Equal(
            new RoomView("den", "", 2) { IsLocked = true, IsArchived = true, Pause = TimeSpan.FromSeconds(90) },
            _chat.Room.FindRoom(_eve.Key, "den"));
        Assert.Equal(
            [
                "owner has made bob a moderator of den.",
                "owner has made den public: everyone can see it, but not what was said before.",
                "bob has locked den: only moderators may speak.",
                "bob has made den slow: one message in 90 seconds.",
                "owner has archived den: nobody may speak.",
            ],
            (await _bob.ContentsAsync()).OfType<RoomNotice>().Select(notice => notice.Text));
    }

    [Fact]
    public async Task Commands_that_have_no_effect_say_why()
    {
        Assert.Equal(["That is how den is already."], await _owner.AskAsync("/room private", "den"));
        Assert.Equal(["Usage: /room slow seconds, from 0 to 3600"], await _owner.AskAsync("/room slow 3601", "den"));
        Assert.Equal(
            ["Usage: /room [private | public | lock | unlock | archive | reopen | slow seconds]"], await _owner.AskAsync("/room x", "den"));
        Assert.Equal(["You are not in den."], await _eve.AskAsync("/room lock", "den"));
        Assert.Equal(["There is no room den."], await _eve.AskAsync("/room", "den"));
        Assert.Equal(["Only moderators of lobby may do that."], await _eve.AskAsync("/room lock", "lobby"));

        Assert.Equal(["Usage: /invite nick"], await _owner.AskAsync("/invite", "den"));
        Assert.Equal(["There is no user nobody in den, or in the chat."], await _owner.AskAsync("/invite nobody", "den"));
        Assert.Equal(["owner is in den already."], await _owner.AskAsync("/invite owner", "den"));
        Assert.Equal(["bob is invited to den."], await _owner.AskAsync("/invite bob", "den"));
        Assert.Equal(
            ["Too many users are invited to den. Take an invitation back first: /uninvite nick"],
            await _owner.AskAsync("/invite eve", "den"));
        Assert.Equal(["eve is not invited to den."], await _owner.AskAsync("/uninvite eve", "den"));
        Assert.Equal(["bob is no longer invited to den."], await _owner.AskAsync("/uninvite bob", "den"));

        await InviteAsync(_bob);
        await InviteAsync(_eve);
        await _owner.SubmitAsync("/moderator bob", room: "den");
        Assert.Equal(["den has too many moderators. Type /moderator nick off first."], await _owner.AskAsync("/moderator eve", "den"));
        Assert.Equal(["You own den. Make someone else the owner first: /owner nick"], await _owner.AskAsync("/moderator owner", "den"));
        Assert.Equal(["Only the owner of den may do that."], await _bob.AskAsync("/room public", "den"));
        Assert.Equal(["Only the owner of den may do that."], await _bob.AskAsync("/owner bob", "den"));
        Assert.Equal(["Only the owner of den may do that."], await _bob.AskAsync("/kick owner", "den"));
        Assert.Equal(["To leave the room, type /leave."], await _bob.AskAsync("/kick bob", "den"));
        Assert.Equal(["Usage: /kick nick [reason]"], await _bob.AskAsync("/kick", "den"));
        Assert.Equal(
            ["Unable to kick: a reason is one line that can be seen, without control characters."],
            await _bob.AskAsync("/kick eve a\u202eb", "den"));
        Assert.Equal(["eve has been removed from den."], await _bob.AskAsync("/kick eve too loud", "den"));
        Assert.Equal(
            "too loud", Assert.Single((await _eve.ContentsAsync()).OfType<Farewell>()).Reason);
    }

    [Fact]
    public async Task Whoever_may_not_speak_is_told_so()
    {
        await InviteAsync(_bob);
        await _owner.SubmitAsync("/room slow 60", room: "den");
        await _bob.SubmitAsync("one", room: "den");
        _chat.Clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(new Refused(Refusal.SlowMode, TimeSpan.FromSeconds(45)), await _bob.SubmitAsync("two", room: "den"));
        Assert.Equal(["den is in slow mode. Please wait 45 seconds."], await _bob.AskAsync("/me waits", "den"));
        await _owner.SubmitAsync("/room lock", room: "den");
        Assert.Equal(["den is locked: only moderators may speak there."], await _bob.AskAsync("/me waits", "den"));
        Assert.Equal(["den is locked: only moderators may speak there."], await _bob.AskAsync("/topic mine", "den"));
        await _owner.SubmitAsync("/room archive", room: "den");
        Assert.Equal(["den is archived: nobody may speak there."], await _owner.AskAsync("/me waits", "den"));
    }

    // Other nodes may run an older version, which would take the room for a public one.
    [Fact]
    public async Task Rooms_have_owners_once_all_nodes_know_what_that_is()
    {
        var nodes = new TestNodes("node-1") { HasOldNode = true };
        await using TestChat chat = await new TestChatBuilder().WithNodes(nodes).StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        Assert.Equal(Refusal.Unavailable, Assert.IsType<Refused>(await chat.Room.EnterAsync(alice.Key, "den", isPrivate: true)).Why);
        Assert.IsType<RoomAccepted>(await chat.Room.EnterAsync(alice.Key, "den"));
        Assert.Null(chat.Room.DetailsOf(alice.Key, "den")!.Owner);
        nodes.HasOldNode = false;
        Assert.IsType<RoomAccepted>(await chat.Room.EnterAsync(alice.Key, "attic", isPrivate: true));
        Assert.Equal("alice", chat.Room.DetailsOf(alice.Key, "attic")!.Owner);
    }

    // An older node would take the new name for a free one.
    [Fact]
    public async Task Rooms_are_renamed_once_all_nodes_know_what_that_is()
    {
        var nodes = new TestNodes("node-1");
        await using TestChat chat = await new TestChatBuilder().WithNodes(nodes).StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        Assert.IsType<RoomAccepted>(await chat.Room.EnterAsync(alice.Key, "den"));
        nodes.HasOldNode = true;
        Assert.Equal(new Refused(Refusal.Unavailable), await chat.Room.Moderation.RenameAsync(alice.Key, "den", "cellar"));
        nodes.HasOldNode = false;
        Assert.IsType<Accepted>(await chat.Room.Moderation.RenameAsync(alice.Key, "den", "cellar"));
        Assert.Equal("cellar", chat.Room.FindRoom(alice.Key, "den")!.Title);
    }

    private async Task InviteAsync(TestSession guest)
    {
        await _owner.SubmitAsync($"/invite {guest.Nick}", room: "den");
        await guest.SubmitAsync("/join den", room: "lobby");
    }
}
