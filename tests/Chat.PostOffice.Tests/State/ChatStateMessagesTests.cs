using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Snapshots;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>The fold: editing and deleting messages.</summary>
public class ChatStateMessagesTests
{
    private static readonly Person s_amy = new("amy", "amy", "id of amy"), s_bob = new("bob", "bob", "id of bob");

    private readonly Fold _fold = new();
    private readonly SessionKey _amy, _bob;

    public ChatStateMessagesTests() => (_amy, _bob) = (_fold.Join("amy"), _fold.Join("bob"));

    [Fact]
    public void An_edit_is_told_to_the_room_with_what_the_entry_says_of_the_message()
    {
        long said = Say(_amy, "lobby");
        _fold.Accepted(Edit(_amy, said, "amy", "lobby"));
        var expected = new MessageChanged(new MessageRef(said, default, s_amy) { Room = "lobby" }, "new", Own: false);
        Posting.ToRooms told = _fold.Posted<Posting.ToRooms>();
        Assert.Equal(expected, told.Content);
        Assert.Equal(["lobby"], told.Rooms);
        Assert.Null(told.Except);
    }

    [Fact]
    public void Only_the_author_edits_and_others_learn_nothing()
    {
        long said = Say(_amy, "lobby");
        SessionKey admin = _fold.JoinAdmin("root1");
        Assert.Equal(Refusal.NoSuchMessage, _fold.Refused(Edit(_bob, said, "amy", "lobby")));
        Assert.Equal(Refusal.NoSuchMessage, _fold.Refused(Edit(admin, said, "amy", "lobby")));
        Assert.Equal(Refusal.NoSuchMessage, _fold.Refused(Edit(_amy, said, "amy", "den")));
    }

    [Fact]
    public void Who_has_left_the_room_cannot_reach_its_messages()
    {
        _fold.Enter(_amy, "den");
        _fold.Enter(_bob, "den");
        long said = Say(_amy, "den");
        _fold.Accepted(new PartedRoom(_amy, "den"));
        Assert.Equal(Refusal.NoSuchMessage, _fold.Refused(Edit(_amy, said, "amy", "den")));
        Assert.Equal(Refusal.NoSuchMessage, _fold.Refused(Delete(_amy, said, "amy", "den")));
        _fold.Enter(_amy, "den");
        _fold.Accepted(Edit(_amy, said, "amy", "DEN"));
        Assert.Equal(["den"], _fold.Posted<Posting.ToRooms>().Rooms);
    }

    [Fact]
    public void The_muted_and_those_in_locked_or_archived_rooms_do_not_edit_but_delete()
    {
        _fold.Apply(new EnteredRoom(_bob, "den", false, 100, 100) { Private = false });
        _fold.Enter(_amy, "den");
        long[] said = [Say(_amy, "den"), Say(_amy, "den"), Say(_amy, "den")];
        _fold.Accepted(new RoomChanged(_bob, "den") { Locked = true });
        Assert.Equal(Refusal.RoomLocked, _fold.Refused(Edit(_amy, said[0], "amy", "den")));
        _fold.Accepted(Delete(_amy, said[0], "amy", "den"));
        _fold.Accepted(new RoomChanged(_bob, "den") { Locked = false, Archived = true });
        Assert.Equal(Refusal.RoomArchived, _fold.Refused(Edit(_amy, said[1], "amy", "den")));
        _fold.Accepted(Delete(_amy, said[1], "amy", "den"));
        _fold.Accepted(new RoomChanged(_bob, "den") { Archived = false });
        SessionKey admin = _fold.JoinAdmin("root1");
        _fold.Accepted(new PersonMuted(admin, "amy", _fold.Now.AddMinutes(1), Address: false));
        Assert.Equal(Refusal.Muted, _fold.Refused(Edit(_amy, said[2], "amy", "den")));
        _fold.Accepted(Delete(_amy, said[2], "amy", "den"));
    }

    [Fact]
    public void A_moderator_edits_in_a_locked_room_and_a_slow_room_does_not_slow_edits()
    {
        _fold.Apply(new EnteredRoom(_bob, "den", false, 100, 100) { Private = false });
        _fold.Enter(_amy, "den");
        long own = Say(_bob, "den");
        _fold.Accepted(new RoomChanged(_bob, "den") { Locked = true });
        _fold.Accepted(Edit(_bob, own, "bob", "den"));
        _fold.Accepted(new RoomChanged(_bob, "den") { Locked = false, Slow = 60 });
        long said = Say(_amy, "den");
        _fold.Accepted(Edit(_amy, said, "amy", "den"));
        Assert.Equal(Refusal.SlowMode, _fold.Refused(new Said(_amy, "den", "words", false)));
    }

