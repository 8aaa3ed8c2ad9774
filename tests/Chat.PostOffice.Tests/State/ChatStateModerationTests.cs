using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Snapshots;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>The fold: bans and mutes of persons, and of addresses only when asked (docs/adr/0019).</summary>
public class ChatStateModerationTests
{
    private const string Home = "192.0.2.1", Elsewhere = "192.0.2.99";

    private readonly Fold _fold = new();
    private readonly SessionKey _admin;
    private readonly SessionKey _bob;

    public ChatStateModerationTests()
    {
        _admin = _fold.JoinAdmin("boss");
        _bob = _fold.Join("bob", Home);
    }

    private DateTimeOffset Later => _fold.Now.AddHours(1);

    [Fact]
    public void A_banned_person_cannot_log_in_anywhere_and_others_at_the_address_can()
    {
        _fold.Accepted(new PersonBanned(_admin, "BOB", "bad boy", Later, Address: false));
        Assert.Equal(
            $"You have been banned from the chat room until {Later:R}. Reason: bad boy",
            Assert.IsType<Notice>(_fold.Posted<Posting.ToSession>().Content).Text);
        Assert.Equal(new Posting.Close(_bob, CloseReason.Banned, KeepMail: true), _fold.Posted<Posting.Close>());

        Refused refused = Assert.IsType<Refused>(_fold.Apply(Fold.Joining("Bob", Elsewhere, key: "again")));
        Assert.Equal((Refusal.HostBanned, TimeSpan.FromHours(1)), (refused.Why, refused.Wait!.Value));
        _fold.Join("carol", Home);
        _fold.Now = Later;
        _fold.Join("bob", Elsewhere);
    }

    [Fact]
    public void The_address_is_banned_too_if_asked()
    {
        _fold.Accepted(new PersonBanned(_admin, "bob", "r", Later, Address: true));
        Assert.Equal(Refusal.HostBanned, _fold.Refused(Fold.Joining("carol", Home)));
        Assert.Equal(Refusal.HostBanned, _fold.Refused(Fold.Joining("bob", Elsewhere, key: "again")));
    }

    [Theory]
    [InlineData("STRASSE", "Straße")]
    [InlineData("Straße", "strasse")]
    [InlineData("Zoë", "ZOË")]
    public void Bans_and_mutes_of_a_person_are_of_the_nick_in_all_spellings(string nick, string other)
    {
        SessionKey first = _fold.Join(nick, Elsewhere);
        _fold.Accepted(new PersonMuted(_admin, nick, Later, Address: false));
        _fold.Accepted(new Left(first, CloseReason.Left));
        _fold.Accepted(new Left(_fold.Join(other, Home), CloseReason.Left));
        _fold.Apply(Fold.Joining(other, Home, key: "muted"));
        Assert.Equal(Later, _fold.State.FindNick(other)!.MutedUntil);
        _fold.Accepted(new Left(SessionKey.Of("muted"), CloseReason.Left));
        _fold.Accepted(new PersonMuted(_admin, other, _fold.Now, Address: false));
        Assert.Empty(_fold.State.Mutes);

        _fold.Apply(Fold.Joining(nick, Elsewhere, key: "back"));
        Assert.Equal(default, _fold.State.FindNick(nick)!.MutedUntil);
        _fold.Accepted(new PersonBanned(_admin, nick, "r", Later, Address: false));
        Assert.Equal(Refusal.HostBanned, _fold.Refused(Fold.Joining(other, Home, key: "again")));
        _fold.Accepted(new Unbanned(_admin, other));
        Assert.Empty(_fold.State.AllBans);
        Assert.IsType<JoinAccepted>(_fold.Apply(Fold.Joining(other, Home, key: "again")));
    }

    // Entries of older versions ban the address alone, as they always did.
    [Fact]
    public void A_ban_of_an_older_version_is_of_the_address_alone()
    {
        _fold.Accepted(new Banned(_admin, "bob", "r", Later));
        Assert.Equal(Refusal.HostBanned, _fold.Refused(Fold.Joining("carol", Home)));
        _fold.Join("bob", Elsewhere);
        Assert.Equal(Refusal.NotBanned, _fold.Refused(new Unbanned(_admin, "bob")));
        Assert.Null(_fold.State.Capture().PersonBans);
    }

    // A client of the flack wire brings its user id along, and its nick is made unique instead of being refused.
    [Fact]
    public void A_banned_user_id_cannot_log_in_under_another_nick_and_a_banned_variant_of_a_nick_is_not_given_away()
    {
        _fold.Apply(Fold.Joining("ann", Home, home: null, wanted: "wire 7", adjust: true));
        _fold.Accepted(new PersonBanned(_admin, "ann", "r", Later, Address: false));
        Assert.Equal(Refusal.HostBanned, _fold.Refused(Fold.Joining("zoe", Elsewhere, home: null, wanted: "wire 7", adjust: true)));
        _fold.Join("cy");
        _fold.Join("cy2");
        _fold.Accepted(new PersonBanned(_admin, "cy2", "r", Later, Address: false));
        var other = Assert.IsType<JoinAccepted>(_fold.Apply(Fold.Joining("cy", Elsewhere, adjust: true, key: "other")));
        Assert.Equal("cy3", other.Who.Nick);
    }

