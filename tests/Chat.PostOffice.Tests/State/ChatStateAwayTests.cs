using ErlChat.Log;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Snapshots;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>Who is away (docs/adr/0037).</summary>
public class ChatStateAwayTests
{
    private readonly Fold _fold = new();

    [Fact]
    public void The_others_are_told_once_when_somebody_goes_and_comes_back()
    {
        SessionKey bob = _fold.Join("bob");
        _fold.Join("amy");
        _fold.Accepted(new AwayChanged(bob, IsAway: true, Audience: 500));
        Assert.Equal(("bob", true), Told());
        _fold.Accepted(new AwayChanged(bob, IsAway: true, Audience: 500));
        Assert.Empty(_fold.Postings);
        _fold.Accepted(new AwayChanged(bob, IsAway: false, Audience: 500));
        Assert.Equal(("bob", false), Told());
        _fold.Accepted(new AwayChanged(bob, IsAway: false, Audience: 500));
        Assert.Empty(_fold.Postings);
    }

    [Fact]
    public void Large_rooms_are_not_told_but_their_lists_know()
    {
        SessionKey bob = _fold.Join("bob"), amy = _fold.Join("amy");
        _fold.Join("cid");
        _fold.Accepted(new EnteredRoom(bob, "den", Quiet: false, 10, 10));
        _fold.Accepted(new EnteredRoom(amy, "den", Quiet: false, 10, 10));
        _fold.Accepted(new AwayChanged(bob, IsAway: true, Audience: 2));
        Posting.ToRooms told = Assert.IsType<Posting.ToRooms>(Assert.Single(_fold.Postings));
        Assert.Equal(["den"], told.Rooms);
        Assert.True(_fold.State.Sessions[bob].Person.IsAway);

        // The room has grown meanwhile.
        _fold.Accepted(new EnteredRoom(_fold.Join("dan"), "den", Quiet: false, 10, 10));
        _fold.Accepted(new AwayChanged(bob, IsAway: false, Audience: 2));
        Assert.Equal(["lobby", "den"], Assert.IsType<Posting.ToRooms>(Assert.Single(_fold.Postings)).Rooms);
    }

    [Fact]
    public void Whoever_is_at_one_device_is_not_away()
    {
        SessionKey laptop = _fold.Join("bob");
        _fold.Join("amy");
        _fold.Accepted(new Registered(laptop, Limit: 10));
        SessionKey phone = SignIn(laptop, "phone");
        _fold.Accepted(new AwayChanged(laptop, IsAway: true, Audience: 500));
        Assert.Empty(_fold.Postings);
        _fold.Accepted(new AwayChanged(phone, IsAway: true, Audience: 500));
        Assert.Equal(("bob", true), Told());

        // A new device means that somebody is there, and its end that nobody is.
        SessionKey tablet = SignIn(laptop, "tablet");
        Assert.Equal(("bob", false), Told());
        _fold.Accepted(new Left(tablet, CloseReason.Left));
        Assert.Equal(("bob", true), Told());

        // What is told of somebody who goes altogether says enough.
        _fold.Accepted(Offline(phone));
        Assert.DoesNotContain(_fold.Postings, static one => one is Posting.ToRooms);
        _fold.Accepted(Offline(laptop));
        Assert.IsType<UserLeft>(Assert.Single(_fold.Postings.OfType<Posting.ToRooms>()).Content);
        _fold.Accepted(new CameOnline(laptop));
        Assert.IsType<UserReturned>(Assert.Single(_fold.Postings.OfType<Posting.ToRooms>()).Content);
        Assert.False(_fold.State.Sessions[laptop].Person.IsAway);
    }

    [Fact]
    public void A_snapshot_keeps_it_in_a_newer_format()
    {
        SessionKey bob = _fold.Join("bob");
        Assert.True(SnapshotCodec.FormatOf(_fold.State.Capture()) < SnapshotCodec.Format);
        _fold.Accepted(new AwayChanged(bob, IsAway: true, Audience: 500));
        ChatStateImage image = _fold.State.Capture();
        Assert.Equal(SnapshotCodec.Format, SnapshotCodec.FormatOf(image));
        Assert.Equal(500, ChatState.Restore(image).Sessions[bob].Person.AwayAudience);
    }

    private SessionKey SignIn(SessionKey member, string key)
    {
        var signedIn = new SignedIn(
            SessionKey.Of(key), _fold.State.Sessions[member].Person.Who.UserId, "192.0.2.3", HostLimit: 32, SessionLimit: 10);
        _fold.Accepted(signedIn);
        return signedIn.Session;
    }

    private WentOffline Offline(SessionKey session) => new(session, _fold.Now + TimeSpan.FromDays(7), Limit: 100, HostLimit: 100);

    private (string Nick, bool IsAway) Told()
    {
        AwayTold told = Assert.IsType<AwayTold>(Assert.Single(_fold.Postings.OfType<Posting.ToRooms>()).Content);
        return (told.Who.Nick, told.IsAway);
    }
}
