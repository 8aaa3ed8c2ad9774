using ErlChat.Log;
using ErlChat.Sessions;
using ErlChat.Snapshots;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>The fold remembers for whoever was removed why (docs/adr/0019).</summary>
public class ChatStateRemovalTests
{
    private readonly Fold _fold = new();
    private readonly SessionKey _admin;

    public ChatStateRemovalTests() => _admin = _fold.JoinAdmin("boss");

    [Fact]
    public void Only_sessions_whose_clients_keep_the_token_are_remembered_for_as_long_as_they_would_have_lived()
    {
        SessionKey bob = Join("bob");
        SessionKey old = _fold.Join("old");
        SessionKey here = Join("here");
        DateTimeOffset end = _fold.Now.AddDays(7);
        _fold.Accepted(new WentOffline(bob, end, 10, 10));
        _fold.Accepted(new Kicked(_admin, "bob", "noise"));
        _fold.Accepted(new Kicked(_admin, "old", "noise"));
        _fold.Accepted(new PersonBanned(_admin, "here", "more noise", _fold.Now.AddHours(1), Address: false));

        Removal removal = Find(bob)!;
        Assert.Equal((CloseReason.Kicked, true, end), (removal.Closing, removal.WasAway, removal.Until));
        Assert.Equal("You have been kicked from the chat room. Reason: noise", removal.Words());
        Assert.Null(Find(old));
        Assert.Equal((CloseReason.Banned, false, _fold.Now.AddDays(30)), (Find(here)!.Closing, Find(here)!.WasAway, Find(here)!.Until));
        Assert.Equal(
            "You have been banned from the chat room until Fri, 20 Nov 2026 08:00:00 GMT. Reason: more noise", Find(here)!.Words());

        _fold.Now = end;
        Assert.Null(Find(bob));
        Assert.Equal(2, _fold.State.Capture().Removals!.Count);
        _fold.Accepted(new ForgotAddresses(_fold.Now.AddDays(-30)));
        Assert.Equal(here.ToString(), Assert.Single(_fold.State.Capture().Removals!).Session);
    }

    [Fact]
    public void The_next_login_after_its_time_removes_it_from_the_state()
    {
        SessionKey bob = Join("bob");
        _fold.Accepted(new WentOffline(bob, _fold.Now.AddDays(7), 10, 10));
        _fold.Accepted(new Kicked(_admin, "bob", "noise"));
        Join("amy");
        Assert.Single(_fold.State.Capture().Removals!);
        _fold.Now = _fold.Now.AddDays(7);
        Join("cy");
        Assert.Null(_fold.State.Capture().Removals);
    }

    [Fact]
    public void All_sessions_of_a_member_are_told_and_those_that_ended_before_are_not()
    {
        SessionKey laptop = Join("bob");
        _fold.Accepted(new Registered(laptop, 10));
        SessionKey phone = SignIn("phone");
        SessionKey left = SignIn("left");
        _fold.Accepted(new Left(left, CloseReason.Left));
        _fold.Accepted(new Kicked(_admin, "bob", "noise"));
        Assert.Equal(["noise", "noise", null], new[] { laptop, phone, left }.Select(key => Find(key)?.Reason));

        SessionKey SignIn(string device)
        {
            _fold.Apply(new SignedIn(SessionKey.Of(device), "id of bob", "192.0.2.1", 100, 10) { Keeps = true });
            return SessionKey.Of(device);
        }
    }

    [Fact]
    public void The_oldest_of_too_many_is_forgotten_and_a_long_reason_is_cut()
    {
        for (int i = 0; i <= Removals.Limit; i++)
        {
            Join($"n{i}");
            _fold.Accepted(new Kicked(_admin, $"n{i}", new string('x', 2000)));
        }

        Assert.Equal(Removals.Limit, _fold.State.Capture().Removals!.Count);
        Assert.Null(Find(SessionKey.Of("n0")));
        Assert.Equal(Act.MaxText, Find(SessionKey.Of("n1"))!.Reason.Length);
    }

    [Fact]
    public void An_erased_person_is_forgotten_and_so_are_the_reasons_that_it_gave()
    {
        SessionKey bob = Join("bob");
        _fold.Accepted(new Registered(bob, 10));
        SessionKey eve = Join("eve");
        SessionKey other = _fold.JoinAdmin("other");
        _fold.Accepted(new Kicked(_admin, "bob", "noise"));
        _fold.Accepted(new Kicked(other, "eve", "said by other"));
        _fold.Accepted(new Erased(_admin, bob, "id of bob", 0) { Nick = "bob" });
        _fold.Accepted(new Erased(other, other, "id of other", 0) { Nick = "other" });
        Assert.Null(Find(bob));
        Assert.Equal("", Find(eve)!.Reason);
    }

    // Nothing else depends on it, so an older program may read such a snapshot and lose it.
    [Fact]
    public void It_is_in_a_snapshot_whose_format_stays()
    {
        SessionKey bob = Join("bob");
        int format = SnapshotCodec.FormatOf(_fold.State.Capture());
        _fold.Accepted(new Kicked(_admin, "bob", "noise"));
        ChatStateImage image = _fold.State.Capture();
        Assert.Equal(format, SnapshotCodec.FormatOf(image));
        (byte[] bytes, byte[] checksum) = SnapshotCodec.Encode(image);
        ChatState again = ChatState.Restore(SnapshotCodec.TryDecode(format, bytes, checksum, out _)!);
        Assert.Equal(Find(bob), again.FindRemoval(bob, _fold.Now));
    }

    private SessionKey Join(string nick)
    {
        Joined entry = Fold.Joining(nick, hostLimit: 10_000) with { Keeps = true };
        _fold.Apply(entry);
        return entry.Session;
    }

    private Removal? Find(SessionKey session) => _fold.State.FindRemoval(session, _fold.Now);
}