    [Fact]
    public void The_session_of_a_banned_user_who_is_offline_does_not_come_back()
    {
        _fold.Accepted(new WentOffline(_bob, _fold.Now.AddDays(7), 10, 10));
        _fold.Accepted(new PersonBanned(_admin, "bob", "r", Later, Address: false));
        Assert.Equal(Refusal.BadSession, _fold.Refused(new CameOnline(_bob)));
        Assert.Equal(Refusal.HostBanned, _fold.Refused(Fold.Joining("bob", Home, key: "again")));
    }

    [Theory]
    [InlineData("BOB")]
    [InlineData(Home)]
    public void Lifting_the_ban_of_the_person_or_of_the_address_lifts_what_was_banned_together(string what)
    {
        _fold.Accepted(new PersonBanned(_admin, "bob", "r", Later, Address: true));
        _fold.Accepted(new Unbanned(_admin, what));
        Assert.Empty(_fold.State.AllBans);
        Assert.Equal(Refusal.NotBanned, _fold.Refused(new Unbanned(_admin, what)));
        _fold.Join("bob", Home);
    }

    [Fact]
    public void Lifting_one_ban_leaves_those_of_others()
    {
        SessionKey carol = _fold.Join("carol", Home);
        _fold.Accepted(new PersonBanned(_admin, "bob", "r", Later, Address: false));
        _fold.Accepted(new PersonBanned(_admin, "carol", "s", Later, Address: true));
        Assert.DoesNotContain(carol, _fold.State.Sessions.Keys);
        Assert.Equal(
            [(Home, "carol", "s"), (null, "bob", "r")], _fold.State.AllBans.Select(ban => (ban.Host, ban.Nick, ban.Reason)));
        _fold.Accepted(new Unbanned(_admin, Home));
        Assert.Equal(["bob"], _fold.State.AllBans.Select(ban => ban.Nick));
        Assert.Equal(Refusal.HostBanned, _fold.Refused(Fold.Joining("bob", Home, key: "again")));
    }

    // The list shows an address once, with the ban that counts, and each person once.
    [Fact]
    public void If_two_persons_are_banned_with_one_address_both_are_listed_and_lifted_with_it()
    {
        _fold.Join("carol", Home);
        _fold.Accepted(new PersonBanned(_admin, "bob", "r", Later, Address: true));
        _fold.Accepted(new PersonBanned(_admin, "carol", "s", Later, Address: true));
        Assert.Equal([(Home, "carol"), (null, "bob")], _fold.State.AllBans.Select(ban => (ban.Host, ban.Nick)));
        _fold.Accepted(new Unbanned(_admin, Home));
        Assert.Empty(_fold.State.AllBans);
    }

    [Fact]
    public void Bans_of_persons_are_limited_and_the_one_that_ends_first_makes_room()
    {
        for (int i = 0; i < Bans.PersonLimit + 5; i++)
        {
            _fold.Join($"u{i}");
            _fold.Accepted(new PersonBanned(_admin, $"u{i}", "r", _fold.Now.AddMinutes(i + 1), Address: false));
        }

        Assert.Equal(Bans.PersonLimit, _fold.State.Capture().PersonBans!.Count);
        Assert.Null(_fold.State.FindPersonBan("u4", null, _fold.Now));
        Assert.NotNull(_fold.State.FindPersonBan("u5", null, _fold.Now));

        // The next ban removes those that have expired.
        _fold.Now = _fold.Now.AddMinutes(Bans.PersonLimit + 3);
        _fold.Accepted(new PersonBanned(_admin, "bob", "r", Later, Address: false));
        Assert.Equal(3, _fold.State.Capture().PersonBans!.Count);
    }

    [Fact]
    public void A_mute_is_of_the_person_and_outlives_the_session()
    {
        _fold.Accepted(new PersonMuted(_admin, "bob", Later, Address: false));
        Assert.Equal(Refusal.Muted, _fold.Refused(Saying(_bob)));
        _fold.Accepted(new Left(_bob, CloseReason.Left));
        Assert.Equal(Refusal.Muted, _fold.Refused(Saying(_fold.Join("BOB", Elsewhere))));
        _fold.Accepted(Saying(_fold.Join("carol", Home)));
    }

    [Fact]
    public void A_mute_is_of_the_address_too_if_asked()
    {
        _fold.Accepted(new PersonMuted(_admin, "bob", Later, Address: true));
        Assert.Equal(Refusal.Muted, _fold.Refused(Saying(_fold.Join("carol", Home))));
        _fold.Accepted(Saying(_fold.Join("dora", Elsewhere)));
    }

