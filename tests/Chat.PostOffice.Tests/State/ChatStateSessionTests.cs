using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.Tests;

/// <summary>The fold: logins and the ends of sessions.</summary>
public class ChatStateSessionTests
{
    private readonly Fold _fold = new();

    [Fact]
    public void A_new_session_gets_a_mailbox_before_it_enters_its_home_and_the_others_are_told()
    {
        _fold.Join("alice");
        var joined = Assert.IsType<JoinAccepted>(_fold.Apply(Fold.Joining("bob")));
        Assert.Equal(new Person("bob", "bob", "id of bob"), joined.Who);
        var bob = SessionKey.Of("bob");
        Assert.Equal(
            [
                new Posting.Open(bob),
                new Posting.ToRooms(["lobby"], new UserEntered("lobby", joined.Who), null),
                new Posting.Enter(bob, "lobby", false),
            ],
            _fold.Postings,
            Plain.Same);
    }

    [Fact]
    public void A_new_session_without_a_home_is_in_no_room()
    {
        SessionKey bob = _fold.Join("bob", home: null);
        Assert.Equal([new Posting.Open(bob)], _fold.Postings);
        Assert.Empty(_fold.State.Sessions[bob].Person.Rooms);
    }

    [Fact]
    public void A_session_joins_once() =>
        Assert.Equal(Refusal.BadSession, Twice(_fold, Fold.Joining("bob"), Fold.Joining("bert", key: "bob")));

    [Theory]
    [InlineData("Bob")]
    [InlineData("BOB")]
    [InlineData("bob")]
    public void A_nick_is_taken_ignoring_case(string nick) =>
        Assert.Equal(Refusal.NickTaken, Twice(_fold, Fold.Joining("bob"), Fold.Joining(nick, key: "other")));

    [Theory]
    [InlineData("server")]
    [InlineData("System")]
    [InlineData("ADMIN")]
    public void Reserved_nicks_are_taken(string nick) => Assert.Equal(Refusal.NickTaken, _fold.Refused(Fold.Joining(nick)));

    [Fact]
    public void A_nick_is_free_again_when_its_session_has_ended()
    {
        SessionKey bob = _fold.Join("bob");
        _fold.Accepted(new Left(bob, CloseReason.Left));
        Assert.IsType<JoinAccepted>(_fold.Apply(Fold.Joining("BOB", key: "other")));
    }

    [Fact]
    public void A_host_has_as_many_sessions_as_its_entry_says_and_a_leave_frees_one()
    {
        SessionKey a = _fold.Join("a");
        _fold.Join("b");
        Assert.Equal(Refusal.HostFull, _fold.Refused(Fold.Joining("c", hostLimit: 2)));
        Assert.IsType<JoinAccepted>(_fold.Apply(Fold.Joining("d", host: "192.0.2.9", hostLimit: 2)));
        _fold.Accepted(new Left(a, CloseReason.Left));
        Assert.IsType<JoinAccepted>(_fold.Apply(Fold.Joining("c", hostLimit: 2)));
        Assert.Equal(2, _fold.State.SessionsOf("192.0.2.1"));
    }

    [Fact]
    public void Leaving_twice_frees_only_one_place()
    {
        SessionKey a = _fold.Join("a");
        _fold.Join("b");
        _fold.Accepted(new Left(a, CloseReason.Left));
        Assert.Equal(Refusal.BadSession, _fold.Refused(new Left(a, CloseReason.Left)));
        Assert.Equal(1, _fold.State.SessionsOf("192.0.2.1"));
    }

    [Fact]
    public void An_adjusted_nick_gets_digits_at_its_end_and_keeps_the_name()
    {
        _fold.Join("alice");
        Assert.Equal("alice2", Adjusted("alice", "1").Nick);
        Person third = Adjusted("ALICE", "2", name: "Alice Ä");
        Assert.Equal(("ALICE3", "Alice Ä"), (third.Nick, third.Name));
        Assert.Equal("admin2", Adjusted("admin", "3").Nick);
    }

