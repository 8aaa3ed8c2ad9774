using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>The fold: owners, moderators, private rooms, and who may speak.</summary>
public class ChatStateRolesTests
{
    private readonly Fold _fold = new();
    private readonly SessionKey _owner;
    private readonly SessionKey _bob;
    private readonly SessionKey _eve;

    public ChatStateRolesTests()
    {
        _owner = _fold.Join("owner");
        _bob = _fold.Join("bob");
        _eve = _fold.Join("eve");
    }

    private Room Den => _fold.State.Rooms["den"];

    [Fact]
    public void Whoever_makes_a_room_owns_it_but_not_rooms_of_older_versions()
    {
        Open("den");
        Open("den", _bob);
        Assert.Equal("id of owner", Den.Rules.OwnerId);
        _fold.Accepted(new EnteredRoom(_owner, "old", false, 100, 100));
        Assert.Null(_fold.State.Rooms["old"].Rules.OwnerId);
        Assert.Null(_fold.State.Rooms["lobby"].Rules.OwnerId);
        Assert.Equal(Refusal.NotModerator, _fold.Refused(new RoomChanged(_owner, "old") { Locked = true }));
        Assert.Equal(Refusal.NotModerator, _fold.Refused(new RoomChanged(_owner, "lobby") { Locked = true }));
    }

    [Fact]
    public void A_private_room_is_entered_by_invitation_which_is_used_up()
    {
        Open("den", isPrivate: true);
        Assert.Equal(Refusal.NameNotFree, _fold.Refused(Entering(_bob, "den")));
        Assert.Equal(Refusal.NameNotFree, _fold.Refused(Entering(_bob, "DEN", isPrivate: true)));
        _fold.Accepted(new RoomInvited(_owner, "den", "bob", 5));
        Assert.Equal(_bob, _fold.Posted<Posting.ToSession>().Session);
        Assert.Equal(
            new Notice("owner invites you to the private room den. Type /join den to enter it.", null),
            _fold.Posted<Posting.ToSession>().Content);
        Assert.Equal(["den"], _fold.State.InvitationsOf("id of bob").Select(room => room.Name));
        _fold.Accepted(Entering(_bob, "den"));
        Assert.Empty(_fold.State.InvitationsOf("id of bob"));
        _fold.Accepted(new PartedRoom(_bob, "den"));
        Assert.Equal(Refusal.NameNotFree, _fold.Refused(Entering(_bob, "den")));
    }

    [Fact]
    public void An_invitation_can_be_taken_back_and_ends_with_its_user()
    {
        Open("den", isPrivate: true);
        Assert.Equal(Refusal.NoSuchUser, _fold.Refused(new RoomInvited(_owner, "den", "bob", 5) { Withdrawn = true }));
        _fold.Accepted(new RoomInvited(_owner, "den", "bob", 5));
        _fold.Accepted(new RoomInvited(_owner, "den", "bob", 5) { Withdrawn = true });
        Assert.Equal(Refusal.NameNotFree, _fold.Refused(Entering(_bob, "den")));

        _fold.Accepted(new RoomInvited(_owner, "den", "bob", 5));
        _fold.Accepted(new Left(_bob, CloseReason.Left));
        Assert.Empty(Den.Rules.Invited);

        // Flack clients may ask for a user id, and get it if nobody has it.
        Joined thief = Fold.Joining("thief", wanted: "id of bob");
        Assert.Equal("id of bob", Assert.IsType<JoinAccepted>(_fold.Apply(thief)).Who.UserId);
        Assert.Equal(Refusal.NameNotFree, _fold.Refused(Entering(thief.Session, "den")));
    }

    [Fact]
    public void The_numbers_of_invitations_and_moderators_are_limited()
    {
        Open("den", isPrivate: true);
        _fold.Accepted(new RoomInvited(_owner, "den", "bob", 1));
        _fold.Accepted(new RoomInvited(_owner, "den", "bob", 1));
        Assert.Equal(Refusal.TooManyInvitations, _fold.Refused(new RoomInvited(_owner, "den", "eve", 1)));
        Admit(_bob, "bob");
        Admit(_eve, "eve");
        _fold.Accepted(new RoomRoleChanged(_owner, "den", "bob", RoomRole.Moderator, 1));
        Assert.Equal(Refusal.TooManyModerators, _fold.Refused(new RoomRoleChanged(_owner, "den", "eve", RoomRole.Moderator, 1)));
    }

