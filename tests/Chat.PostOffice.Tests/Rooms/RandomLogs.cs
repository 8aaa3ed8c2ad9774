using CsCheck;
using ErlChat.Log;
using ErlChat.Sessions;

namespace ErlChat.Tests;

/// <summary>
/// Random logs with few users, few rooms and short times, so that all combinations occur. A log shrinks to fewer entries, which keep
/// their kinds.
/// </summary>
internal static class RandomLogs
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 20, 7, 0, 0, TimeSpan.Zero);

    /// <summary>Of several scripts, some in several spellings, and two that look alike: the second <c>сор</c> is Cyrillic.</summary>
    private static readonly Gen<string> s_nick = Gen.OneOf(
        "ann", "Ann", "bob", "bob2", "admin", "straße", "STRASSE", "ΣΊΣΥΦΟΣ", "σίσυφος", "cop", "сор");
    private static readonly Gen<string> s_room = Gen.OneOf("lobby", "LOBBY", "den", "Den", "attic", "cellar");
    private static readonly Gen<string?> s_look = Gen.OneOf<string?>(null, "look 1", "look 2");
    private static readonly Gen<string> s_host = Gen.OneOf("192.0.2.1", "192.0.2.2", "2001:db8::/64");
    private static readonly Gen<string?> s_key = Gen.OneOf<string?>(null, null, null, "k1", "k2");
    private static readonly Gen<SessionKey> s_who = Gen.Int[0, 11].Select(number => SessionKey.Of($"person {number}"));
    private static readonly Gen<bool> s_third = Gen.Int[0, 2].Select(number => number == 0);
    private static readonly Gen<bool> s_quarter = Gen.Int[0, 3].Select(number => number == 0);
    private static readonly Gen<string?> s_node = Gen.OneOf<string?>(null, null, null, "node-1", "node-2");
    private static readonly Gen<long> s_since = Gen.OneOf(Gen.Const(0L), Gen.Long[1, 20]);
    private static readonly Gen<TimeSpan> s_left = Gen.Int[-5, 59].Select(seconds => TimeSpan.FromSeconds(seconds));

    private static readonly Gen<string> s_link = Gen.OneOf("link 0123456789 a", "link 0123456789 b", "link 0123456789 c");

    private static readonly Gen<bool?> s_flag = Gen.OneOf<bool?>(null, null, null, null, null, null, true, false, false);
    private static readonly Gen<int?> s_slow = Gen.OneOf<int?>(null, 0, 5, 60, 3600, 3600);

    private static readonly Gen<Draft> s_joined = Gen.Select(
        s_who,
        s_nick,
        Gen.Select(s_third, Gen.Int[0, 5], (wants, number) => wants ? $"id {number}" : null),
        Gen.Bool,
        s_host,
        Gen.Select(s_quarter, s_room, (none, room) => none ? null : room),
        Gen.Int[1, 4],
        Gen.Select(Gen.Int[1, 16], s_node, s_third, s_quarter),
        (who, nick, wanted, adjust, host, home, most, last) => new Draft((_, joins) => new Joined(
            who, nick, "Name", $"id {joins}", wanted, adjust, host, home, HostLimit: most, NickLimit: last.Item1)
        {
            ServedBy = last.Item2,
            Keeps = last.Item3 ? true : null,

            // Entries of older versions have no skeletons.
            NickLook = last.Item4 ? null : LookOf(nick),
            NameLook = adjust && !last.Item4 ? "Name" : null,
        }));

    private static readonly Gen<Draft> s_signedIn = Gen.Select(
        s_who,
        Gen.Int[0, 5],
        s_host,
        Gen.Int[1, 6],
        Gen.Int[1, 3],
        s_node,
        s_third,
        (who, number, host, most, own, node, keeps) => Of(new SignedIn(who, $"id {number}", host, most, own)
        {
            ServedBy = node,
            Keeps = keeps ? true : null,
        }));

    private static readonly Gen<Draft> s_draft = Gen.Frequency(
        (9, s_joined),
        (4, s_signedIn),
        (3, Gen.Select(s_who, Gen.Int[0, 4], (who, most) => Of(new Registered(who, most)))),
        (3, Gen.Select(s_who, Gen.Bool, (who, left) => Of(new Left(who, left ? CloseReason.Left : CloseReason.Timeout)))),
        (1, Gen.Select(s_who, s_since, (who, since) => Of(new Left(who, CloseReason.Timeout) { ServedSince = since }))),
        (2, Gen.Select(s_who, s_since, (who, since) => Of(new Moved(who, "node-3", since)))),
        (2, Gen.Select(s_who, s_left, Gen.Int[0, 5], Gen.Int[0, 3], s_quarter, s_since, (who, left, most, host, judged, since) =>
            new Draft((now, _) => new WentOffline(who, now + left, most, host) { ServedSince = judged ? since : null }))),
        (3, Gen.Select(s_who, s_node, (who, node) => Of(new CameOnline(who) { ServedBy = node }))),
        (4, Gen.Select(s_who, s_third, Gen.Int[1, 5], (who, isBack, most) => Of(new AwayChanged(who, !isBack, most)))),
        (5, Gen.Select(s_who, s_room, s_third, Gen.Int[1, 4], Gen.Int[1, 4], s_third, (who, room, quiet, most, mine, isOld) =>
            Of(new EnteredRoom(who, room, quiet, most, mine) { Private = isOld ? null : false }))),
        (5, Gen.Select(s_who, s_room, Gen.Int[1, 4], (who, room, most) =>
            Of(new EnteredRoom(who, room, false, most, 4) { Private = true }))),
        (2, Gen.Select(s_who, s_room, s_look, (who, room, look) =>
            Of(new EnteredRoom(who, room, false, 4, 4) { Look = look, Private = false }))),
        (4, Gen.Select(s_who, s_room, s_flag, s_flag, s_flag, s_slow, (who, room, isPrivate, isLocked, isArchived, slow) =>
            Of(new RoomChanged(who, room) { Private = isPrivate, Locked = isLocked, Archived = isArchived, Slow = slow }))),
        (6, Gen.Select(s_who, s_room, s_nick, Gen.Int[0, 2], s_quarter, (who, room, nick, most, isWithdrawn) =>
            Of(new RoomInvited(who, room, nick, most) { Withdrawn = isWithdrawn ? true : null }))),
        (3, Gen.Select(s_who, s_room, s_nick, Gen.Int[0, 2], Gen.Int[0, 2], (who, room, nick, role, most) =>
            Of(new RoomRoleChanged(who, room, nick, (RoomRole)role, most)))),
        (2, Gen.Select(s_who, s_room, s_nick, (who, room, nick) => Of(new RoomKicked(who, room, nick, "reason")))),
        (9, Gen.Select(s_who, s_room, s_room, s_look, (who, room, title, look) =>
            Of(new RoomRenamed(who, room, title) { Look = look }))),
        (5, Gen.Select(s_who, s_room, s_link, s_left, Gen.Int[1, 2], (who, room, link, left, most) =>
            new Draft((now, _) => new RoomLinkMade(who, room, link, now + left, most)))),
        (2, Gen.Select(s_who, s_room, s_link, (who, room, link) => Of(new RoomLinkRevoked(who, room, link)))),
        (4, Gen.Select(s_who, s_link, Gen.Int[1, 4], (who, link, mine) => Of(new RoomLinkUsed(who, link, mine)))),
        (3, Gen.Select(s_who, s_nick, Gen.Int[0, 5], Gen.Int[1, 2], s_quarter, s_quarter, (who, nick, number, most, byId, ends) =>
            Of(new PersonIgnored(who, nick, most) { UserId = byId ? $"id {number}" : null, Withdrawn = ends ? true : null }))),
        (3, Gen.Select(s_who, s_room, s_third, s_flag, s_flag, Gen.Int[0, 3], (who, room, none, isQuiet, isMuted, joins) =>
            Of(new PreferencesSet(who)
            {
                Quiet = isQuiet,
                Room = none ? null : room,
                Muted = none ? null : isMuted,
                Joins = none || joins == 3 ? null : (ShownJoins)joins,
            }))),
        (3, Gen.Select(s_who, s_room, (who, room) => Of(new PartedRoom(who, room)))),
        (9, Gen.Select(s_who, s_room, Gen.Bool, (who, room, action) => Of(new Said(who, room, "words", action)))),
        (2, Gen.Select(s_who, s_nick, (who, nick) => Of(new Whispered(who, nick, "words")))),
        (4, Gen.Select(s_who, Gen.Int[1, 60], s_room, Gen.Int[1, 3], s_third, (who, message, room, most, ends) =>
            Of(new MessagePinned(who, message, most)
            {
                Nick = "ann",
                Name = "Name",
                AuthorId = $"id {message % 6}",
                Room = room,
                Withdrawn = ends ? true : null,
            }))),
        (2, Gen.Select(s_who, s_room, Gen.Int[1, 400], (who, room, parent) =>
            Of(new Replied(who, room, "words", Action: false, parent) { ParentNick = "ann", ParentAuthorId = $"id {parent % 6}" }))),
        (1, Gen.Select(s_who, s_nick, Gen.Int[1, 400], (who, nick, parent) =>
            Of(new WhisperReplied(who, nick, "words", parent) { ParentNick = "ann", ParentAuthorId = $"id {parent % 6}" }))),
        (4, Gen.Select(s_who, Gen.Int[1, 60], Gen.Int[0, 5], s_room, s_quarter, s_third, (who, message, author, room, isPrivate, ends) =>
            Of((ends ? new MessageDeleted(who, message) : (MessageEntry)new MessageEdited(who, message, "words, corrected")) with
            {
                Nick = "ann",
                Name = "Name",
                AuthorId = $"id {author}",
                Room = isPrivate ? null : room,
                ToId = isPrivate ? $"id {message % 6}" : null,
            }))),
        (3, Gen.Select(s_who, s_who, Gen.Int[1, 60], Gen.Int[0, 5], s_room, s_quarter, (who, other, message, author, room, isPrivate) =>
            Of(new Reacted(message, [new ReactionChange(who, "🙂", author > 1), new ReactionChange(other, "👍", true)])
            {
                AuthorId = $"id {author}",
                Room = isPrivate ? null : room,
                ToId = isPrivate ? $"id {message % 6}" : null,
            }))),
        (1, s_who.Select(who => Of(new Told(who, "text", null)))),
        (2, Gen.Select(s_who, Gen.Int[0, 499], (who, from) => Of(new Listed(who, from)))),
        (2, Gen.Select(s_who, s_room, Gen.Int[0, 3], Gen.Bool, Gen.Long[0, 400], (who, room, number, isRoom, upTo) =>
            Of(new MarkedRead(who, isRoom ? room : null, isRoom ? null : $"id {number}", upTo)))),
        (2, Gen.Select(s_who, s_room, Gen.Bool, (who, room, none) => Of(new TopicSet(who, room, none ? "" : "topic")))),
        (4, s_who.Select(who => Of(new AdminGranted(who)))),
        (1, s_who.Select(who => Of(new AdminRevoked(who)))),
        (2, Gen.Select(s_who, s_nick, s_quarter, (who, nick, isWithdrawn) =>
            Of(new AdminAppointed(who, nick) { Withdrawn = isWithdrawn ? true : null }))),
        (1, Gen.Int[0, 4].Select(number => Of(new OperatorAppointed($"id {number}")))),
        (1, Gen.Select(s_who, s_nick, (who, nick) => Of(new Kicked(who, nick, "reason")))),
        (4, Gen.Select(s_who, s_nick, s_left, (who, nick, left) => new Draft((now, _) => new Banned(who, nick, "reason", now + left)))),
        (2, Gen.Select(s_who, s_nick, s_left, Gen.Bool, (who, nick, left, address) =>
            new Draft((now, _) => new PersonBanned(who, nick, "reason", now + left, address)))),
        (6, Gen.Select(s_who, Gen.OneOf(s_host, s_nick), (who, what) => Of(new Unbanned(who, what)))),
        (1, s_who.Select(who => Of(new Announced(who, "words")))),
        (2, Gen.Select(s_who, Gen.Int[0, 499], (who, number) => Of(new Erased(who, default, "", number)))),
        (1, s_left.Select(left => new Draft((now, _) => new ForgotAddresses(now - left)))),
        (1, Gen.Select(s_who, s_nick, s_left, s_quarter, (who, nick, left, ends) =>
            new Draft((now, _) => new Muted(who, nick, now + left) { Outlives = ends ? null : true }))),
        (1, Gen.Select(s_who, s_nick, s_left, Gen.Bool, (who, nick, left, address) =>
            new Draft((now, _) => new PersonMuted(who, nick, now + left, address)))));

    private static readonly Gen<Step> s_step = Gen.Select(
        Gen.Frequency((9, Gen.Int[0, 2]), (1, Gen.Int[0, 399])),
        Gen.Int[0, 2],
        Gen.Int[1, 2],
        Gen.Int[-30, 29],
        Gen.Int[1, 3],
        s_key,
        s_draft,
        (pause, run, skip, skew, gap, key, draft) => new Step(pause, run, skip, skew, gap, key, draft));

    /// <summary>Creates an entry for the current time and the number of earlier logins.</summary>
    private delegate Entry Draft(DateTimeOffset now, int joins);

    /// <summary>
    /// Logs with up to <paramref name="length"/> entries, with ids as if from several runs of several processes whose clocks differ.
    /// </summary>
    internal static Gen<LogEntry[]> UpTo(int length) => s_step.Array[0, length].Select(Write);

    /// <summary>Formats a log with one entry per line.</summary>
    internal static string Show(LogEntry[] log) => string.Join('\n', log.Select(one => $"{one.Sequence} {one.Entry}"));

    private static Draft Of(Entry entry) => (_, _) => entry;

    /// <summary>The skeleton of one of the nicks.</summary>
    private static string LookOf(string nick) => nick == "сор" ? "cop" : nick;

    private static LogEntry[] Write(Step[] steps)
    {
        var counters = new long[3];
        (DateTimeOffset now, long sequence, int joins) = (s_start, 0, 0);
        var log = new LogEntry[steps.Length];
        var logins = new List<Joined>();
        for (int i = 0; i < steps.Length; i++)
        {
            Step step = steps[i];
            now += TimeSpan.FromSeconds(step.Pause);
            Entry entry = step.Draft(now, joins) with
            {
                Id = new CommandId($"run {step.Run}", counters[step.Run] += step.Skip),
                At = now + TimeSpan.FromSeconds(step.Skew),
            };
            if (entry is Erased erased && logins.Count > 0)
                entry = AimAt(logins[(int)(erased.Since % logins.Count)], erased);
            if (entry is Joined login)
            {
                joins++;
                logins.Add(login);
            }
            else if (entry is SessionEntry own and not SignedIn)
                entry = own with { Key = step.Key };
            log[i] = new LogEntry(sequence += step.Gap, entry);
        }

        return log;
    }

    /// <summary>Erases somebody who has logged in before; every second time at that person's own request.</summary>
    private static Erased AimAt(Joined login, Erased erased) => new(
        erased.Since % 2 == 0 ? login.Session : erased.Session, login.Session, login.WantedUserId ?? login.UserId, Since: 0)
    {
        Id = erased.Id,
        At = erased.At,
        Nick = login.Nick,
    };

    private sealed record Step(int Pause, int Run, int Skip, int Skew, int Gap, string? Key, Draft Draft);
}
