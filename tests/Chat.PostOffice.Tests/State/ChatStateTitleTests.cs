using ErlChat.Log;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Snapshots;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>The fold: renaming rooms. The address stays, and both names lead to the room.</summary>
public class ChatStateTitleTests
{
    private readonly Fold _fold = new();
    private readonly SessionKey _owner;
    private readonly SessionKey _bob;

    public ChatStateTitleTests()
    {
        (_owner, _bob) = (_fold.Join("owner"), _fold.Join("bob"));
        _fold.Accepted(new EnteredRoom(_owner, "den", false, 100, 100) { Private = false, Look = "den" });
    }

    private Room Den => _fold.State.Rooms["den"];

    [Fact]
    public void The_members_are_told_and_the_address_stays()
    {
        _fold.Accepted(Renaming("Cellar"));
        Posting.ToRooms told = _fold.Posted<Posting.ToRooms>();
        RoomTitled titled = Assert.IsType<RoomTitled>(told.Content);
        Assert.Equal(("den", "owner", "Cellar"), (titled.Room, titled.Who.Nick, titled.Title));
        Assert.Equal(["den"], told.Rooms);
        Assert.Equal(("den", "Cellar", "Cellar"), (Den.Name, Den.Title, Den.Shown));
        Assert.True(_fold.State.FindNick("owner")!.IsIn("den"));

        _fold.Accepted(Renaming("Cellar"));
        Assert.Empty(_fold.Postings);
    }

    [Fact]
    public void Every_command_finds_the_room_by_both_names()
    {
        _fold.Accepted(Renaming("Cellar"));
        RoomAccepted entered = Assert.IsType<RoomAccepted>(_fold.Enter(_bob, "CELLAR"));
        Assert.Equal(("den", "Cellar"), (entered.Room, entered.Title));
        IEnumerable<MailContent> mail = _fold.Postings.OfType<Posting.ToSession>().Select(posting => posting.Content);
        Assert.Equal("Cellar", Assert.Single(mail.OfType<Welcome>()).Title);
        Assert.Equal(Refusal.AlreadyInRoom, _fold.Refused(new EnteredRoom(_bob, "den", false, 100, 100)));
        Assert.Equal(Refusal.AlreadyInRoom, _fold.Refused(new EnteredRoom(_bob, "cellar", false, 100, 100)));
        foreach (string name in new[] { "cellar", "den" })
        {
            _fold.Accepted(new Said(_bob, name, "hello", Action: false));
            Assert.All(_fold.Postings.OfType<Posting.ToRooms>(), told => Assert.Equal(["den"], told.Rooms));
            _fold.Accepted(new TopicSet(_bob, name, "topic"));
            _fold.Accepted(new MarkedRead(_bob, name, null, 1));
            _fold.Accepted(new PreferencesSet(_bob) { Room = name, Muted = name == "den" });
            _fold.Accepted(new RoomChanged(_owner, name) { Slow = name == "den" ? 0 : 1 });
            _fold.Accepted(new RoomRoleChanged(_owner, name, "bob", RoomRole.Moderator, 5));
            _fold.Accepted(new RoomRoleChanged(_owner, name, "bob", RoomRole.Member, 5));
        }

        Assert.Equal("den", Assert.Single(_fold.State.FindNick("bob")!.Preferences!.Rooms).Room);
        _fold.Accepted(new PartedRoom(_bob, "cellar"));
        Assert.Equal("den", Assert.IsType<UserLeft>(_fold.Posted<Posting.ToRooms>().Content).Rooms[0]);
        Assert.Single(_fold.State.Rooms, room => room.Key != "lobby");
    }

    [Fact]
    public void The_address_stays_reserved_and_a_former_title_is_free()
    {
        _fold.Accepted(Renaming("cellar"));
        Assert.IsType<RoomAccepted>(_fold.Enter(_bob, "attic"));
        Assert.Equal(Refusal.NameNotFree, _fold.Refused(Renaming("attic")));
        Assert.Equal(Refusal.NotModerator, _fold.Refused(new RoomRenamed(_bob, "attic", "den")));
        _fold.Accepted(new RoomChanged(_fold.JoinAdmin("root1"), "attic") { Locked = true });
        SessionKey admin = SessionKey.Of("root1");
        Assert.Equal(Refusal.NameNotFree, _fold.Refused(new RoomRenamed(admin, "attic", "DEN")));
        Assert.Equal(Refusal.NameNotFree, _fold.Refused(new RoomRenamed(admin, "attic", "Cellar")));

        _fold.Accepted(Renaming("vault"));
        Assert.Null(_fold.State.FindRoom("cellar"));
        _fold.Accepted(new RoomRenamed(admin, "attic", "cellar"));
        Assert.Equal("attic", _fold.State.FindRoom("cellar")!.Name);
    }

    [Fact]
    public void Renaming_to_the_address_takes_the_title_away_and_another_spelling_is_one()
    {
        _fold.Accepted(Renaming("cellar"));
        _fold.Accepted(Renaming("den"));
        Assert.Null(Assert.IsType<RoomTitled>(_fold.Posted<Posting.ToRooms>().Content).Title);
        Assert.Null(Den.Title);
        Assert.Null(_fold.State.FindRoom("cellar"));
        _fold.Accepted(Renaming("DEN"));
        Assert.Equal("DEN", Den.Title);
        Assert.Same(Den, _fold.State.FindRoom("den"));
    }