    [Fact]
    public void Strangers_and_administrators_are_told_the_same_about_a_private_room_as_about_none()
    {
        Open("den", isPrivate: true);
        SessionKey admin = _fold.JoinAdmin("boss");
        foreach (SessionKey one in new[] { _bob, admin })
        {
            foreach (string room in new[] { "den", "nowhere" })
            {
                Assert.Equal(Refusal.NotInRoom, _fold.Refused(new RoomChanged(one, room) { Private = false }));
                Assert.Equal(Refusal.NotInRoom, _fold.Refused(new RoomInvited(one, room, "eve", 9)));
                Assert.Equal(Refusal.NotInRoom, _fold.Refused(new RoomRoleChanged(one, room, "eve", RoomRole.Owner, 9)));
                Assert.Equal(Refusal.NotInRoom, _fold.Refused(new RoomKicked(one, room, "owner", "")));
                Assert.Equal(Refusal.NotInRoom, _fold.Refused(new Said(one, room, "hi", false)));
                Assert.Equal(Refusal.NotInRoom, _fold.Refused(new TopicSet(one, room, "hi")));
                Assert.Equal(Refusal.NotInRoom, _fold.Refused(new PartedRoom(one, room)));
            }
        }
    }

    [Fact]
    public void A_name_that_looks_like_that_of_a_private_room_is_refused_like_the_name_itself()
    {
        _fold.Accepted(Entering(_owner, "dev1", isPrivate: true) with { Look = "devl" });
        Assert.Equal(Refusal.NameNotFree, _fold.Refused(Entering(_bob, "devl") with { Look = "devl" }));
        Assert.Equal(Refusal.LooksAlike, _fold.Refused(Entering(_owner, "devl") with { Look = "devl" }));
    }

    [Fact]
    public void Administrators_act_in_public_rooms_and_may_become_owners_of_a_room_without_one()
    {
        Open("den");
        SessionKey admin = _fold.JoinAdmin("boss");
        _fold.Accepted(new RoomChanged(admin, "den") { Locked = true });
        const string text = "boss has locked den: only moderators may speak.";
        Assert.Equal(new RoomNotice("den", text), _fold.Posted<Posting.ToRooms>().Content);
        Assert.Equal(new Posting.ToSession(admin, new Notice(text, null)), _fold.Posted<Posting.ToSession>());
        Assert.Equal(Refusal.NotInRoom, _fold.Refused(new RoomChanged(admin, "den") { Private = true }));
        _fold.Accepted(new EnteredRoom(admin, "old", false, 100, 100));
        _fold.Accepted(new RoomChanged(admin, "old") { Private = true });
        Assert.Equal("id of boss", _fold.State.Rooms["old"].Rules.OwnerId);
        Assert.Equal(Refusal.HomeRoom, _fold.Refused(new RoomChanged(admin, "lobby") { Private = true }));
        _fold.Accepted(new RoomChanged(admin, "lobby") { Locked = true });
        Assert.Equal(Refusal.RoomLocked, _fold.Refused(new Said(_bob, "lobby", "hi", false)));
        _fold.Accepted(new Said(admin, "lobby", "hi", false));
    }

    [Fact]
    public void In_a_locked_room_only_moderators_speak_and_set_the_topic()
    {
        Open("den", also: _bob);
        Open("den", _eve);
        _fold.Accepted(new RoomRoleChanged(_owner, "den", "bob", RoomRole.Moderator, 9));
        Assert.Equal(new RoomNotice("den", "owner has made bob a moderator of den."), _fold.Posted<Posting.ToRooms>().Content);
        _fold.Accepted(new RoomChanged(_bob, "den") { Locked = true });
        Assert.Equal(new RoomNotice("den", "bob has locked den: only moderators may speak."), _fold.Posted<Posting.ToRooms>().Content);
        Assert.Equal(Refusal.RoomLocked, _fold.Refused(new Said(_eve, "den", "hi", false)));
        Assert.Equal(Refusal.RoomLocked, _fold.Refused(new TopicSet(_eve, "den", "hi")));
        _fold.Accepted(new Said(_bob, "den", "hi", false));
        _fold.Accepted(new TopicSet(_bob, "den", "hi"));
        _fold.Accepted(new RoomChanged(_bob, "den") { Locked = true });
        Assert.Empty(_fold.Postings);
        _fold.Accepted(new RoomChanged(_bob, "den") { Locked = false });
        _fold.Accepted(new Said(_eve, "den", "hi", false));
    }