    [Theory]
    [InlineData("owner", "den", true)]
    [InlineData("admin", "den", true)]
    [InlineData("member", "den", false)]
    [InlineData("stranger", "den", false)]
    [InlineData("author", "den", true)]
    [InlineData("owner", "cellar", true)]
    [InlineData("admin", "cellar", false)]
    [InlineData("member", "cellar", false)]
    public void A_message_is_deleted_by_its_author_and_by_those_who_moderate_the_room(string who, string room, bool may)
    {
        SessionKey owner = _fold.Join("owner");
        _fold.Apply(new EnteredRoom(owner, room, false, 100, 100) { Private = false });
        _fold.Enter(_amy, room);
        _fold.Enter(_bob, room);
        if (room == "cellar")
            _fold.Accepted(new RoomChanged(owner, room) { Private = true });
        long said = Say(_amy, room);
        SessionKey by = who switch
        {
            "owner" => owner,
            "admin" => _fold.JoinAdmin("root1"),
            "member" => _bob,
            "author" => _amy,
            _ => _fold.Join("eve"),
        };
        Entry entry = Delete(by, said, "amy", room);
        if (!may)
        {
            Assert.Equal(Refusal.NoSuchMessage, _fold.Refused(entry));
            return;
        }

        _fold.Accepted(entry);
        MessageRemoved removed = Assert.IsType<MessageRemoved>(_fold.Posted<Posting.ToRooms>().Content);
        Assert.Equal((said, who != "author"), (removed.Message.Sequence, removed.ByModerator));
    }

    [Fact]
    public void Nothing_is_done_to_what_was_said_before_a_private_room_became_public()
    {
        _fold.Apply(new EnteredRoom(_amy, "den", false, 100, 100) { Private = true });
        long said = Say(_amy, "den");
        _fold.Accepted(new RoomChanged(_amy, "den") { Private = false });
        Assert.Equal(Refusal.NoSuchMessage, _fold.Refused(Edit(_amy, said, "amy", "den")));
        Assert.Equal(Refusal.NoSuchMessage, _fold.Refused(Delete(_amy, said, "amy", "den")));
        Assert.Equal(Refusal.NoSuchMessage, _fold.Refused(Delete(_fold.JoinAdmin("root1"), said, "amy", "den")));
    }

    // A public room's messages stay when it ends.
    [Fact]
    public void Who_makes_a_room_again_has_no_rights_over_what_was_said_before_it_ended()
    {
        _fold.Apply(new EnteredRoom(_amy, "den", false, 100, 100) { Private = false });
        long said = Say(_amy, "den");
        _fold.Accepted(new PartedRoom(_amy, "den"));
        _fold.Apply(new EnteredRoom(_bob, "den", false, 100, 100) { Private = false });
        _fold.Enter(_amy, "den");
        MessageEntry old = Delete(_bob, said, "amy", "den");
        Assert.Equal(Refusal.NoSuchMessage, _fold.Refused(old));
        Assert.False(_fold.State.MaySeeEarlier(old, _fold.State.FindNick("bob")!));
        var restored = ChatState.Restore(_fold.State.Capture());
        Assert.Equal(new Refused(Refusal.NoSuchMessage), restored.RefusalOf(old, restored.FindNick("bob")!, _fold.Now));

        MessageEntry newer = Delete(_bob, Say(_amy, "den"), "amy", "den");
        Assert.Null(restored.RefusalOf(newer, restored.FindNick("bob")!, _fold.Now));
        Assert.True(_fold.State.MaySeeEarlier(newer, _fold.State.FindNick("bob")!));
        _fold.Accepted(newer);
        _fold.Accepted(Delete(_fold.JoinAdmin("root1"), said, "amy", "den"));
    }

    [Fact]
    public void A_moderator_who_came_later_has_rights_over_what_was_said_since_anybody_in_the_room_came()
    {
        _fold.Apply(new EnteredRoom(_amy, "den", false, 100, 100) { Private = false });
        long[] said = [Say(_amy, "den"), Say(_amy, "den")];
        _fold.Enter(_bob, "den");
        _fold.Accepted(new RoomRoleChanged(_amy, "den", "bob", RoomRole.Moderator, 10));
        _fold.Accepted(Delete(_bob, said[0], "amy", "den"));

        // Guests who are offline are packed.
        _fold.Accepted(new WentOffline(_amy, _fold.Now.AddDays(7), 10, 10));
        Assert.Equal(1, _fold.State.Packed);
        _fold.Accepted(Delete(_bob, said[1], "amy", "den"));
    }

