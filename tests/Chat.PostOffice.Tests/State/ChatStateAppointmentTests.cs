using ErlChat.Log;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Snapshots;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>Members who are administrators for good (docs/adr/0023).</summary>
public class ChatStateAppointmentTests
{
    private static readonly SessionKey s_phone = SessionKey.Of("phone"), s_tablet = SessionKey.Of("tablet");

    private readonly Fold _fold = new();
    private readonly SessionKey _root, _bob, _eve;

    public ChatStateAppointmentTests()
    {
        _root = _fold.JoinAdmin("root1");
        _bob = _fold.Join("bob");
        _eve = _fold.Join("eve");
        _fold.Accepted(new Registered(_bob, Limit: 10));
    }

    [Fact]
    public void A_member_keeps_the_rights_through_logouts_and_on_every_device()
    {
        _fold.Accepted(new AdminAppointed(_root, "BOB"));
        Assert.Equal(new AdminChanged(_fold.State.Sessions[_bob].Person.Who, true), _fold.Posted<Posting.ToRooms>().Content);
        _fold.Accepted(new Left(_bob, CloseReason.Left));
        SignIn(s_phone);
        SignIn(s_tablet);
        Assert.True(_fold.State.Sessions[s_tablet].Person.IsAdmin);
        _fold.Accepted(new Announced(s_phone, "hello"));
        _fold.Accepted(new WentOffline(s_phone, _fold.Now.AddDays(1), 10, 10));
        _fold.Accepted(new WentOffline(s_tablet, _fold.Now.AddDays(1), 10, 10));
        _fold.Accepted(new CameOnline(s_tablet));
        _fold.Accepted(new Announced(s_tablet, "hello again"));
    }

    [Fact]
    public void Rights_by_the_password_still_end_with_the_presence()
    {
        _fold.Accepted(new AdminGranted(_bob));
        _fold.Accepted(new Left(_bob, CloseReason.Left));
        SignIn(s_phone);
        Assert.Equal(Refusal.NotAdmin, _fold.Refused(new Announced(s_phone, "hello")));
    }

    [Fact]
    public void Only_administrators_appoint_and_only_members_are_appointed()
    {
        Assert.Equal(Refusal.NotAdmin, _fold.Refused(new AdminAppointed(_eve, "bob")));
        Assert.Equal(Refusal.NotMember, _fold.Refused(new AdminAppointed(_root, "eve")));
        Assert.Equal(Refusal.NoSuchUser, _fold.Refused(new AdminAppointed(_root, "nobody")));
        Assert.Equal(Refusal.NotMember, _fold.Refused(new AdminAppointed(_root, "root1")));
        Assert.Equal(Refusal.NotYourself, _fold.Refused(new AdminAppointed(_root, "root1") { Withdrawn = true }));
        Assert.Equal(Refusal.NotMember, _fold.Refused(new OperatorAppointed("id of eve")));
        Assert.Equal(Refusal.NotMember, _fold.Refused(new OperatorAppointed("nobody")));
    }

    /// <summary>The first administrator comes in with the password, keeps the nick, and then needs the password no more.</summary>
    [Fact]
    public void An_administrator_by_the_password_may_keep_the_rights()
    {
        _fold.Accepted(new Registered(_root, Limit: 10));
        _fold.Accepted(new AdminAppointed(_root, "root1"));
        Assert.Empty(_fold.Postings);
        _fold.Accepted(new Left(_root, CloseReason.Left));
        Assert.True(_fold.State.FindNick("root1")!.IsAdmin);
    }

    [Fact]
    public void The_rights_can_be_taken_back_and_given_up()
    {
        _fold.Accepted(new OperatorAppointed("id of bob"));
        _fold.Accepted(new OperatorAppointed("id of bob"));
        Assert.Empty(_fold.Postings);
        _fold.Accepted(new Left(_bob, CloseReason.Left));
        _fold.Accepted(new AdminAppointed(_root, "bob") { Withdrawn = true });
        Assert.Empty(_fold.Postings);
        SignIn(s_phone);
        Assert.False(_fold.State.Sessions[s_phone].Person.IsAdmin);

        _fold.Accepted(new AdminAppointed(_root, "bob"));
        _fold.Accepted(new AdminRevoked(s_phone));
        _fold.Accepted(new Left(s_phone, CloseReason.Left));
        SignIn(s_tablet);
        Assert.Equal(Refusal.NotAdmin, _fold.Refused(new Announced(s_tablet, "hello")));
        Assert.Equal(
            [ActKind.Granted, ActKind.Granted, ActKind.Dismissed, ActKind.Appointed, ActKind.Revoked],
            _fold.State.Acts.Select(act => act.Kind));
        Act dismissed = _fold.State.Acts.Single(act => act.Kind == ActKind.Dismissed);
        Assert.Equal(("root1", "bob", "id of bob"), (dismissed.By, dismissed.Of, dismissed.OfId));
    }

    [Fact]
    public void A_snapshot_has_the_rights_and_a_format_that_older_programs_do_not_read()
    {
        Assert.Equal(3, SnapshotCodec.FormatOf(_fold.State.Capture()));
        _fold.Accepted(new OperatorAppointed("id of bob"));
        _fold.Accepted(new Left(_bob, CloseReason.Left));
        ChatStateImage image = _fold.State.Capture();
        Assert.Equal(4, SnapshotCodec.FormatOf(image));
        (byte[] bytes, byte[] checksum) = SnapshotCodec.Encode(image);
        ChatStateImage read = SnapshotCodec.TryDecode(4, bytes, checksum, out _)!;
        Assert.True(ChatState.Restore(read).FindNick("bob") is { IsAppointed: true, IsAdmin: true });
        _fold.Accepted(new AdminAppointed(_root, "bob") { Withdrawn = true });
        Assert.Equal(4, SnapshotCodec.FormatOf(_fold.State.Capture()));
    }

    private void SignIn(SessionKey device) => _fold.Accepted(new SignedIn(device, "id of bob", "192.0.2.7", 100, 10));
}
