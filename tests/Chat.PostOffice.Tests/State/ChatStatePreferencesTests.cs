using ErlChat.Log;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Snapshots;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>The fold: whom people ignore, and what they are told of.</summary>
public class ChatStatePreferencesTests
{
    private readonly Fold _fold = new();
    private readonly SessionKey _amy;

    public ChatStatePreferencesTests() => _amy = Join("amy");

    private PersonState Amy => _fold.State.FindNick("amy")!;

    [Fact]
    public void A_person_is_ignored_and_the_devices_hear_of_it()
    {
        Join("bob");
        long began = _fold.Sequence;
        _fold.Accepted(new PersonIgnored(_amy, "BOB", 5));
        Assert.Equal(new Posting.ToSession(_amy, new PreferencesChanged()), _fold.Posted<Posting.ToSession>());
        Assert.Equal([new IgnoredPerson("id of bob", "bob", began)], Amy.Preferences!.Ignored);
        _fold.Accepted(new PersonIgnored(_amy, "", 5) { UserId = "id of bob" });
        Assert.Empty(_fold.Postings);
        Assert.Single(Amy.Preferences.Ignored);
    }

    [Fact]
    public void Clients_that_do_not_keep_their_token_get_no_item_that_they_do_not_know()
    {
        SessionKey old = _fold.Join("old");
        _fold.Accepted(new PersonIgnored(old, "amy", 5));
        Assert.Empty(_fold.Postings);
        Assert.True(_fold.State.FindNick("old")!.Preferences!.Ignores("id of amy"));
    }

    [Fact]
    public void Nobody_ignores_themselves_or_nobody()
    {
        Assert.Equal(Refusal.NotYourself, _fold.Refused(new PersonIgnored(_amy, "amy", 5)));
        Assert.Equal(Refusal.NoSuchUser, _fold.Refused(new PersonIgnored(_amy, "bob", 5)));
        Assert.Equal(Refusal.NoSuchUser, _fold.Refused(new PersonIgnored(_amy, "", 5) { UserId = "id of bob" }));
        Assert.Equal(Refusal.NoSuchUser, _fold.Refused(new PersonIgnored(_amy, "bob", 5) { Withdrawn = true }));
    }

    [Fact]
    public void A_full_list_first_forgets_those_who_are_gone_for_good()
    {
        SessionKey bob = Join("bob");
        Join("carl");
        Join("dora");
        _fold.Accepted(new PersonIgnored(_amy, "bob", 2));
        _fold.Accepted(new PersonIgnored(_amy, "carl", 2));
        Assert.Equal(Refusal.TooManyIgnored, _fold.Refused(new PersonIgnored(_amy, "dora", 2)));
        _fold.Accepted(new Left(bob, CloseReason.Left));
        _fold.Accepted(new PersonIgnored(_amy, "dora", 2));
        Assert.Equal(["carl", "dora"], Amy.Preferences!.Ignored.Select(one => one.Nick));
    }

    [Fact]
    public void Ignoring_ends_by_id_for_one_and_by_nick_for_all_who_had_it()
    {
        for (int i = 0; i < 3; i++)
        {
            Joined bob = Fold.Joining("bob", key: $"bob {i}");
            _fold.Apply(bob);
            _fold.Accepted(new PersonIgnored(_amy, "bob", 5));
            _fold.Accepted(new Left(bob.Session, CloseReason.Left));
        }

        _fold.Accepted(new PersonIgnored(_amy, "", 5) { UserId = "id of bob 1", Withdrawn = true });
        Assert.Equal(["id of bob 0", "id of bob 2"], Amy.Preferences!.Ignored.Select(one => one.UserId));
        _fold.Accepted(new PersonIgnored(_amy, "Bob", 5) { Withdrawn = true });
        Assert.True(Amy.Preferences.IsDefault);
    }

    [Fact]
    public void Wishes_for_a_room_end_with_the_membership()
    {
        Assert.Equal(Refusal.NotInRoom, _fold.Refused(new PreferencesSet(_amy) { Room = "den", Muted = true }));
        _fold.Enter(_amy, "Den");
        _fold.Accepted(new PreferencesSet(_amy) { Room = "den", Muted = true, Joins = ShownJoins.All });
        Assert.Equal([new RoomPreference("Den", true, ShownJoins.All)], Amy.Preferences!.Rooms);
        _fold.Accepted(new PreferencesSet(_amy) { Room = "DEN", Muted = true });
        Assert.Empty(_fold.Postings);
        _fold.Accepted(new PreferencesSet(_amy) { Room = "den", Muted = false });
        Assert.Equal([new RoomPreference("Den", false, ShownJoins.All)], Amy.Preferences.Rooms);
        _fold.Accepted(new PartedRoom(_amy, "den"));
        Assert.True(Amy.Preferences.IsDefault);
    }

    [Fact]
    public void All_devices_of_a_member_are_told_and_a_snapshot_has_the_wishes_of_guests_too()
    {
        Assert.Equal(1, SnapshotCodec.FormatOf(_fold.State.Capture()));
        _fold.Accepted(new PreferencesSet(_amy) { Quiet = true });
        Assert.Equal(3, SnapshotCodec.FormatOf(_fold.State.Capture()));
        Assert.True(ChatState.Restore(_fold.State.Capture()).FindNick("amy")!.Preferences!.IsQuiet);

        _fold.Accepted(new Registered(_amy, 10));
        SessionKey phone = SessionKey.Of("phone");
        _fold.Accepted(new SignedIn(phone, "id of amy", "192.0.2.2", 10, 10) { Keeps = true });
        _fold.Accepted(new PreferencesSet(phone) { Quiet = false, Room = "lobby", Joins = ShownJoins.None });
        Assert.Equal([_amy, phone], _fold.Postings.Cast<Posting.ToSession>().Select(posting => posting.Session));
        Assert.Equal(
            [new RoomPreference("lobby", false, ShownJoins.None)],
            ChatState.Restore(_fold.State.Capture()).FindNick("amy")!.Preferences!.Rooms);
    }

    [Fact]
    public void A_guests_wishes_end_with_the_guest()
    {
        _fold.Accepted(new PreferencesSet(_amy) { Quiet = true });
        _fold.Accepted(new Left(_amy, CloseReason.Left));
        _fold.Join("amy");
        Assert.Null(Amy.Preferences);
    }

    private SessionKey Join(string nick)
    {
        Joined entry = Fold.Joining(nick) with { Keeps = true };
        _fold.Apply(entry);
        return entry.Session;
    }
}
