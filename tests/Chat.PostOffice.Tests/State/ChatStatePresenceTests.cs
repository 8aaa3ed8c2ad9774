using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>The idle limit ends presence, not the session (docs/adr/0016).</summary>
public class ChatStatePresenceTests
{
    private const string Host = "192.0.2.1";

    private readonly Fold _fold = new();

    [Fact]
    public void A_user_who_goes_offline_leaves_the_lists_and_keeps_everything_else()
    {
        SessionKey bob = _fold.Join("bob"), amy = _fold.Join("amy");
        _fold.Accepted(new EnteredRoom(bob, "den", Quiet: false, 10, 10));
        _fold.Accepted(new EnteredRoom(amy, "den", Quiet: false, 10, 10));
        _fold.Accepted(GoingOffline(bob));
        UserLeft left = Assert.Single(_fold.Postings.OfType<Posting.ToRooms>().Select(told => told.Content).OfType<UserLeft>());
        Assert.Equal(["lobby", "den"], left.Rooms);
        Assert.Equal(("bob", "timeout", true), (left.Who.Nick, left.Reason, left.Gone));
        Assert.Single(_fold.Postings.OfType<Posting.GoOffline>());
        Assert.Empty(_fold.Postings.OfType<Posting.Close>());
        Session kept = _fold.State.Sessions[bob];
        Assert.False(kept.IsOnline);
        Assert.Equal(["lobby", "den"], kept.Person.Rooms);
        Assert.Equal(["amy"], _fold.State.Rooms["den"].CopyPersons().Select(who => who.Nick));
        Assert.Equal(1, _fold.State.SessionsOf(Host));

        // The nick is still taken.
        Assert.Equal(Refusal.NickTaken, _fold.Refused(Fold.Joining("BOB", key: "stranger")));
    }

    [Fact]
    public void A_user_who_comes_back_is_the_same_one_in_the_same_rooms()
    {
        SessionKey bob = _fold.Join("bob");
        _fold.Accepted(new EnteredRoom(bob, "den", Quiet: true, 10, 10));
        Person before = _fold.State.Sessions[bob].Person.Who;
        _fold.Accepted(GoingOffline(bob));
        _fold.Now += TimeSpan.FromDays(6);
        _fold.Accepted(new CameOnline(bob) { ServedBy = "node-2" });
        Assert.Equal(new Posting.Reopen(bob, Joined: 3), _fold.Postings[0]);
        Assert.IsType<Posting.Serve>(_fold.Postings[1]);
        UserReturned back = Assert.IsType<UserReturned>(Assert.IsType<Posting.ToRooms>(_fold.Postings[2]).Content);
        Assert.Equal(["lobby", "den"], back.Rooms);
        Assert.Equal(
            [("lobby", false), ("den", true)], _fold.Postings.OfType<Posting.Enter>().Select(entered => (entered.Room, entered.Quiet)));
        Assert.Equal((before, true, _fold.Sequence), (back.Who, _fold.State.Sessions[bob].IsOnline, _fold.State.Sessions[bob].OnlineSince));
        Assert.Equal(1, _fold.State.SessionsOf(Host));

        // Another tab or node may have been as fast.
        _fold.Accepted(new CameOnline(bob));
        Assert.Empty(_fold.Postings);
    }

    [Fact]
    public void Private_messages_wait_for_a_user_who_is_offline()
    {
        SessionKey bob = _fold.Join("bob"), amy = _fold.Join("amy");
        _fold.Accepted(GoingOffline(bob));
        _fold.Accepted(new Whispered(amy, "bob", "are you there?"));
        Posting.ToPerson[] told = [.. _fold.Postings.OfType<Posting.ToPerson>()];
        Assert.Equal([amy, bob], told.Select(one => one.Person));
        Assert.Equal([1, 0], told.Select(one => one.Sessions.Count));
    }

