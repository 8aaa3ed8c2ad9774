using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>Members in the fold: a person who owns a nick, and has several sessions or none.</summary>
public class ChatStateMemberTests
{
    private static readonly SessionKey s_phone = SessionKey.Of("phone"), s_tablet = SessionKey.Of("tablet");

    private readonly Fold _fold = new();
    private readonly SessionKey _amy, _bob;

    public ChatStateMemberTests()
    {
        _amy = _fold.Join("amy");
        _bob = _fold.Join("bob");
        _fold.Accepted(new Registered(_bob, Limit: 10));
    }

    [Fact]
    public void A_member_owns_the_nick_without_any_session()
    {
        _fold.Accepted(new Left(_bob, CloseReason.Left));
        UserLeft left = Assert.IsType<UserLeft>(_fold.Posted<Posting.ToRooms>().Content);
        Assert.Equal(("normal", true, true), (left.Reason, left.Gone, left.IsOffline));
        Assert.Empty(_fold.Postings.OfType<Posting.Forget>());
        Assert.DoesNotContain(_bob, _fold.State.Sessions.Keys);
        Assert.Equal(["amy"], _fold.State.Rooms[RoomName.Lobby].CopyPersons().Select(who => who.Nick));
        Assert.Equal(Refusal.NickTaken, _fold.Refused(Fold.Joining("BOB", key: "stranger")));
    }

    [Fact]
    public void A_login_brings_a_member_back_with_its_rooms()
    {
        _fold.Enter(_bob, "den");
        _fold.Accepted(new Left(_bob, CloseReason.Left));
        SignIn(s_phone);
        UserReturned back = Assert.IsType<UserReturned>(_fold.Posted<Posting.ToRooms>().Content);
        Assert.Equal(["lobby", "den"], back.Rooms);
        Assert.Equal(
            [new Posting.Enter(s_phone, "lobby", false), new Posting.Enter(s_phone, "den", false)],
            _fold.Postings.OfType<Posting.Enter>());
        Assert.Equal("id of bob", _fold.State.Sessions[s_phone].Person.Who.UserId);
    }

    [Fact]
    public void A_second_device_is_no_news_to_the_others()
    {
        SignIn(s_phone);
        Assert.Empty(_fold.Postings.OfType<Posting.ToRooms>());
        Assert.Equal(["amy", "bob"], _fold.State.Rooms[RoomName.Lobby].CopyPersons().Select(who => who.Nick));
        _fold.Accepted(new Left(_bob, CloseReason.Left));
        Assert.Empty(_fold.Postings.OfType<Posting.ToRooms>());
        _fold.Accepted(new Left(s_phone, CloseReason.Left));
        Assert.Equal("bob", Assert.IsType<UserLeft>(_fold.Posted<Posting.ToRooms>().Content).Who.Nick);
    }

    [Fact]
    public void The_idle_limit_of_one_device_is_no_absence()
    {
        SignIn(s_phone);
        _fold.Accepted(new WentOffline(s_phone, _fold.Now.AddDays(30), 10, 10));
        Assert.Empty(_fold.Postings.OfType<Posting.ToRooms>());
        _fold.Accepted(new WentOffline(_bob, _fold.Now.AddDays(30), 10, 10));
        Assert.Equal("timeout", Assert.IsType<UserLeft>(_fold.Posted<Posting.ToRooms>().Content).Reason);
        _fold.Accepted(new CameOnline(s_phone));
        Assert.IsType<UserReturned>(_fold.Posted<Posting.ToRooms>().Content);
        _fold.Accepted(new CameOnline(_bob));
        Assert.Empty(_fold.Postings.OfType<Posting.ToRooms>());
    }

    [Fact]
    public void What_one_device_does_the_other_sees_as_its_own()
    {
        SignIn(s_phone);
        _fold.Accepted(new Said(_bob, RoomName.Lobby, "hello", Action: false));
        Assert.Equal([_bob, s_phone], OwnOf<Spoken>(own => own.Own));

        // The broadcast comes after: a mailbox takes one mail of an entry.
        Assert.IsType<Posting.ToRooms>(_fold.Postings[^1]);
        Assert.IsType<RoomAccepted>(_fold.Enter(s_phone, "den"));
        Assert.Equal([_bob, s_phone], OwnOf<Welcome>(_ => true));
        Assert.Equal([_bob, s_phone], _fold.Postings.OfType<Posting.Enter>().Select(one => one.Session));
        _fold.Accepted(new PartedRoom(_bob, "den"));
        Assert.Equal([_bob, s_phone], OwnOf<Farewell>(_ => true));
        Assert.Equal([_bob, s_phone], _fold.Postings.OfType<Posting.Part>().Select(one => one.Session));
    }