    [Fact]
    public void In_an_archived_room_nobody_speaks()
    {
        Open("den", also: _bob);
        _fold.Accepted(new RoomRoleChanged(_owner, "den", "bob", RoomRole.Moderator, 9));
        Assert.Equal(Refusal.NotOwner, _fold.Refused(new RoomChanged(_bob, "den") { Archived = true }));
        _fold.Accepted(new RoomChanged(_owner, "den") { Archived = true });
        Assert.Equal(Refusal.RoomArchived, _fold.Refused(new Said(_owner, "den", "hi", false)));
        _fold.Accepted(new TopicSet(_owner, "den", "moved to attic"));
        _fold.Accepted(new RoomChanged(_owner, "den") { Archived = false });
        _fold.Accepted(new Said(_owner, "den", "hi", false));
    }

    [Fact]
    public void In_a_slow_room_members_wait_between_messages_even_if_they_leave_meanwhile()
    {
        Open("den", also: _bob);
        _fold.Accepted(new RoomChanged(_owner, "den") { Slow = 30 });
        _fold.Accepted(new Said(_bob, "den", "one", false));
        _fold.Now += TimeSpan.FromSeconds(10);
        _fold.Accepted(new PartedRoom(_bob, "den"));
        _fold.Accepted(Entering(_bob, "den"));
        Assert.Equal(new Refused(Refusal.SlowMode, TimeSpan.FromSeconds(20)), _fold.Apply(new Said(_bob, "den", "two", false)));

        // The clock of another node may be behind.
        _fold.Now -= TimeSpan.FromSeconds(15);
        Assert.Equal(new Refused(Refusal.SlowMode, TimeSpan.FromSeconds(30)), _fold.Apply(new Said(_bob, "den", "two", false)));
        _fold.Accepted(new Said(_owner, "den", "one", false));
        _fold.Accepted(new Said(_owner, "den", "two", false));
        _fold.Now += TimeSpan.FromSeconds(35);
        _fold.Accepted(new Said(_bob, "den", "two", false));
        _fold.Accepted(new RoomChanged(_owner, "den") { Slow = 0 });
        _fold.Accepted(new Said(_bob, "den", "three", false));
        Assert.Empty(Den.Rules.Speakers.All);
    }

    [Fact]
    public void A_slow_room_remembers_a_limited_number_of_speakers()
    {
        var speakers = new SlowSpeakers();
        for (int i = 0; i < SlowSpeakers.Limit + 5; i++)
            speakers.Record($"id {i:0000}", _fold.Now.AddSeconds(i), TimeSpan.FromHours(1));
        Assert.Equal(SlowSpeakers.Limit, speakers.All.Count());
        Assert.Equal("id 0005", speakers.All.First().UserId);
        speakers.Record("late", _fold.Now.AddHours(3), TimeSpan.FromHours(1));
        Assert.Equal("late", Assert.Single(speakers.All).UserId);
    }

    [Fact]
    public void Moderators_kick_members_but_not_each_other_or_the_owner()
    {
        Open("den", also: _bob);
        Open("den", _eve);
        _fold.Accepted(new RoomRoleChanged(_owner, "den", "bob", RoomRole.Moderator, 9));
        Assert.Equal(Refusal.NotOwner, _fold.Refused(new RoomKicked(_bob, "den", "owner", "")));
        Assert.Equal(Refusal.NotYourself, _fold.Refused(new RoomKicked(_bob, "den", "bob", "")));
        Assert.Equal(Refusal.NotModerator, _fold.Refused(new RoomKicked(_eve, "den", "bob", "")));
        Assert.Equal(Refusal.NoSuchUser, _fold.Refused(new RoomKicked(_bob, "den", "nobody", "")));
        _fold.Accepted(new RoomKicked(_bob, "den", "eve", "a very long reason that does not fit"));
        var person = new Person("eve", "eve", "id of eve");
        Assert.Equal(
            [
                new Posting.ToSession(_eve, new Farewell("den", person)
                {
                    By = new Person("bob", "bob", "id of bob"), Reason = "a very long reason that does not fit",
                }),
                new Posting.ToRooms(["den"], new UserLeft(["den"], person, "kicked: a very long reason that ", Gone: false), null),
                new Posting.Part(_eve, "den"),
            ],
            _fold.Postings,
            Plain.Same);
        Assert.Equal(Refusal.NoSuchUser, _fold.Refused(new RoomKicked(_bob, "den", "eve", "")));
        _fold.Accepted(new RoomKicked(_owner, "den", "bob", ""));
        Assert.Empty(Den.Rules.Moderators);
        Assert.Equal(Refusal.HomeRoom, _fold.Refused(new RoomKicked(_fold.JoinAdmin("boss"), "lobby", "eve", "")));
    }