    [Fact]
    public void A_muted_user_id_is_muted_under_another_nick()
    {
        _fold.Apply(Fold.Joining("ann", Home, wanted: "wire 7", adjust: true));
        _fold.Accepted(new PersonMuted(_admin, "ann", Later, Address: false));
        _fold.Accepted(new Left(SessionKey.Of("ann"), CloseReason.Left));
        _fold.Apply(Fold.Joining("zoe", Elsewhere, wanted: "wire 7", adjust: true));
        Assert.Equal(Refusal.Muted, _fold.Refused(Saying(SessionKey.Of("zoe"))));
    }

    // Before, lifting a mute unmuted everyone at the address.
    [Fact]
    public void Lifting_the_mute_of_one_leaves_the_mute_of_another_at_the_same_address()
    {
        SessionKey carol = _fold.Join("carol", Home), dora = _fold.Join("dora", Home);
        _fold.Accepted(new PersonMuted(_admin, "bob", Later, Address: false));
        _fold.Accepted(new PersonMuted(_admin, "carol", Later, Address: false));
        _fold.Accepted(new PersonMuted(_admin, "dora", Later, Address: true));
        _fold.Accepted(new PersonMuted(_admin, "bob", DateTimeOffset.UnixEpoch, Address: false));
        _fold.Accepted(Saying(_bob));
        Assert.All([carol, dora], who => Assert.Equal(Refusal.Muted, _fold.Refused(Saying(who))));

        // Bob can also speak after his next login, so the address is no longer muted.
        Assert.Equal(
            [("carol", null), ("dora", null)], _fold.State.Mutes.Select(mute => (mute.Nick, mute.Host)));
        _fold.Accepted(new Left(dora, CloseReason.Left));
        Assert.Equal(Refusal.Muted, _fold.Refused(Saying(_fold.Join("dora", Home))));
    }

    [Fact]
    public void A_user_who_is_away_can_be_unmuted_and_one_who_is_not_muted_cannot()
    {
        _fold.Accepted(new PersonMuted(_admin, "bob", Later, Address: true));
        SessionKey carol = _fold.Join("carol", Home);
        _fold.Accepted(new Left(_bob, CloseReason.Left));
        _fold.Accepted(new PersonMuted(_admin, "bob", DateTimeOffset.UnixEpoch, Address: false));
        _fold.Accepted(Saying(carol));
        Assert.Empty(_fold.State.Mutes);
        Assert.Equal(Refusal.NoSuchUser, _fold.Refused(new PersonMuted(_admin, "bob", DateTimeOffset.UnixEpoch, Address: false)));
        Assert.Equal(Refusal.NotAdmin, _fold.Refused(new PersonMuted(carol, "boss", Later, Address: false)));
        Assert.Equal(Refusal.NotAdmin, _fold.Refused(new PersonBanned(carol, "boss", "r", Later, Address: false)));
        Assert.Equal(Refusal.NotYourself, _fold.Refused(new PersonBanned(_admin, "boss", "r", Later, Address: false)));
        Assert.Equal(Refusal.NotYourself, _fold.Refused(new PersonMuted(_admin, "boss", Later, Address: false)));
    }

    // A program that does not know bans and mutes of persons must not begin with a snapshot that has some.
    [Fact]
    public void A_snapshot_keeps_bans_and_mutes_of_persons_and_has_a_format_of_its_own()
    {
        SessionKey carol = _fold.Join("carol", Home);
        Assert.Equal(1, SnapshotCodec.FormatOf(_fold.State.Capture()));
        _fold.Accepted(new PersonMuted(_admin, "carol", Later, Address: false));
        Assert.Equal(3, SnapshotCodec.FormatOf(_fold.State.Capture()));
        _fold.Accepted(new PersonMuted(_admin, "carol", DateTimeOffset.UnixEpoch, Address: false));
        _fold.Accepted(new PersonBanned(_admin, "bob", "bad boy", Later, Address: true));
        ChatStateImage image = _fold.State.Capture();
        Assert.Equal(3, SnapshotCodec.FormatOf(image));

        (byte[] bytes, byte[] checksum) = SnapshotCodec.Encode(image);
        ChatState restored = ChatState.Restore(SnapshotCodec.TryDecode(3, bytes, checksum, out _)!);
        Assert.Equal(Plain.Of(image), Plain.Of(restored.Capture()));
        Assert.Equal("bad boy", restored.FindPersonBan("BOB", null, _fold.Now)!.Reason);
        Assert.Equal(_fold.State.AllBans, restored.AllBans);
        Assert.NotNull(restored.FindPersonBan("other", "id of bob", _fold.Now));
        Assert.False(restored.Sessions[carol].Person.MutedUntil > _fold.Now);
    }

    private static Said Saying(SessionKey who) => new(who, RoomName.Lobby, "x", false);
}