    [Fact]
    public void Private_messages_are_filed_once_for_the_person_and_reach_every_device()
    {
        SignIn(s_phone);
        _fold.Accepted(new Whispered(_amy, "bob", "psst"));
        Posting.ToPerson[] written = [.. _fold.Postings.OfType<Posting.ToPerson>()];
        Assert.Equal([_amy, _bob], written.Select(one => one.Person));
        Assert.Equal([_bob, s_phone], written[1].Sessions);

        // Also when the first session has ended, and when nobody is there.
        _fold.Accepted(new Left(_bob, CloseReason.Left));
        _fold.Accepted(new Left(s_phone, CloseReason.Left));
        _fold.Accepted(new Whispered(_amy, "bob", "later"));
        Posting.ToPerson waiting = _fold.Postings.OfType<Posting.ToPerson>().Last();
        Assert.Equal(_bob, waiting.Person);
        Assert.Empty(waiting.Sessions);
    }

    [Fact]
    public void A_kick_ends_every_device_and_is_told_once()
    {
        SignIn(s_phone);
        SessionKey boss = _fold.JoinAdmin("boss");
        _fold.Accepted(new Kicked(boss, "bob", "out"));
        Assert.Equal("kicked: out", Assert.IsType<UserLeft>(_fold.Posted<Posting.ToRooms>().Content).Reason);
        Assert.Equal([_bob, s_phone], _fold.Postings.OfType<Posting.Close>().Select(one => one.Session));
        Assert.Equal(Refusal.NoSuchUser, _fold.Refused(new Kicked(boss, "bob", "out")));
        SignIn(s_tablet);
    }

    [Fact]
    public void One_device_too_many_ends_the_one_that_has_been_away_for_longest()
    {
        SignIn(s_phone);
        _fold.Accepted(new WentOffline(s_phone, _fold.Now.AddDays(30), 10, 10));
        SignIn(s_tablet, limit: 2);
        Assert.Equal(s_phone, _fold.Posted<Posting.Close>().Session);
        SignIn(s_phone, limit: 2);
        Assert.Equal(_bob, _fold.Posted<Posting.Close>().Session);
    }

    // Of two mails for one entry, a mailbox takes the first: the others would have seen bob leave, and not come back.
    [Fact]
    public void A_device_that_takes_the_place_of_the_only_other_one_is_no_news_to_the_others()
    {
        SignIn(s_phone, limit: 1);
        Assert.Equal(_bob, _fold.Posted<Posting.Close>().Session);
        Assert.Empty(_fold.Postings.OfType<Posting.ToRooms>());
        Assert.Equal(["amy", "bob"], _fold.State.Rooms[RoomName.Lobby].CopyPersons().Select(who => who.Nick));
    }

    [Fact]
    public void Only_a_guest_with_a_home_can_become_a_member_while_there_is_room()
    {
        Assert.Equal(Refusal.AlreadyMember, _fold.Refused(new Registered(_bob, Limit: 10)));
        Assert.Equal(Refusal.TooManyMembers, _fold.Refused(new Registered(_amy, Limit: 1)));
        Assert.Equal(Refusal.TooManyMembers, _fold.Refused(new Registered(_fold.Join("flack", home: null), Limit: 10)));
        Assert.Equal(Refusal.NotMember, _fold.Refused(new SignedIn(s_phone, "id of amy", "192.0.2.1", 10, 10)));
        Assert.Equal(Refusal.HostFull, _fold.Refused(new SignedIn(s_phone, "id of bob", "192.0.2.1", 1, 10)));
    }

    // Random keys do not collide, but the fold must not depend on that.
    [Fact]
    public void The_key_of_a_members_first_session_is_never_given_again()
    {
        _fold.Accepted(new Left(_bob, CloseReason.Left));
        Assert.Equal(Refusal.BadSession, _fold.Refused(new SignedIn(_bob, "id of bob", "192.0.2.1", 10, 10)));
    }

    [Fact]
    public void Members_are_in_the_image_with_or_without_sessions()
    {
        SignIn(s_phone);
        ChatState restored = ChatState.Restore(_fold.State.Capture());
        Assert.Same(restored.Sessions[_bob].Person, restored.Sessions[s_phone].Person);
        _fold.Accepted(new Left(_bob, CloseReason.Left));
        _fold.Accepted(new Left(s_phone, CloseReason.Left));
        restored = ChatState.Restore(_fold.State.Capture());
        Assert.Equal("bob", restored.FindNick("BOB")?.Who.Nick);
        Assert.Equal(1, restored.MemberCount);
        Assert.Equal(Plain.Of(_fold.State.Capture()), Plain.Of(restored.Capture()));
    }

    private void SignIn(SessionKey session, int limit = 10) => Assert.Equal(
        "bob", Assert.IsType<JoinAccepted>(_fold.Apply(new SignedIn(session, "id of bob", "192.0.2.9", 10, limit))).Who.Nick);

    private IEnumerable<SessionKey> OwnOf<T>(Func<T, bool> isOwn)
        where T : MailContent =>
        _fold.Postings.OfType<Posting.ToSession>().Where(one => one.Content is T own && isOwn(own)).Select(one => one.Session);
}