    [Fact]
    public void Commands_of_a_user_who_is_offline_are_refused_and_can_be_repeated()
    {
        SessionKey bob = _fold.Join("bob");
        _fold.Accepted(GoingOffline(bob));
        var said = new Said(bob, RoomName.Lobby, "hello", Action: false) { Key = "once" };
        Assert.Equal(Refusal.Unavailable, _fold.Refused(said));
        _fold.Accepted(new CameOnline(bob));
        _fold.Accepted(said);
    }

    [Fact]
    public void A_session_ends_when_its_user_has_been_offline_for_too_long()
    {
        SessionKey bob = _fold.Join("bob"), amy = _fold.Join("amy");
        _fold.Accepted(new EnteredRoom(bob, "den", Quiet: false, 10, 10));
        _fold.Accepted(GoingOffline(bob));
        _fold.Now += TimeSpan.FromDays(7);

        // Nobody is told: the others know already.
        Joined stranger = Fold.Joining("bob", key: "stranger");
        Assert.IsType<JoinAccepted>(_fold.Apply(stranger));
        Assert.DoesNotContain(_fold.Postings, posting => posting is Posting.ToRooms { Content: UserLeft });
        Assert.Equal(bob, Assert.Single(_fold.Postings.OfType<Posting.Close>()).Session);
        Assert.Equal("den", Assert.Single(_fold.Postings.OfType<Posting.Ended>()).Room);
        Assert.Equal(new HashSet<SessionKey> { amy, stranger.Session }, _fold.State.Sessions.Keys.ToHashSet());
        Assert.Equal(Refusal.BadSession, _fold.Refused(new CameOnline(bob)));
    }

    [Fact]
    public void A_session_whose_time_is_over_cannot_come_back()
    {
        SessionKey bob = _fold.Join("bob");
        _fold.Accepted(GoingOffline(bob));
        _fold.Now += TimeSpan.FromDays(7);
        Assert.Equal(Refusal.BadSession, Assert.IsType<Refused>(_fold.Apply(new CameOnline(bob))).Why);
        Assert.Empty(_fold.State.Sessions);
    }

    [Fact]
    public void Of_too_many_offline_sessions_those_end_that_have_been_offline_for_longest()
    {
        SessionKey[] sessions = [.. Enumerable.Range(0, 4).Select(i => _fold.Join($"u{i}"))];
        SessionKey elsewhere = _fold.Join("far", host: "192.0.2.2");
        _fold.Accepted(GoingOffline(elsewhere));
        foreach (SessionKey session in sessions)
            _fold.Accepted(GoingOffline(session, limit: 100, hostLimit: 2));
        Assert.Equal([elsewhere, sessions[2], sessions[3]], Offline());
        _fold.Accepted(GoingOffline(_fold.Join("last", host: "192.0.2.3"), limit: 2, hostLimit: 2));
        Assert.Equal([sessions[3], SessionKey.Of("last")], Offline());
    }

    [Fact]
    public void Rooms_without_anybody_online_make_way_for_new_ones()
    {
        SessionKey bob = _fold.Join("bob"), cy = _fold.Join("cy"), amy = _fold.Join("amy");
        _fold.Accepted(new EnteredRoom(bob, "den", Quiet: false, 10, 10));
        _fold.Accepted(new EnteredRoom(cy, "attic", Quiet: false, 10, 10));
        _fold.Accepted(GoingOffline(bob));
        Assert.IsType<RoomAccepted>(_fold.Apply(new EnteredRoom(amy, "cellar", Quiet: false, RoomLimit: 3, 10)));
        Assert.Equal(["attic", "cellar", "lobby"], _fold.State.Rooms.Keys.Order());
        Assert.Equal(["lobby"], _fold.State.Sessions[bob].Person.Rooms);
        Assert.Equal(Refusal.TooManyRooms, _fold.Refused(new EnteredRoom(amy, "loft", Quiet: false, RoomLimit: 3, 10)));
    }