    [Fact]
    public void An_adjusted_nick_stays_within_its_limit()
    {
        for (int i = 0; i < 12; i++)
            Assert.InRange(Adjusted("abcdefghijklmnop", $"{i}").Nick.Length, 1, 16);
    }

    // Regression: for a nick with 15 characters that ends in 1, the 2nd and the 12th variant are equal. The fold gave up although other
    // variants were free.
    [Fact]
    public void An_adjusted_nick_is_found_although_two_variants_are_the_same()
    {
        for (int i = 0; i < 40; i++)
            Adjusted("abcdefghijklmn1", $"{i}");
        Assert.Equal(40, _fold.State.Sessions.Count);
    }

    [Fact]
    public void An_adjusted_nick_is_refused_when_no_variant_is_short_enough()
    {
        for (int i = 0; i < 9; i++)
            Assert.IsType<JoinAccepted>(_fold.Apply(Fold.Joining("a", adjust: true, nickLimit: 1, key: $"{i}")));
        Assert.Equal(Refusal.NickTaken, _fold.Refused(Fold.Joining("a", adjust: true, nickLimit: 1, key: "last")));
    }

    [Fact]
    public void A_wanted_user_id_is_given_unless_a_live_session_has_it()
    {
        Assert.Equal("mine", Join(Fold.Joining("a", wanted: "mine")).UserId);
        Assert.Equal("id of b", Join(Fold.Joining("b", wanted: "mine")).UserId);
        _fold.Accepted(new Left(SessionKey.Of("a"), CloseReason.Left));
        Assert.Equal("mine", Join(Fold.Joining("c", wanted: "mine")).UserId);
    }

    // User ids are random, so this takes a broken or hostile node. The fold must still refuse it normally, and stay consistent.
    [Fact]
    public void A_user_id_that_is_taken_is_refused_without_side_effects()
    {
        Join(Fold.Joining("a", wanted: "id of b"));
        Assert.Equal(Refusal.Unavailable, _fold.Refused(Fold.Joining("b")));
        Assert.Null(_fold.State.FindNick("b"));
        Assert.Single(_fold.State.Sessions);
    }

    [Theory]
    [InlineData(CloseReason.Left, "normal")]
    [InlineData(CloseReason.Timeout, "timeout")]
    public void A_leave_is_announced_once_to_all_rooms_and_the_mailbox_is_closed(CloseReason reason, string text)
    {
        SessionKey bob = _fold.Join("bob");
        _fold.Enter(bob, "den");
        _fold.Accepted(new Left(bob, reason));
        Assert.Equal(
            [
                new Posting.ToRooms(
                    ["lobby", "den"],
                    new UserLeft(["lobby", "den"], new Person("bob", "bob", "id of bob"), text, Gone: true),
                    bob),
                new Posting.Part(bob, "lobby"),
                new Posting.Part(bob, "den"),
                new Posting.Ended("den"),
                new Posting.Close(bob, reason, KeepMail: false),
                new Posting.Forget(bob),
            ],
            _fold.Postings,
            Plain.Same);
        Assert.Empty(_fold.State.Sessions);
        Assert.Equal(["lobby"], _fold.State.Rooms.Keys);
    }

    [Fact]
    public void Every_entry_of_an_unknown_session_is_refused()
    {
        foreach (Entry entry in EveryEntry.Kinds().Where(entry => entry is not (Joined or SignedIn or OperatorAppointed)))
            Assert.Equal(Refusal.BadSession, _fold.Refused(entry));
    }

    private static Refusal Twice(Fold fold, Entry first, Entry second)
    {
        Assert.IsType<JoinAccepted>(fold.Apply(first));
        return fold.Refused(second);
    }

    private Person Join(Joined entry) => Assert.IsType<JoinAccepted>(_fold.Apply(entry)).Who;

    private Person Adjusted(string nick, string key, string? name = null) => Join(Fold.Joining(nick, adjust: true, key: key, name: name));
}
