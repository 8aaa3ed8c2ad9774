using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.Tests;

/// <summary>The fold: the administrators' commands.</summary>
public class ChatStateAdminTests
{
    private readonly Fold _fold = new();
    private readonly SessionKey _admin;
    private readonly SessionKey _bob;
    private readonly Person _other = new("bob", "bob", "id of bob");

    public ChatStateAdminTests()
    {
        _admin = _fold.JoinAdmin("boss");
        _bob = _fold.Join("bob");
    }

    [Fact]
    public void Only_a_real_change_of_rights_is_announced_to_the_lobby_and_to_the_user()
    {
        _fold.Accepted(new AdminGranted(_bob));
        var told = new AdminChanged(_other, LoggedIn: true);
        Assert.Equal([new Posting.ToRooms(["lobby"], told, null), new Posting.ToSession(_bob, told)], _fold.Postings, Plain.Same);
        _fold.Accepted(new AdminGranted(_bob));
        Assert.Empty(_fold.Postings);
        _fold.Accepted(new AdminRevoked(_bob));
        Assert.False(Assert.IsType<AdminChanged>(_fold.Posted<Posting.ToRooms>().Content).LoggedIn);
        _fold.Accepted(new AdminRevoked(_bob));
        Assert.Empty(_fold.Postings);
    }

    [Fact]
    public void An_administrators_announcement_reaches_everyone_and_no_other_user_may_make_one()
    {
        Assert.Equal(Refusal.NotAdmin, _fold.Refused(new Announced(_bob, "hello")));
        Assert.Empty(_fold.Postings);
        _fold.Accepted(new Announced(_admin, "hello"));
        Assert.Equal([new Posting.ToAll(new Notice("Announcement: hello", null))], _fold.Postings, Plain.Same);
    }

    [Fact]
    public void Only_an_administrator_may_kick_ban_or_mute_and_only_another_existing_user()
    {
        Entry[] By(SessionKey who, string nick) =>
            [new Kicked(who, nick, "r"), new Banned(who, nick, "r", _fold.Now.AddHours(1)), new Muted(who, nick, _fold.Now.AddHours(1))];
        Assert.All(By(_bob, "boss"), entry => Assert.Equal(Refusal.NotAdmin, _fold.Refused(entry)));
        Assert.All(By(_admin, "BOSS"), entry => Assert.Equal(Refusal.NotYourself, _fold.Refused(entry)));
        Assert.All(By(_admin, "nobody"), entry => Assert.Equal(Refusal.NoSuchUser, _fold.Refused(entry)));
        Assert.Equal(Refusal.NotAdmin, _fold.Refused(new Unbanned(_bob, "192.0.2.1")));
    }

    // Invariant 9: the notice comes first, and stays readable after the close.
    [Fact]
    public void A_kick_gives_notice_tells_the_rooms_and_closes_with_the_mail_kept()
    {
        _fold.Accepted(new Kicked(_admin, "BOB", "out you go"));
        Assert.Equal(
            [
                new Posting.ToSession(_bob, new Notice("You have been kicked from the chat room. Reason: out you go", null)),
                new Posting.ToRooms(["lobby"], new UserLeft(["lobby"], _other, "kicked: out you go", Gone: true), _bob),
                new Posting.Part(_bob, "lobby"),
                new Posting.Close(_bob, CloseReason.Kicked, KeepMail: true),
                new Posting.Forget(_bob),
            ],
            _fold.Postings,
            Plain.Same);
        Assert.IsType<JoinAccepted>(_fold.Apply(Fold.Joining("bob", key: "again")));
    }

