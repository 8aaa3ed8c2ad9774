using ErlChat.Log;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>The fold: links that lead into rooms.</summary>
public class ChatStateLinksTests
{
    private const string Link = "0123456789abcdef01234567";

    private readonly Fold _fold = new();
    private readonly SessionKey _owner;
    private readonly SessionKey _bob;
    private readonly SessionKey _eve;

    public ChatStateLinksTests()
    {
        (_owner, _bob, _eve) = (_fold.Join("owner"), _fold.Join("bob"), _fold.Join("eve"));
        _fold.Accepted(new EnteredRoom(_owner, "den", false, 100, 100) { Private = true });
    }

    private Room Den => _fold.State.Rooms["den"];

    [Fact]
    public void Whoever_has_the_link_enters_the_private_room_as_often_as_it_is_left()
    {
        _fold.Accepted(Making(Link));
        Assert.Equal(new RoomNotice("den", "owner has made a link that leads into den."), _fold.Posted<Posting.ToRooms>().Content);
        for (int i = 0; i < 2; i++)
        {
            RoomAccepted entered = Assert.IsType<RoomAccepted>(_fold.Apply(new RoomLinkUsed(_bob, Link, 10)));
            Assert.Equal("den", entered.Room);
            Assert.True(_fold.State.FindNick("bob")!.IsIn("den"));
            _fold.Accepted(new PartedRoom(_bob, "den"));
        }

        RoomAccepted there = Assert.IsType<RoomAccepted>(_fold.Apply(new RoomLinkUsed(_owner, Link, 10)));
        Assert.Equal(["owner"], there.Members.Select(who => who.Nick));
        Assert.Empty(_fold.Postings);
    }

    [Fact]
    public void Only_moderators_make_and_revoke_links_and_not_for_the_lobby()
    {
        Assert.Equal(Refusal.NotInRoom, _fold.Refused(Making(Link) with { Session = _bob }));
        Assert.Equal(Refusal.NotModerator, _fold.Refused(Making(Link) with { Session = _bob, Room = "lobby" }));
        SessionKey admin = _fold.JoinAdmin("root1");
        Assert.Equal(Refusal.HomeRoom, _fold.Refused(Making(Link) with { Session = admin, Room = "lobby" }));
        _fold.Accepted(Making(Link));
        _fold.Apply(new RoomLinkUsed(_bob, Link, 10));
        Assert.Equal(Refusal.NotModerator, _fold.Refused(new RoomLinkRevoked(_bob, "den", Link)));
        Assert.Equal(Refusal.BadLink, _fold.Refused(new RoomLinkRevoked(_owner, "den", "0123")));
        Assert.Equal(Refusal.BadLink, _fold.Refused(new RoomLinkRevoked(_owner, "den", "fedcba9876543210")));
        _fold.Accepted(new RoomLinkRevoked(_owner, "den", Link[..16]));
        Assert.Equal(Refusal.BadLink, _fold.Refused(new RoomLinkUsed(_eve, Link, 10)));
    }

    [Fact]
    public void A_room_has_a_limited_number_of_links_and_those_that_are_over_do_not_count()
    {
        _fold.Accepted(Making(Link) with { Limit = 1 });
        Assert.Equal(Refusal.TooManyLinks, _fold.Refused(Making("another link 012345") with { Limit = 1 }));
        Assert.Equal(Refusal.Unavailable, _fold.Refused(Making(Link)));
        Assert.Equal(Refusal.TooManyRooms, _fold.Refused(new RoomLinkUsed(_bob, Link, 1)));
        _fold.Now += TimeSpan.FromHours(1);
        Assert.Equal(Refusal.BadLink, _fold.Refused(new RoomLinkUsed(_bob, Link, 10)));
        _fold.Accepted(Making("another link 012345") with { Limit = 1 });
        Assert.Equal("another link 012345", Assert.Single(Den.Rules.Links).Hash);
    }

    [Fact]
    public void Links_end_when_their_maker_is_no_moderator_any_longer()
    {
        _fold.Accepted(Making("owner's link 0123456"));
        _fold.Apply(new RoomLinkUsed(_bob, "owner's link 0123456", 10));
        _fold.Accepted(new RoomRoleChanged(_owner, "den", "bob", RoomRole.Moderator, 5));
        _fold.Accepted(Making(Link) with { Session = _bob });
        _fold.Accepted(new RoomRoleChanged(_owner, "den", "bob", RoomRole.Member, 5));
        Assert.Equal(Refusal.BadLink, _fold.Refused(new RoomLinkUsed(_eve, Link, 10)));

        _fold.Accepted(new RoomRoleChanged(_owner, "den", "bob", RoomRole.Moderator, 5));
        _fold.Accepted(Making(Link) with { Session = _bob });
        _fold.Accepted(new RoomKicked(_owner, "den", "bob", ""));
        Assert.Equal(Refusal.BadLink, _fold.Refused(new RoomLinkUsed(_bob, Link, 10)));

        _fold.Apply(new RoomLinkUsed(_eve, "owner's link 0123456", 10));
        _fold.Accepted(new Left(_owner, CloseReason.Left));
        Assert.Equal(Refusal.BadLink, _fold.Refused(new RoomLinkUsed(_bob, "owner's link 0123456", 10)));
    }

    // Rights that an administrator has in every public room end with the administrator's rights.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Links_of_an_administrator_end_with_the_rights(bool leaves)
    {
        _fold.Accepted(new RoomChanged(_owner, "den") { Private = false });
        SessionKey admin = _fold.JoinAdmin("root1");
        _fold.Accepted(new EnteredRoom(admin, "hers", false, 100, 100) { Private = false });
        _fold.Accepted(Making("owner's link 0123456"));
        _fold.Accepted(Making(Link) with { Session = admin });
        _fold.Accepted(Making("link of hers 0123456") with { Session = admin, Room = "hers" });
        _fold.Accepted(leaves ? new Left(admin, CloseReason.Left) : new AdminRevoked(admin));
        Assert.False(_fold.State.IsLink(Link));
        Assert.True(_fold.State.IsLink("owner's link 0123456"));
        Assert.Equal(!leaves, _fold.State.IsLink("link of hers 0123456"));
    }

    [Fact]
    public void Links_end_with_the_room_and_when_it_becomes_public_or_private()
    {
        _fold.Accepted(Making(Link));
        _fold.Accepted(new RoomChanged(_owner, "den") { Private = false });
        Assert.Empty(Den.Rules.Links);
        _fold.Accepted(Making(Link));
        _fold.Accepted(new PartedRoom(_owner, "den"));
        Assert.Equal(Refusal.BadLink, _fold.Refused(new RoomLinkUsed(_bob, Link, 10)));
        Assert.False(_fold.State.IsLink(Link));
    }

    [Fact]
    public void Links_are_in_snapshots()
    {
        _fold.Accepted(Making(Link));
        var restored = ChatState.Restore(_fold.State.Capture());
        Assert.Equal(Den.Rules.Links, restored.Rooms["den"].Rules.Links);
        Assert.True(restored.IsLink(Link));
    }

    private RoomLinkMade Making(string link) => new(_owner, "den", link, _fold.Now + TimeSpan.FromHours(1), 5);
}
