using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.Tests;

/// <summary>The fold: rooms and their messages.</summary>
public class ChatStateRoomTests
{
    private readonly Fold _fold = new();
    private readonly SessionKey _alice;
    private readonly SessionKey _bob;
    private readonly Person _who = new("alice", "alice", "id of alice");
    private readonly Person _other = new("bob", "bob", "id of bob");

    public ChatStateRoomTests()
    {
        _alice = _fold.Join("alice");
        _bob = _fold.Join("bob", home: null);
    }

    [Fact]
    public void A_room_begins_with_its_first_member_who_also_decides_its_spelling()
    {
        var first = Assert.IsType<RoomAccepted>(_fold.Enter(_alice, "Den"));
        Assert.Equal(("Den", ""), (first.Room, first.Topic));
        Assert.Equal([_who], first.Members);
        Assert.Equal(new Posting.ToSession(_alice, new Welcome("Den", _who, "", [])), _fold.Postings[^1], Plain.Same);

        var second = Assert.IsType<RoomAccepted>(_fold.Enter(_bob, "dEN"));
        Assert.Equal("Den", second.Room);
        Assert.Equal([_who, _other], second.Members);
        Assert.Equal(
            [
                new Posting.ToRooms(["Den"], new UserEntered("Den", _other), null),
                new Posting.Enter(_bob, "Den", false),
                new Posting.ToSession(_bob, new Welcome("Den", _other, "", [_who])),
            ],
            _fold.Postings,
            Plain.Same);
    }

    // Invariant 7: the order must not be that of a hash table, which leaving and returning would shuffle.
    [Fact]
    public void Members_are_listed_in_the_order_of_entering()
    {
        SessionKey[] people = [.. Enumerable.Range(0, 12).Select(i => _fold.Join($"p{i}", home: null))];
        foreach (SessionKey one in people)
            _fold.Enter(one, "den");
        foreach (int i in (int[])[3, 7, 0])
        {
            _fold.Accepted(new PartedRoom(people[i], "den"));
            _fold.Enter(people[i], "den");
        }

        string[] order = ["p1", "p2", "p4", "p5", "p6", "p8", "p9", "p10", "p11", "p3", "p7", "p0"];
        Assert.Equal([.. order, "bob"], Assert.IsType<RoomAccepted>(_fold.Enter(_bob, "den")).Members.Select(who => who.Nick));
        Assert.Equal(order, Assert.IsType<Welcome>(_fold.Posted<Posting.ToSession>().Content).Others.Select(who => who.Nick));
    }

    [Fact]
    public void A_session_that_enters_quietly_is_listed_as_quiet()
    {
        _fold.Enter(_bob, "den", quiet: true);
        Assert.True(_fold.Posted<Posting.Enter>().Quiet);
        Assert.True(Assert.Single(_fold.State.Capture().Rooms[0].Members).Quiet);
    }

    [Fact]
    public void A_room_is_entered_once()
    {
        _fold.Enter(_alice, "den");
        Assert.Equal(Refusal.AlreadyInRoom, _fold.Refused(new EnteredRoom(_alice, "DEN", false, 100, 100)));
        Assert.Equal(Refusal.AlreadyInRoom, _fold.Refused(new EnteredRoom(_alice, "lobby", false, 100, 100)));
    }

    [Fact]
    public void The_number_of_rooms_is_limited_but_existing_rooms_can_be_entered()
    {
        _fold.Enter(_alice, "den");
        Assert.Equal(Refusal.TooManyRooms, _fold.Refused(new EnteredRoom(_bob, "attic", false, RoomLimit: 2, SessionRoomLimit: 9)));
        Assert.IsType<RoomAccepted>(_fold.Enter(_bob, "den", rooms: 2));
    }

    [Fact]
    public void The_number_of_rooms_per_session_is_limited() =>
        Assert.Equal(Refusal.TooManyRooms, _fold.Refused(new EnteredRoom(_alice, "den", false, RoomLimit: 9, SessionRoomLimit: 1)));

    [Fact]
    public void Leaving_a_room_is_announced_and_the_last_member_ends_it_with_its_topic()
    {
        _fold.Enter(_alice, "den");
        _fold.Enter(_bob, "den");
        _fold.Accepted(new TopicSet(_alice, "den", "news"));
        _fold.Accepted(new PartedRoom(_bob, "DEN"));
        Assert.Equal(
            [
                new Posting.ToSession(_bob, new Farewell("den", _other)),
                new Posting.ToRooms(["den"], new UserLeft(["den"], _other, "normal", Gone: false), _bob),
                new Posting.Part(_bob, "den"),
            ],
            _fold.Postings,
            Plain.Same);
        _fold.Accepted(new PartedRoom(_alice, "den"));
        Assert.Equal("den", _fold.Posted<Posting.Ended>().Room);
        Assert.Equal("", Assert.IsType<RoomAccepted>(_fold.Enter(_bob, "Den")).Topic);
        Assert.Equal("Den", _fold.State.Rooms["den"].Name);
    }