    // Both rooms have been deserted since the same entry. A state from a snapshot must end the same one.
    [Fact]
    public void Of_two_rooms_that_were_deserted_at_once_every_node_ends_the_same()
    {
        SessionKey bob = _fold.Join("bob"), amy = _fold.Join("amy");
        foreach (string room in (string[])["zoo", "attic"])
            _fold.Accepted(new EnteredRoom(bob, room, Quiet: false, 10, 10));
        _fold.Accepted(GoingOffline(bob));
        var restored = ChatState.Restore(_fold.State.Capture());
        var entry = new EnteredRoom(amy, "cellar", Quiet: false, RoomLimit: 3, 10);
        Assert.IsType<RoomAccepted>(_fold.Apply(entry));
        restored.Apply(_fold.Sequence, entry with { Id = new CommandId("run", 99), At = _fold.Now }, []);
        Assert.Equal(["cellar", "lobby", "zoo"], _fold.State.Rooms.Keys.Order());
        Assert.Equal(["cellar", "lobby", "zoo"], restored.Rooms.Keys.Order());
    }

    [Fact]
    public void A_room_that_cannot_be_made_ends_no_other()
    {
        SessionKey bob = _fold.Join("bob"), cy = _fold.Join("cy"), amy = _fold.Join("amy");
        _fold.Accepted(new EnteredRoom(bob, "den", Quiet: false, 10, 10));
        _fold.Accepted(new EnteredRoom(cy, "attic", Quiet: false, 10, 10) { Look = "attic" });
        _fold.Accepted(GoingOffline(bob));
        Assert.Equal(Refusal.LooksAlike, _fold.Refused(new EnteredRoom(amy, "att1c", Quiet: false, 3, 10) { Look = "attic" }));
        Assert.Contains("den", _fold.State.Rooms.Keys);
    }

    [Fact]
    public void A_session_whose_lifetime_is_shorter_ends_first()
    {
        SessionKey bob = _fold.Join("bob"), cy = _fold.Join("cy");
        _fold.Accepted(GoingOffline(bob));
        _fold.Accepted(GoingOffline(cy) with { Until = _fold.Now + TimeSpan.FromHours(1) });
        _fold.Now += TimeSpan.FromHours(2);
        Assert.IsType<JoinAccepted>(_fold.Apply(Fold.Joining("cy", key: "stranger")));
        Assert.Equal([bob], Offline());
    }

    [Fact]
    public void Administrators_and_keys_do_not_outlive_presence()
    {
        SessionKey boss = _fold.JoinAdmin("boss"), bob = _fold.Join("bob");
        _fold.Accepted(new Said(boss, RoomName.Lobby, "hello", Action: false) { Key = "once" });
        _fold.Accepted(GoingOffline(boss));
        Assert.False(_fold.State.Sessions[boss].Person.IsAdmin);
        Assert.False(_fold.State.Sessions[boss].Keyed!.IsEmpty);
        _fold.Now += TimeSpan.FromMinutes(11);
        _fold.Accepted(GoingOffline(bob));
        Assert.Null(_fold.State.Sessions[boss].Keyed);
    }

    [Fact]
    public void An_administrator_can_end_the_session_of_a_user_who_is_offline()
    {
        SessionKey bob = _fold.Join("bob"), boss = _fold.JoinAdmin("boss");
        _fold.Accepted(GoingOffline(bob));
        _fold.Accepted(new Kicked(boss, "bob", "gone for good"));
        Assert.Equal([boss], _fold.State.Sessions.Keys);
        Assert.IsType<JoinAccepted>(_fold.Apply(Fold.Joining("bob", key: "stranger")));
    }

    [Fact]
    public void A_session_that_has_moved_to_another_node_does_not_go_offline()
    {
        SessionKey bob = _fold.Join("bob");
        Assert.IsType<MovedOn>(_fold.Apply(GoingOffline(bob) with { ServedSince = 99 }));
        Assert.True(_fold.State.Sessions[bob].IsOnline);
    }

    private IEnumerable<SessionKey> Offline() => _fold.State.Sessions.Values
        .Where(session => !session.IsOnline).OrderBy(session => session.OfflineSince).Select(session => session.Key);

    private WentOffline GoingOffline(SessionKey session, int limit = 100, int hostLimit = 100) =>
        new(session, _fold.Now + TimeSpan.FromDays(7), limit, hostLimit);
}
