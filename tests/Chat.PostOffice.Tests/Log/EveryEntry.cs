using ErlChat.Log;
using ErlChat.Sessions;

namespace ErlChat.Tests;

/// <summary>At least one entry of every kind, with edge cases for their fields.</summary>
internal static class EveryEntry
{
    internal static IEnumerable<Entry> Kinds()
    {
        var a = SessionKey.Of("a");
        DateTimeOffset until = new DateTimeOffset(2036, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(67);
        yield return new Joined(
            a,
            "alice",
            "Alice Ä 🙂",
            "0123",
            "wanted",
            AdjustNick: true,
            "2001:db8::/64",
            "lobby",
            HostLimit: 3,
            NickLimit: 16);
        yield return new Joined(
            SessionKey.Of("b"),
            "bob",
            "bob",
            "4567",
            null,
            AdjustNick: false,
            "192.0.2.1",
            null,
            HostLimit: 32,
            NickLimit: 16)
        {
            Keeps = true,
        };
        yield return new Registered(a, Limit: 10_000);
        yield return new SignedIn(SessionKey.Of("c"), "0123", "192.0.2.3", HostLimit: 32, SessionLimit: 10);
        yield return new SignedIn(SessionKey.Of("d"), "0123", "192.0.2.3", HostLimit: 32, SessionLimit: 10)
        {
            ServedBy = "node-2",
            Keeps = true,
        };
        yield return new MarkedRead(a, "den", null, 17);
        yield return new MarkedRead(a, null, "0123", 18);
        yield return new Moved(a, "node-2", ServedSince: 7);
        yield return new WentOffline(a, until, Limit: 10_000, HostLimit: 32) { ServedSince = 8 };
        yield return new WentOffline(a, until, Limit: 0, HostLimit: 0);
        yield return new CameOnline(a) { ServedBy = "node-2" };
        yield return new AwayChanged(a, IsAway: true, Audience: 500);
        yield return new AwayChanged(a, IsAway: false, Audience: 500);
        yield return new CameOnline(a);
        yield return new EnteredRoom(a, "den", Quiet: true, RoomLimit: 10, SessionRoomLimit: 5);
        yield return new EnteredRoom(a, "attic", Quiet: false, RoomLimit: 10, SessionRoomLimit: 5) { Private = true };
        yield return new RoomChanged(a, "den") { Private = true, Locked = false, Archived = true, Slow = 30 };
        yield return new RoomChanged(a, "den");
        yield return new RoomInvited(a, "den", "bob", Limit: 100);
        yield return new RoomInvited(a, "den", "bob", Limit: 100) { Withdrawn = true };
        yield return new RoomRoleChanged(a, "den", "bob", RoomRole.Moderator, Limit: 20);
        yield return new RoomKicked(a, "den", "bob", "out");
        yield return new AdminAppointed(a, "bob");
        yield return new AdminAppointed(a, "bob") { Withdrawn = true };
        yield return new OperatorAppointed("0123");
        yield return new RoomLinkMade(a, "den", "0123456789abcdef", DateTimeOffset.UnixEpoch, Limit: 10);
        yield return new RoomLinkRevoked(a, "den", "0123456789abcdef");
        yield return new RoomLinkUsed(a, "0123456789abcdef", SessionRoomLimit: 50);
        yield return new RoomRenamed(a, "den", "cellar") { Look = "ce11ar" };
        yield return new RoomRenamed(a, "den", "den");
        yield return new PersonIgnored(a, "bob", Limit: 100);
        yield return new PersonIgnored(a, "", Limit: 100) { UserId = "0123", Withdrawn = true };
        yield return new PreferencesSet(a) { Quiet = true };
        yield return new PreferencesSet(a) { Room = "den", Muted = false, Joins = ShownJoins.None };
        yield return new MessageEdited(a, 17, "corrected")
        {
            Written = DateTimeOffset.UnixEpoch,
            Nick = "alice",
            Name = "Alice Ä 🙂",
            AuthorId = "0123",
            Room = "den",
            Action = true,
        };
        yield return new MessageDeleted(a, 18) { Written = DateTimeOffset.UnixEpoch, AuthorId = "0123", ToId = "4567" };
        yield return new MessagePinned(a, 18, Limit: 50) { Written = DateTimeOffset.UnixEpoch, AuthorId = "0123", Room = "den" };
        yield return new MessagePinned(a, 18, Limit: 50) { Room = "den", Withdrawn = true };
        yield return new Reacted(
            17, [new ReactionChange(a, "🙂", true) { Key = "key" }, new ReactionChange(SessionKey.Of("b"), "🙂", false)])
        {
            AuthorId = "0123",
            Room = "den",
        };
        yield return new Reacted(18, [new ReactionChange(a, "🙂", true)]) { AuthorId = "0123", ToId = "4567" };
        yield return new Erased(a, SessionKey.Of("b"), "4567", Since: 5) { Nick = "bob" };
        yield return new Erased(a, SessionKey.Of("b"), "4567", Since: 0);
        yield return new ForgotAddresses(until);
        yield return new Said(a, "den", "words \"quoted\"\n\0 \u2028 é 🙂", Action: true) { Key = "key 🙂" };
        yield return new Said(a, "den", "", Action: false);
        yield return new Whispered(a, "bob", "psst");
        yield return new Replied(a, "den", "yes \"quoted\"", Action: false, 17) { ParentNick = "Alice Ä 🙂", ParentAuthorId = "0123" };
        yield return new WhisperReplied(a, "bob", "yes", 17) { ToId = "4567", ParentNick = "bob", ParentAuthorId = "4567" };
        yield return new Told(a, "text", "<b>html</b>");
        yield return new Told(a, "text", null);
        yield return new Listed(a, From: long.MaxValue);
        yield return new TopicSet(a, "den", "");
        yield return new AdminGranted(a);
        yield return new Muted(a, "bob", until);
        yield return new PersonMuted(a, "bob", until, Address: true);
        yield return new Kicked(a, "bob", "out");
        yield return new Banned(a, "bob", "out", until);
        yield return new PersonBanned(a, "bob", "out", until, Address: false);
        yield return new Unbanned(a, "192.0.2.1");
        yield return new Announced(a, "Restart at 18:00");
        yield return new AdminRevoked(a);
        yield return new PartedRoom(a, "den");
        yield return new Left(a, CloseReason.Timeout) { ServedSince = 8 };
        yield return new Left(a, CloseReason.Timeout);
    }

    /// <summary>All kinds of entry that can be appended, found by reflection: a new kind must be added above.</summary>
    internal static IEnumerable<Type> Types => typeof(Entry).Assembly.GetTypes().Where(type =>
        type.IsSubclassOf(typeof(Entry)) && !type.IsAbstract && type != typeof(Unreadable));
}