    [Theory]
    [InlineData("0123456789012345678901234567890", "kicked: 012345678901234567890123")]
    [InlineData("ééééééééééééé", "kicked: éééééééééééé")]
    [InlineData("x🙂🙂🙂🙂🙂🙂", "kicked: x🙂🙂🙂🙂🙂")]
    [InlineData("xe\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301", "kicked: xe\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301")]
    public void A_reason_is_cut_to_32_bytes_with_its_prefix_and_no_character_is_split(string reason, string shown)
    {
        _fold.Accepted(new Kicked(_admin, "bob", reason));
        Assert.Equal(shown, Assert.IsType<UserLeft>(_fold.Posted<Posting.ToRooms>().Content).Reason);
        Assert.EndsWith(reason, Assert.IsType<Notice>(_fold.Posted<Posting.ToSession>().Content).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ban_removes_the_user_and_blocks_the_host_until_it_ends()
    {
        DateTimeOffset until = _fold.Now.AddSeconds(10);
        _fold.Accepted(new Banned(_admin, "bob", "bad boy", until));
        Assert.Equal(
            $"You have been banned from the chat room until {until:R}. Reason: bad boy",
            Assert.IsType<Notice>(_fold.Posted<Posting.ToSession>().Content).Text);
        Assert.Equal(new Posting.Close(_bob, CloseReason.Banned, KeepMail: true), _fold.Posted<Posting.Close>());

        _fold.Now = until.AddSeconds(-7);
        var refused = Assert.IsType<Refused>(_fold.Apply(Fold.Joining("bobby", hostLimit: 0)));
        Assert.Equal((Refusal.HostBanned, TimeSpan.FromSeconds(7)), (refused.Why, refused.Wait!.Value));
        _fold.Now = until;
        Assert.IsType<JoinAccepted>(_fold.Apply(Fold.Joining("bobby")));
    }

    [Fact]
    public void Other_sessions_of_a_banned_host_stay()
    {
        SessionKey carol = _fold.Join("carol");
        _fold.Accepted(new Banned(_admin, "bob", "r", _fold.Now.AddHours(1)));
        _fold.Accepted(new Said(carol, "lobby", "still here", false));
    }

    // The original held one ban at a time, and never forgot it.
    [Fact]
    public void Several_bans_apply_at_once_and_expired_ones_are_removed_with_the_next()
    {
        foreach (string host in (string[])["192.0.2.11", "192.0.2.12", "192.0.2.13"])
        {
            _fold.Join("u" + host[^2..], host);
            _fold.Accepted(new Banned(_admin, "u" + host[^2..], "r", _fold.Now.AddSeconds(10 + (host[^1] - '0'))));
        }

        Assert.Equal(["192.0.2.11", "192.0.2.12", "192.0.2.13"], _fold.State.Bans.Keys);
        _fold.Now = _fold.Now.AddSeconds(12);
        Assert.Null(_fold.State.FindBan("192.0.2.12", _fold.Now));
        Assert.NotNull(_fold.State.FindBan("192.0.2.13", _fold.Now));
        _fold.Accepted(new Banned(_admin, "bob", "r", _fold.Now.AddHours(1)));
        Assert.Equal(["192.0.2.1", "192.0.2.13"], _fold.State.Bans.Keys);
    }

    [Fact]
    public void A_ban_is_lifted_once()
    {
        _fold.Accepted(new Banned(_admin, "bob", "r", _fold.Now.AddHours(1)));
        _fold.Accepted(new Unbanned(_admin, "192.0.2.1"));
        Assert.Empty(_fold.State.Bans);
        Assert.Equal(Refusal.NotBanned, _fold.Refused(new Unbanned(_admin, "192.0.2.1")));
    }

    [Fact]
    public void An_expired_ban_cannot_be_lifted()
    {
        _fold.Accepted(new Banned(_admin, "bob", "r", _fold.Now.AddHours(1)));
        _fold.Now = _fold.Now.AddHours(1);
        Assert.Equal(Refusal.NotBanned, _fold.Refused(new Unbanned(_admin, "192.0.2.1")));
    }

    [Fact]
    public void The_muted_cannot_speak_whisper_or_set_a_topic_until_their_time_is_over()
    {
        _fold.Accepted(new Muted(_admin, "bob", _fold.Now.AddSeconds(10)));
        Entry[] words = [new Said(_bob, "lobby", "x", false), new Whispered(_bob, "boss", "x"), new TopicSet(_bob, "lobby", "x")];
        Assert.All(words, entry => Assert.Equal(TimeSpan.FromSeconds(10), Assert.IsType<Refused>(_fold.Apply(entry)).Wait));
        _fold.Now = _fold.Now.AddSeconds(10);
        Assert.All(words, _fold.Accepted);
    }

    [Fact]
    public void A_mute_until_now_unmutes()
    {
        _fold.Accepted(new Muted(_admin, "bob", _fold.Now.AddHours(1)));
        _fold.Accepted(new Muted(_admin, "bob", _fold.Now));
        _fold.Accepted(new Said(_bob, "lobby", "x", false));
    }

    // In logs of an older version, a mute ended with its session, and later sessions could speak. A replay must give the same result.
    [Theory]
    [InlineData(null)]
    [InlineData(true)]
    public void A_mute_outlives_its_session_if_its_entry_says_so(bool? outlives)
    {
        _fold.Accepted(new Muted(_admin, "bob", _fold.Now.AddHours(1)) { Outlives = outlives });
        Assert.Equal(Refusal.Muted, _fold.Refused(new Said(_bob, "lobby", "x", false)));
        _fold.Accepted(new Left(_bob, CloseReason.Left));
        SessionKey again = _fold.Join("bob", "192.0.2.99");
        Outcome said = _fold.Apply(new Said(again, "lobby", "x", false));
        if (outlives == true)
            Assert.Equal(Refusal.Muted, Assert.IsType<Refused>(said).Why);
        else
            Assert.IsType<Accepted>(said);
    }

    // Regression: if a user came back from another address and was unmuted, the users of the first address stayed muted.
    [Fact]
    public void Lifting_a_mute_frees_the_address_that_it_was_made_for_too()
    {
        _fold.Join("carl", "192.0.2.7");
        SessionKey dora = _fold.Join("dora", "192.0.2.7");
        _fold.Accepted(new Muted(_admin, "carl", _fold.Now.AddHours(1)) { Outlives = true });
        _fold.Accepted(new Left(SessionKey.Of("carl"), CloseReason.Left));
        _fold.Accepted(new Left(dora, CloseReason.Left));
        dora = _fold.Join("dora", "192.0.2.7");
        Assert.Equal(Refusal.Muted, _fold.Refused(new Said(dora, "lobby", "x", false)));
        _fold.Join("carl", "192.0.2.8");
        _fold.Accepted(new Muted(_admin, "carl", _fold.Now) { Outlives = true });
        _fold.Accepted(new Said(dora, "lobby", "x", false));
        SessionKey late = _fold.Join("late", "192.0.2.7");
        _fold.Accepted(new Said(late, "lobby", "x", false));
    }
}