    [Fact]
    public void A_private_message_changes_for_both_and_only_its_author_changes_it()
    {
        _fold.Accepted(new Whispered(_amy, "bob", "psst"));
        long said = _fold.Sequence;
        MessageEntry edit = Private(new MessageEdited(_amy, said, "new"));
        _fold.Accepted(edit);
        var message = new MessageRef(said, default, s_amy) { To = s_bob };
        Assert.Equal(
            [(_amy, new MessageChanged(message, "new", Own: true)), (_bob, new MessageChanged(message, "new", Own: false))],
            _fold.Postings.Cast<Posting.ToPerson>().Select(one => (one.Person, (MessageChanged)one.Content)));
        Assert.Equal(Refusal.NoSuchMessage, _fold.Refused(edit with { Session = _bob }));
        Assert.Equal(Refusal.NoSuchMessage, _fold.Refused(Private(new MessageDeleted(_bob, said))));
        Assert.Equal(Refusal.NoSuchMessage, _fold.Refused(Private(new MessageDeleted(_fold.JoinAdmin("root1"), said))));
        _fold.Accepted(new Left(_bob, CloseReason.Left));
        _fold.Accepted(Private(new MessageDeleted(_amy, said)));
        Assert.Equal(_amy, _fold.Posted<Posting.ToPerson>().Person);
    }

    // A client may ask for the user id of somebody who is gone.
    [Fact]
    public void A_user_id_that_another_person_had_gives_no_right_to_that_persons_messages()
    {
        _fold.Accepted(new Whispered(_bob, "amy", "psst"));
        long whispered = _fold.Sequence;
        long said = Say(_amy, "lobby");
        _fold.Accepted(new Left(_amy, CloseReason.Left));
        Assert.IsType<JoinAccepted>(_fold.Apply(Fold.Joining("amy", wanted: "id of amy", key: "other")));
        SessionKey other = SessionKey.Of("other");
        Assert.Equal("id of amy", _fold.State.FindNick("amy")!.Who.UserId);
        Assert.Equal(Refusal.NoSuchMessage, _fold.Refused(Edit(other, said, "amy", "lobby")));
        Assert.Equal(Refusal.NoSuchMessage, _fold.Refused(Delete(other, said, "amy", "lobby")));
        MessageEntry edit = new MessageEdited(_bob, whispered, "new")
        {
            Nick = "bob",
            Name = "bob",
            AuthorId = "id of bob",
            To = "amy",
            ToName = "amy",
            ToId = "id of amy",
        };
        _fold.Accepted(edit);
        Assert.Equal(_bob, _fold.Posted<Posting.ToPerson>().Person);
    }

    // The edit was on its way when the moderator deleted the message.
    [Fact]
    public void A_deleted_message_stays_deleted_also_after_a_restart()
    {
        long said = Say(_amy, "lobby");
        _fold.Accepted(Delete(_fold.JoinAdmin("root1"), said, "amy", "lobby"));
        Assert.Equal(Refusal.NoSuchMessage, _fold.Refused(Edit(_amy, said, "amy", "lobby")));
        _fold.Accepted(Delete(_amy, said, "amy", "lobby"));
        Assert.Empty(_fold.Postings);

        ChatStateImage image = _fold.State.Capture();
        Assert.Equal(6, SnapshotCodec.FormatOf(image));
        var restored = ChatState.Restore(image);
        Entry late = Edit(_amy, said, "amy", "lobby") with { Id = new CommandId("run", 1000) };
        Assert.Equal(new Refused(Refusal.NoSuchMessage), restored.Apply(_fold.Sequence + 1, late, []));
        Assert.Equal(4, SnapshotCodec.FormatOf(image with { Removed = null, Erased = [] }));
    }

    [Fact]
    public void Deletions_are_forgotten_after_a_thousand()
    {
        long first = Say(_amy, "lobby");
        _fold.Accepted(Delete(_amy, first, "amy", "lobby"));
        for (int i = 0; i < RemovedMessages.Limit; i++)
            _fold.Accepted(Delete(_amy, Say(_amy, "lobby"), "amy", "lobby"));
        Assert.Equal(RemovedMessages.Limit, _fold.State.Capture().Removed!.Count);
        _fold.Accepted(Edit(_amy, first, "amy", "lobby"));
    }

    private long Say(SessionKey who, string room)
    {
        _fold.Accepted(new Said(who, room, "words", Action: false));
        return _fold.Sequence;
    }

    private static MessageEntry Edit(SessionKey by, long message, string author, string room) =>
        Named(new MessageEdited(by, message, "new"), author) with { Room = room };

    private static MessageEntry Delete(SessionKey by, long message, string author, string room) =>
        Named(new MessageDeleted(by, message), author) with { Room = room };

    private static MessageEntry Private(MessageEntry entry) =>
        Named(entry, "amy") with { To = "bob", ToName = "bob", ToId = "id of bob" };

    private static MessageEntry Named(MessageEntry entry, string author) =>
        entry with { Nick = author, Name = author, AuthorId = $"id of {author}" };
}