    [Fact]
    public void A_title_must_not_look_like_another_name_and_is_compared_while_it_lasts()
    {
        Assert.IsType<RoomAccepted>(_fold.Apply(new EnteredRoom(_bob, "attic", false, 100, 100) { Look = "attic" }));
        Assert.Equal(Refusal.LooksAlike, _fold.Refused(Renaming("att1c") with { Look = "attic" }));
        _fold.Accepted(Renaming("cellar"));
        EnteredRoom similar = new(_bob, "ce11ar", false, 100, 100) { Look = "cellar" };
        Assert.Equal(Refusal.LooksAlike, _fold.Refused(similar));
        _fold.Accepted(Renaming("den"));
        Assert.IsType<RoomAccepted>(_fold.Apply(similar));
        _fold.Accepted(Renaming("d3n") with { Look = "den" });
        _fold.Accepted(Renaming("vault"));
        Assert.Equal(Refusal.LooksAlike, _fold.Refused(new EnteredRoom(_bob, "d3n", false, 100, 100) { Look = "den" }));
    }

    // The name of a private room is taken, and nothing more is said.
    [Fact]
    public void The_title_of_a_private_room_is_as_hidden_as_its_address()
    {
        _fold.Accepted(Renaming("cellar"));
        _fold.Accepted(new RoomChanged(_owner, "den") { Private = true });
        Assert.IsType<RoomAccepted>(_fold.Apply(new EnteredRoom(_bob, "attic", false, 100, 100) { Private = false }));
        foreach (string name in new[] { "den", "cellar" })
        {
            Assert.Equal(Refusal.NameNotFree, _fold.Refused(new EnteredRoom(_bob, name, false, 100, 100)));
            Assert.Equal(Refusal.NameNotFree, _fold.Refused(new RoomRenamed(_bob, "attic", name)));
            Assert.Equal(Refusal.NameNotFree, _fold.Refused(new RoomRenamed(_bob, "attic", "other") { Look = name }));
            Assert.Equal(Refusal.NotInRoom, _fold.Refused(new Said(_bob, name, "words", Action: false)));
            Assert.Equal(Refusal.NotInRoom, _fold.Refused(new RoomRenamed(_bob, name, "mine")));
        }
    }

    [Fact]
    public void Moderators_rename_a_room_and_administrators_a_public_one_and_the_lobby()
    {
        _fold.Enter(_bob, "den");
        Assert.Equal(Refusal.NotModerator, _fold.Refused(Renaming("cellar") with { Session = _bob }));
        Assert.Equal(Refusal.NotModerator, _fold.Refused(new RoomRenamed(_bob, "lobby", "plaza")));
        Assert.Equal(Refusal.NotInRoom, _fold.Refused(new RoomRenamed(_bob, "nowhere", "plaza")));
        _fold.Accepted(new RoomRoleChanged(_owner, "den", "bob", RoomRole.Moderator, 5));
        _fold.Accepted(Renaming("cellar") with { Session = _bob });
        Assert.DoesNotContain(_fold.State.Acts, act => act.Kind == ActKind.RenamedRoom);

        SessionKey admin = _fold.JoinAdmin("root1");
        _fold.Accepted(Renaming("vault") with { Session = admin });
        Notice notice = Assert.IsType<Notice>(_fold.Posted<Posting.ToSession>().Content);
        Assert.Equal("root1 has renamed the room cellar to vault.", notice.Text);
        Act act = Assert.Single(_fold.State.Acts, one => one.Kind == ActKind.RenamedRoom);
        Assert.Equal(("root1", "cellar → vault"), (act.By, act.Text));
        _fold.Accepted(new RoomRenamed(admin, "lobby", "plaza"));
        Assert.Equal("lobby", _fold.State.FindRoom("plaza")!.Name);
        Assert.Equal(Refusal.HomeRoom, _fold.Refused(new PartedRoom(_bob, "plaza")));

        _fold.Accepted(new Muted(admin, "bob", _fold.Now + TimeSpan.FromMinutes(1)));
        Assert.Equal(Refusal.Muted, _fold.Refused(Renaming("cellar") with { Session = _bob }));
    }

    [Fact]
    public void Both_names_are_free_when_the_room_has_ended()
    {
        _fold.Accepted(Renaming("cellar"));
        _fold.Accepted(new PartedRoom(_owner, "cellar"));
        Assert.Null(_fold.State.FindRoom("den"));
        Assert.Null(_fold.State.FindRoom("cellar"));
        RoomAccepted made = Assert.IsType<RoomAccepted>(
            _fold.Apply(new EnteredRoom(_bob, "cellar", false, 100, 100) { Look = "cellar" }));
        Assert.Equal(("cellar", null), (made.Room, made.Title));
        Assert.IsType<RoomAccepted>(_fold.Apply(new EnteredRoom(_bob, "den", false, 100, 100) { Look = "den" }));
    }

    // A program that does not know titles would take a renamed room's new name for a free one.
    [Fact]
    public void Titles_are_in_snapshots_which_have_a_newer_format_only_then()
    {
        int before = SnapshotCodec.FormatOf(_fold.State.Capture());
        _fold.Accepted(Renaming("cellar"));
        int format = SnapshotCodec.FormatOf(_fold.State.Capture());
        Assert.Equal((true, 5), (before < format, format));
        (byte[] bytes, byte[] checksum) = SnapshotCodec.Encode(_fold.State.Capture());
        var restored = ChatState.Restore(SnapshotCodec.TryDecode(format, bytes, checksum, out _)!);
        Assert.Equal("den", restored.FindRoom("cellar")!.Name);
        Assert.Equal(Plain.Of(_fold.State.Capture()), Plain.Of(restored.Capture()));
        _fold.Accepted(Renaming("den"));
        Assert.Equal(before, SnapshotCodec.FormatOf(_fold.State.Capture()));
    }

    private RoomRenamed Renaming(string title) => new(_owner, "den", title) { Look = title };
}