    [Fact]
    public void The_home_cannot_be_left_and_other_rooms_only_by_their_members()
    {
        Assert.Equal(Refusal.HomeRoom, _fold.Refused(new PartedRoom(_alice, "LOBBY")));
        Assert.Equal(Refusal.NotInRoom, _fold.Refused(new PartedRoom(_bob, "lobby")));
        Assert.Equal(Refusal.NotInRoom, _fold.Refused(new PartedRoom(_bob, "nowhere")));
    }

    [Fact]
    public void The_lobby_stays_and_may_be_left_by_a_session_with_another_home()
    {
        _fold.Accepted(new Left(_alice, CloseReason.Left));
        _fold.Enter(_bob, "Lobby");
        _fold.Accepted(new PartedRoom(_bob, "lobby"));
        Assert.Empty(_fold.Postings.OfType<Posting.Ended>());
        Assert.Equal(["lobby"], _fold.State.Rooms.Keys);
    }

    [Fact]
    public void A_message_goes_to_its_sender_as_own_and_to_the_others_in_the_room()
    {
        _fold.Accepted(new Said(_alice, "LOBBY", "hi", Action: true));
        Assert.Equal(
            [
                new Posting.ToSession(_alice, new Spoken("lobby", _who, "hi", Action: true, Own: true)),
                new Posting.ToRooms(["lobby"], new Spoken("lobby", _who, "hi", Action: true, Own: false), _alice),
            ],
            _fold.Postings,
            Plain.Same);
        Assert.Equal(Refusal.NotInRoom, _fold.Refused(new Said(_bob, "lobby", "hi", false)));
        Assert.Equal(Refusal.NotInRoom, _fold.Refused(new Said(_bob, "nowhere", "hi", false)));
    }

    [Fact]
    public void A_whisper_goes_to_two_users_and_only_once_to_oneself()
    {
        SessionKey carol = _fold.Join("carol");
        var other = new Person("carol", "carol", "id of carol");
        _fold.Accepted(new Whispered(_alice, "CAROL", "psst"));
        Assert.Equal(
            [
                new Posting.ToPerson(_alice, [_alice], new Whisper(_who, other, "psst", Own: true)),
                new Posting.ToPerson(carol, [carol], new Whisper(_who, other, "psst", Own: false)),
            ],
            _fold.Postings,
            Plain.Same);
        _fold.Accepted(new Whispered(_alice, "alice", "self"));
        Assert.Equal(new Whisper(_who, _who, "self", Own: true), _fold.Posted<Posting.ToPerson>().Content);
        Assert.Equal(Refusal.NoSuchUser, _fold.Refused(new Whispered(_alice, "nobody", "psst")));
    }

    // Regression: the message seemed sent to its sender, but the flack user never saw it, because that wire has no private messages.
    [Fact]
    public void A_whisper_to_a_user_without_a_home_who_cannot_get_it_is_refused()
    {
        Assert.Equal(Refusal.NoSuchUser, _fold.Refused(new Whispered(_alice, "bob", "psst")));
    }

    [Fact]
    public void A_topic_is_announced_to_everyone_in_the_room()
    {
        _fold.Accepted(new TopicSet(_alice, "LOBBY", "news"));
        Assert.Equal([new Posting.ToRooms(["lobby"], new TopicChanged("lobby", _who, "news"), null)], _fold.Postings, Plain.Same);
        Assert.Equal("news", _fold.State.Rooms["lobby"].Topic);
        Assert.Equal(Refusal.NotInRoom, _fold.Refused(new TopicSet(_bob, "lobby", "x")));
    }

    [Fact]
    public void The_server_tells_one_session()
    {
        _fold.Accepted(new Told(_bob, "text", "<b>"));
        Assert.Equal([new Posting.ToSession(_bob, new Notice("text", "<b>"))], _fold.Postings);
    }

    // Older versions wrote this entry, and their logs can still be read.
    [Fact]
    public void A_list_in_the_log_hides_what_it_showed()
    {
        SessionKey carol = _fold.Join("carol");
        _fold.Accepted(new Said(_alice, "lobby", "hi", false));
        Outcome? listed = _fold.Apply(new Listed(carol, From: 3));
        Assert.Equal(new Accepted(_fold.Sequence), listed);
        Assert.Equal([new Posting.Hide(carol, 3)], _fold.Postings);
        _fold.Apply(new Listed(carol, From: _fold.Sequence + 100));
        Assert.Empty(_fold.Postings);
    }
}
