using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Snapshots;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>Persons who are erased, and addresses that are forgotten, in the fold.</summary>
public class ChatStateErasureTests
{
    private const string Address = "198.51.100.7";

    private readonly Fold _fold = new();
    private readonly SessionKey _amy, _zoe;

    public ChatStateErasureTests()
    {
        _amy = _fold.JoinAdmin("amy");
        _zoe = _fold.Join("zoe", Address);
    }

    [Fact]
    public void Nothing_of_an_erased_member_is_in_a_snapshot()
    {
        _fold.Accepted(new Registered(_zoe, Limit: 10));
        _fold.Accepted(new SignedIn(SessionKey.Of("phone"), "id of zoe", Address, 100, 10));
        _fold.Enter(_zoe, "den");
        _fold.Accepted(new TopicSet(_zoe, "den", "zoe's topic"));
        _fold.Enter(_amy, "den");
        _fold.Accepted(new AdminGranted(_zoe));
        _fold.Accepted(new Announced(_zoe, "said by zoe"));
        _fold.Accepted(new PersonMuted(_amy, "zoe", _fold.Now.AddDays(1), Address: false));
        _fold.Accepted(new Kicked(_amy, "zoe", "what zoe did"));
        _fold.Accepted(new SignedIn(SessionKey.Of("phone 2"), "id of zoe", Address, 100, 10));

        _fold.Accepted(Erase(_amy, "id of zoe"));
        string image = Plain.Of(_fold.State.Capture());
        Assert.DoesNotContain("\"zoe", image, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("topic", image[..image.IndexOf("\"Bans\"", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.DoesNotContain("by zoe", image, StringComparison.Ordinal);
        Assert.DoesNotContain("zoe did", image, StringComparison.Ordinal);
        Assert.DoesNotContain(Address, image, StringComparison.Ordinal);
        Assert.Equal(image, Plain.Of(ChatState.Restore(_fold.State.Capture()).Capture()));
    }

    // The others hear it once, although the member has several devices.
    [Fact]
    public void A_member_who_is_erased_leaves_on_all_devices()
    {
        _fold.Accepted(new Registered(_zoe, Limit: 10));
        SessionKey phone = SessionKey.Of("phone");
        _fold.Accepted(new SignedIn(phone, "id of zoe", Address, 100, 10));
        _fold.Accepted(Erase(_zoe, "id of zoe"));
        UserLeft left = Assert.IsType<UserLeft>(_fold.Posted<Posting.ToRooms>().Content);
        Assert.Equal(("zoe", "normal", true, false), (left.Who.Nick, left.Reason, left.Gone, left.IsOffline));
        Assert.Equal([_zoe, phone], _fold.Postings.OfType<Posting.Close>().Select(close => close.Session).Order(ByText));
        Assert.Equal(_zoe, _fold.Posted<Posting.Forget>().Person);
        Assert.Equal("id of zoe", _fold.Posted<Posting.Erase>().UserId);
        Assert.Equal([_amy], _fold.State.Sessions.Keys);
        Assert.Equal(0, _fold.State.MemberCount);
        Assert.Equal(Refusal.NotMember, _fold.Refused(new SignedIn(SessionKey.Of("tablet"), "id of zoe", Address, 100, 10)));
    }

    [Fact]
    public void A_member_without_any_session_can_be_erased()
    {
        _fold.Accepted(new Registered(_zoe, Limit: 10));
        _fold.Accepted(new Left(_zoe, CloseReason.Left));
        _fold.Accepted(Erase(_amy, "id of zoe"));
        Assert.Empty(_fold.Postings.OfType<Posting.ToRooms>());
        Assert.Null(_fold.State.FindNick("zoe"));
        Assert.Equal(["amy"], _fold.State.Rooms[RoomName.Lobby].InOrder.Select(member => member.Person.Who.Nick));
    }

    [Fact]
    public void The_nick_is_free_and_the_user_id_is_not()
    {
        _fold.Accepted(Erase(_zoe, "id of zoe"));
        Joined again = Fold.Joining("zoe", wanted: "id of zoe", key: "stranger");
        Assert.Equal("id of stranger", Assert.IsType<JoinAccepted>(_fold.Apply(again)).Who.UserId);

        ChatState restored = ChatState.Restore(_fold.State.Capture());
        Joined third = Fold.Joining("zac", wanted: "id of zoe", key: "third") with { Id = new CommandId("run", 99) };
        Assert.Equal("id of third", Assert.IsType<JoinAccepted>(restored.Apply(_fold.Sequence + 1, third, [])).Who.UserId);
    }

    [Fact]
    public void An_act_names_an_erased_person_only_by_the_user_id()
    {
        _fold.Accepted(Erase(_amy, "id of zoe"));
        Act act = _fold.State.Acts.Last();
        Assert.Equal(
            (ActKind.Erased, "amy", "id of amy", null, "id of zoe", null), (act.Kind, act.By, act.ById, act.Of, act.OfId, act.Text));
        Assert.Equal(CloseReason.Kicked, _fold.Posted<Posting.Close>().Reason);
    }

    [Fact]
    public void What_people_do_to_themselves_is_no_act()
    {
        int before = _fold.State.Acts.Count;
        _fold.Accepted(Erase(_zoe, "id of zoe"));
        Assert.Equal(before, _fold.State.Acts.Count);
    }

    [Fact]
    public void Only_oneself_and_administrators_erase()
    {
        SessionKey bob = _fold.Join("bob");
        Assert.Equal(Refusal.NotAdmin, _fold.Refused(Erase(bob, "id of zoe")));
        Assert.Equal(Refusal.NoSuchUser, _fold.Refused(new Erased(_amy, SessionKey.Of("other"), "id of zoe", 0)));
        Assert.Equal(Refusal.NoSuchUser, _fold.Refused(new Erased(_amy, _zoe, "other", 0)));
        Assert.NotNull(_fold.State.FindNick("zoe"));
    }

    // A ban of an address is against the address; who it was made for is forgotten.
    [Fact]
    public void A_ban_of_an_address_outlives_the_erased_person()
    {
        _fold.Accepted(new Registered(_zoe, Limit: 10));
        _fold.Accepted(new PersonBanned(_amy, "zoe", "what zoe did", _fold.Now.AddDays(1), Address: true));
        _fold.Accepted(Erase(_amy, "id of zoe"));
        Ban ban = Assert.Single(_fold.State.AllBans);
        Assert.Equal(new Ban(Address, "", "", _fold.Now.AddDays(1)), ban);
        Assert.Equal(Refusal.HostBanned, _fold.Refused(Fold.Joining("new", Address)));
        Assert.IsType<JoinAccepted>(_fold.Apply(Fold.Joining("zoe", key: "elsewhere")));
    }

    // As for bans. Whoever erases oneself must not be able to speak again from there.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_mute_of_an_address_outlives_the_erased_person(bool isOfPerson)
    {
        DateTimeOffset until = _fold.Now.AddDays(1);
        _fold.Accepted(isOfPerson
            ? new PersonMuted(_amy, "zoe", until, Address: true)
            : new Muted(_amy, "zoe", until) { Outlives = true });
        _fold.Accepted(Erase(_zoe, "id of zoe"));
        Assert.Equal(new Mute(Address, Address, until), Assert.Single(_fold.State.Mutes));
        Assert.IsType<JoinAccepted>(_fold.Apply(Fold.Joining("zoe", key: "elsewhere")));
        Assert.Equal(default, _fold.State.FindNick("zoe")!.MutedUntil);
        _fold.Join("new", Address);
        Assert.Equal(until, _fold.State.FindNick("new")!.MutedUntil);
        Assert.Equal(Plain.Of(_fold.State.Capture()), Plain.Of(ChatState.Restore(_fold.State.Capture()).Capture()));

        _fold.Accepted(new PersonMuted(_amy, Address, _fold.Now, Address: false));
        Assert.Empty(_fold.State.Mutes);
        Assert.Equal(default, _fold.State.FindNick("new")!.MutedUntil);
        Act act = _fold.State.Acts.Last();
        Assert.Equal((ActKind.Unmuted, null, null, true), (act.Kind, act.Of, act.OfId, act.HitsAddress));
    }

    [Fact]
    public void The_end_of_an_address_ban_does_not_name_an_erased_person()
    {
        _fold.Accepted(new Registered(_zoe, Limit: 10));
        _fold.Accepted(new PersonBanned(_amy, "zoe", "what zoe did", _fold.Now.AddDays(1), Address: true));
        _fold.Accepted(Erase(_amy, "id of zoe"));
        _fold.Accepted(new Unbanned(_amy, Address));
        Assert.Null(_fold.State.Acts.Last().Of);
    }

    // The database is rewritten minutes later, when the person may have left.
    [Fact]
    public void A_refused_erasure_stays_refused_when_the_person_has_left()
    {
        SessionKey bob = _fold.Join("bob");
        Erased refused = Erase(bob, "id of zoe"), accepted = Erase(_amy, "id of bob");
        Assert.Equal(Refusal.NotAdmin, _fold.Refused(refused));
        long first = _fold.Sequence;
        _fold.Accepted(new Left(_zoe, CloseReason.Left));
        _fold.Accepted(accepted);
        foreach (ChatState state in new[] { _fold.State, ChatState.Restore(_fold.State.Capture()) })
        {
            Assert.False(state.WasErased(first, refused));
            Assert.True(state.WasErased(_fold.Sequence, accepted));
        }

        Assert.Equal(4, SnapshotCodec.FormatOf(_fold.State.Capture()));
    }

    // Beyond those that are remembered, whether the person is gone must do.
    [Fact]
    public void The_newest_erasures_are_remembered()
    {
        long first = 0;
        for (int i = 0; i <= AcceptedErasures.Limit; i++)
        {
            SessionKey guest = _fold.Join($"guest{i}");
            _fold.Accepted(Erase(guest, $"id of guest{i}"));
            if (i == 0)
                first = _fold.Sequence;
        }

        ChatState restored = ChatState.Restore(_fold.State.Capture());
        Assert.Equal((first, AcceptedErasures.Limit), (_fold.State.Capture().ErasuresFloor, _fold.State.Capture().Erasures!.Count));
        Assert.Equal(Plain.Of(_fold.State.Capture()), Plain.Of(restored.Capture()));
        Assert.False(restored.WasErased(first, Erase(_amy, "id of zoe")));
        Assert.True(restored.WasErased(first, new Erased(_amy, SessionKey.Of("guest0"), "id of guest0", 0)));
    }

    [Fact]
    public void Addresses_are_forgotten_after_a_time()
    {
        DateTimeOffset before = _fold.Now.AddDays(1);
        _fold.Now = before;
        SessionKey bob = _fold.Join("bob", Address);
        Assert.True(_fold.State.HasAddressesBefore(before));
        _fold.Accepted(new ForgotAddresses(before));
        Assert.Empty(_fold.Postings);
        Assert.False(_fold.State.HasAddressesBefore(before));
        Assert.True(HostAddress.IsForgotten(_fold.State.Sessions[_zoe].Host));
        Assert.NotEqual(_fold.State.Sessions[_amy].Host, _fold.State.Sessions[_zoe].Host);
        Assert.Equal(Address, _fold.State.Sessions[bob].Host);
        Assert.Equal(1, _fold.State.SessionsOf(Address));

        // Without the address, only the person can be banned.
        _fold.Accepted(new PersonBanned(_amy, "zoe", "reason", _fold.Now.AddDays(1), Address: true));
        Assert.Null(Assert.Single(_fold.State.AllBans).Host);
    }

    [Fact]
    public void An_offline_session_no_longer_counts_for_a_forgotten_address()
    {
        _fold.Accepted(new WentOffline(_zoe, _fold.Now.AddDays(9), 10, 10));
        _fold.Now = _fold.Now.AddDays(1);
        _fold.Accepted(new ForgotAddresses(_fold.Now));
        SessionKey bob = _fold.Join("bob", Address);
        _fold.Accepted(new WentOffline(bob, _fold.Now.AddDays(9), 10, HostLimit: 1));
        Assert.Contains(_zoe, _fold.State.Sessions.Keys);
        _fold.Accepted(new CameOnline(_zoe));
        Assert.Equal(1, _fold.State.SessionsOf(_fold.State.Sessions[_zoe].Host));
    }

    [Fact]
    public void A_ban_keeps_its_address_until_it_ends()
    {
        _fold.Accepted(new PersonBanned(_amy, "zoe", "reason", _fold.Now.AddDays(60), Address: true));
        _fold.Now = _fold.Now.AddDays(50);
        _fold.Accepted(new ForgotAddresses(_fold.Now));
        Assert.Equal(Refusal.HostBanned, _fold.Refused(Fold.Joining("new", Address)));

        _fold.Now = _fold.Now.AddDays(50);
        Assert.True(_fold.State.HasAddressesBefore(_fold.Now.AddDays(-30)));
        _fold.Accepted(new ForgotAddresses(_fold.Now.AddDays(-30)));
        Assert.DoesNotContain(Address, Plain.Of(_fold.State.Capture()), StringComparison.Ordinal);
    }

    private static IComparer<SessionKey> ByText { get; } = Comparer<SessionKey>.Create((one, other) =>
        string.CompareOrdinal(one == SessionKey.Of("zoe") ? "" : one.ToString(), other == SessionKey.Of("zoe") ? "" : other.ToString()));

    private Erased Erase(SessionKey by, string userId) => _fold.State.ErasureOf(by, userId)!;
}
