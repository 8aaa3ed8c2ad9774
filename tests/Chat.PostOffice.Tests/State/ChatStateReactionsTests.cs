using ErlChat.Log;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.Tests;

/// <summary>The fold: reactions to messages.</summary>
public class ChatStateReactionsTests
{
    private readonly Fold _fold = new();
    private readonly SessionKey _amy, _bob;

    public ChatStateReactionsTests() => (_amy, _bob) = (_fold.Join("amy"), _fold.Join("bob"));

    [Fact]
    public void Each_change_of_an_entry_is_decided_by_itself_and_the_room_is_told_once()
    {
        long said = Say("lobby");
        Outcome[] outcomes = Apply(To(said, "lobby", On(_amy, "👍"), On(SessionKey.Of("nobody"), "👍"), On(_bob, "🙂")));
        Assert.Equal([true, false, true], outcomes.Select(one => one is Accepted));
        Assert.Equal(new Refused(Refusal.BadSession), outcomes[1]);
        Posting.ToRooms told = _fold.Posted<Posting.ToRooms>();
        Assert.Equal(["lobby"], told.Rooms);
        ReactionsChanged changed = Assert.IsType<ReactionsChanged>(told.Content);
        Assert.Equal((said, "lobby", null), (changed.Message, changed.Room, changed.With));
        Assert.Equal([new("👍", "id of amy", "amy", true), new("🙂", "id of bob", "bob", true)], changed.Changes);
    }

    [Fact]
    public void Mail_has_each_person_and_emoji_once_as_it_is_in_the_end()
    {
        Apply(To(Say("lobby"), "lobby", On(_amy, "👍"), On(_amy, "🙂"), Off(_amy, "👍")));
        var changed = (ReactionsChanged)_fold.Posted<Posting.ToRooms>().Content;
        Assert.Equal([("🙂", true), ("👍", false)], changed.Changes.Select(one => (one.Emoji, one.On)));
    }

    [Fact]
    public void An_entry_without_effect_is_told_to_nobody()
    {
        long said = Say("lobby");
        Assert.Equal([new Refused(Refusal.NoSuchMessage)], Apply(To(said, "den", On(_amy, "👍"))));
        Assert.Equal([new Refused(Refusal.BadEmoji)], Apply(To(said, "lobby", On(_amy, ""))));
        Assert.Empty(_fold.Postings);
    }

    [Fact]
    public void A_key_makes_a_repeated_change_the_first_one()
    {
        long said = Say("lobby");
        ReactionChange change = On(_amy, "👍") with { Key = "k" };
        Outcome first = Assert.Single(Apply(To(said, "lobby", change)));
        Assert.Equal(new Repeated(first), Assert.Single(Apply(To(said, "lobby", change))));
        Assert.Empty(_fold.Postings);
    }

    [Fact]
    public void Who_is_not_in_the_room_or_reacts_to_a_deleted_message_is_refused()
    {
        _fold.Enter(_amy, "den");
        long said = Say("den");
        Assert.Equal([new Refused(Refusal.NoSuchMessage)], Apply(To(said, "den", On(_bob, "👍"))));
        _fold.Accepted(new MessageDeleted(_amy, said) { AuthorId = "id of amy", Room = "den" });
        Assert.Equal([new Refused(Refusal.NoSuchMessage)], Apply(To(said, "den", On(_amy, "👍"))));
    }

    [Fact]
    public void The_muted_and_those_in_locked_or_archived_rooms_only_take_reactions_back()
    {
        _fold.Apply(new EnteredRoom(_amy, "den", false, 100, 100) { Private = false });
        _fold.Enter(_bob, "den");
        long said = Say("den");
        SessionKey admin = _fold.JoinAdmin("root1");
        _fold.Accepted(new RoomChanged(_amy, "den") { Locked = true });
        Same(Refusal.RoomLocked);
        Assert.IsType<Accepted>(Assert.Single(Apply(To(said, "den", On(_amy, "👍")))));
        _fold.Accepted(new RoomChanged(_amy, "den") { Archived = true });
        Same(Refusal.RoomArchived);
        _fold.Accepted(new Muted(admin, "bob", _fold.Now.AddHours(1)));
        Same(Refusal.Muted);

        void Same(Refusal why)
        {
            Assert.Equal(why, Assert.IsType<Refused>(Assert.Single(Apply(To(said, "den", On(_bob, "👍"))))).Why);
            Assert.IsType<Accepted>(Assert.Single(Apply(To(said, "den", Off(_bob, "👍")))));
        }
    }

    [Fact]
    public void Only_the_two_react_to_a_private_message_and_each_hears_of_the_other()
    {
        SessionKey eve = _fold.Join("eve");
        _fold.Accepted(new Whispered(_amy, "bob", "psst"));
        long said = _fold.Sequence;
        var entry = new Reacted(said, [On(_bob, "👍"), On(eve, "👍")]) { AuthorId = "id of amy", ToId = "id of bob" };
        Outcome[] outcomes = Apply(entry);
        Assert.IsType<Accepted>(outcomes[0]);
        Assert.Equal(new Refused(Refusal.NoSuchMessage), outcomes[1]);
        Assert.Equal(
            [(_amy, "id of bob"), (_bob, "id of amy")],
            _fold.Postings.OfType<Posting.ToPerson>().Select(one => (one.Person, ((ReactionsChanged)one.Content).With)));
        Assert.Equal(2, _fold.Postings.Count);
    }

    // A user id that a client asked for may be another person's by now.
    [Fact]
    public void Whoever_has_a_user_id_later_is_no_reader_of_the_private_message()
    {
        _fold.Accepted(new Whispered(_amy, "bob", "psst"));
        long said = _fold.Sequence;
        _fold.Accepted(new Left(_bob, CloseReason.Left));
        SessionKey other = ((Joined)Fold.Joining("carl", wanted: "id of bob")).Session;
        Assert.IsType<JoinAccepted>(_fold.Apply(Fold.Joining("carl", wanted: "id of bob")));
        var entry = new Reacted(said, [On(other, "👍")]) { AuthorId = "id of amy", ToId = "id of bob" };
        Assert.Equal([new Refused(Refusal.NoSuchMessage)], Apply(entry));
    }

    private Outcome[] Apply(Reacted entry) => [.. Assert.IsType<EachOutcome>(_fold.Apply(entry)).All];

    private long Say(string room)
    {
        _fold.Accepted(new Said(_amy, room, "words", Action: false));
        return _fold.Sequence;
    }

    private static Reacted To(long message, string room, params ReactionChange[] changes) =>
        new(message, changes) { AuthorId = "id of amy", Room = room };

    private static ReactionChange On(SessionKey who, string emoji) => new(who, emoji, On: true);

    private static ReactionChange Off(SessionKey who, string emoji) => new(who, emoji, On: false);
}