    [Fact]
    public void A_room_is_handed_over_and_passes_on_when_its_owner_is_gone_for_good()
    {
        Open("den", isPrivate: true);
        Admit(_bob, "bob");
        Admit(_eve, "eve");
        Assert.Equal(Refusal.NotYourself, _fold.Refused(new RoomRoleChanged(_owner, "den", "owner", RoomRole.Member, 9)));
        _fold.Accepted(new RoomRoleChanged(_owner, "den", "bob", RoomRole.Owner, 9));
        Assert.Equal("id of bob", Den.Rules.OwnerId);
        Assert.Equal(["id of owner"], Den.Rules.Moderators);

        // An owner who only leaves the room may come back.
        _fold.Accepted(new PartedRoom(_bob, "den"));
        _fold.Accepted(Entering(_bob, "den"));
        _fold.Accepted(new Left(_bob, CloseReason.Left));
        Assert.Equal("id of owner", Den.Rules.OwnerId);
        Assert.Empty(Den.Rules.Moderators);
        _fold.Accepted(new Left(_owner, CloseReason.Left));
        Assert.Equal("id of eve", Den.Rules.OwnerId);
    }

    [Fact]
    public void A_public_room_without_owner_and_moderators_belongs_to_nobody()
    {
        Open("den", also: _bob);
        _fold.Accepted(new Left(_owner, CloseReason.Left));
        Assert.Null(Den.Rules.OwnerId);
        Assert.Equal(Refusal.NotModerator, _fold.Refused(new RoomChanged(_bob, "den") { Locked = true }));
    }

    // Histories are stored by name and outlive rooms.
    [Fact]
    public void What_was_said_in_private_stays_sealed_for_later_rooms_of_that_name()
    {
        Open("den", isPrivate: true);
        _fold.Accepted(new PartedRoom(_owner, "den"));
        long ended = _fold.Sequence;
        Assert.DoesNotContain("den", _fold.State.Rooms.Keys);
        Open("DEN", _bob);
        Assert.Equal(ended, Den.Rules.SealedThrough);

        Open("attic", isPrivate: true);
        _fold.Accepted(new RoomInvited(_owner, "attic", "eve", 5));
        _fold.Accepted(new RoomChanged(_owner, "attic") { Private = false });
        Assert.Equal(_fold.Sequence, _fold.State.Rooms["attic"].Rules.SealedThrough);
        Assert.Empty(_fold.State.InvitationsOf("id of eve"));
        _fold.Accepted(new PartedRoom(_owner, "attic"));
        Open("attic", _bob);
        Assert.True(_fold.State.Rooms["attic"].Rules.SealedThrough > 0);
    }

    [Fact]
    public void If_too_many_names_are_sealed_all_new_rooms_begin_without_history()
    {
        var names = new SealedHistories();
        for (int i = 1; i <= SealedHistories.Limit; i++)
            names.Seal($"room {i}", i * 10);
        Assert.Equal((0, 10), (names.Of("other"), names.Of("ROOM 1")));
        names.Seal("room 2", 20_000);
        Assert.Equal((0, 20_000), (names.Of("other"), names.Of("room 2")));
        names.Seal("one more", 30_000);
        Assert.Equal((10, 10, 20_000), (names.Of("other"), names.Of("room 1"), names.Of("room 2")));
        Assert.Equal(SealedHistories.Limit, names.All.Count());
    }

    // An entry puts one mail into a mailbox, and this one lists all rooms that the user has left.
    [Fact]
    public void Others_hear_which_of_their_own_private_rooms_a_user_leaves_and_no_others()
    {
        Open("den", isPrivate: true);
        Admit(_bob, "bob");
        _fold.Accepted(Entering(_owner, "attic", isPrivate: true));
        _fold.Accepted(new Left(_owner, CloseReason.Left));
        var person = new Person("owner", "owner", "id of owner");
        Assert.Equal(
            [
                new Posting.ToSessions([_bob], new UserLeft(["lobby", "den"], person, "normal", Gone: true)),
                new Posting.ToRooms(["lobby"], new UserLeft(["lobby"], person, "normal", Gone: true), _owner),
            ],
            _fold.Postings[..2],
            Plain.Same);
    }

    private static EnteredRoom Entering(SessionKey session, string room, bool isPrivate = false) =>
        new(session, room, false, 100, 100) { Private = isPrivate };

    private void Open(string room, SessionKey? who = null, SessionKey? also = null, bool isPrivate = false)
    {
        _fold.Accepted(Entering(who ?? _owner, room, isPrivate));
        if (also is { } other)
            _fold.Accepted(Entering(other, room));
    }

    /// <summary>Invites a user to the den, who enters it.</summary>
    private void Admit(SessionKey session, string nick)
    {
        _fold.Accepted(new RoomInvited(_owner, "den", nick, 9));
        _fold.Accepted(Entering(session, "den"));
    }
}
