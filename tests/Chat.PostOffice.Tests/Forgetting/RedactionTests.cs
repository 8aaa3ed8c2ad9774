using ErlChat.Forgetting;
using ErlChat.Log;
using ErlChat.Serialization;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>What stored entries are replaced by.</summary>
public class RedactionTests
{
    private static readonly SessionKey s_zoe = SessionKey.Of("zoe"), s_phone = SessionKey.Of("phone"), s_amy = SessionKey.Of("amy");

    private readonly PersonRedaction _zoe = new(new Erased(s_zoe, s_zoe, "id of zoe", 0) { Nick = "zoe" });

    [Fact]
    public void What_an_erased_person_wrote_is_removed()
    {
        Assert.Equal(
            Fold.Joining("zoe") with { Nick = "id of zoe", Name = "id of zoe", Host = "" },
            _zoe.Of(Fold.Joining("zoe") with { NickLook = "z0e", NameLook = "z0e" }));
        Assert.Equal(
            new SignedIn(s_phone, "id of zoe", "", 1, 1), _zoe.Of(new SignedIn(s_phone, "id of zoe", "192.0.2.1", 1, 1)));
        Assert.Equal(new Said(s_phone, "den", "", Action: false), _zoe.Of(new Said(s_phone, "den", "words", Action: false)));
        Assert.Equal(new Whispered(s_zoe, "amy", "") { ToId = "a" }, _zoe.Of(new Whispered(s_zoe, "amy", "psst") { ToId = "a" }));
        Assert.Equal(new TopicSet(s_zoe, "den", ""), _zoe.Of(new TopicSet(s_zoe, "den", "topic")));
        Assert.Equal(new Told(s_zoe, "", null), _zoe.Of(new Told(s_zoe, "text", "<b>html</b>")));
        Assert.Equal(new Announced(s_zoe, ""), _zoe.Of(new Announced(s_zoe, "words")));
        Assert.Equal(new Kicked(s_zoe, "bob", ""), _zoe.Of(new Kicked(s_zoe, "bob", "reason")));
        Assert.Null(_zoe.Of(new PartedRoom(s_zoe, "den")));
    }

    [Fact]
    public void What_was_done_to_an_erased_persons_messages_keeps_neither_the_person_nor_a_text()
    {
        MessageEntry named = new MessageEdited(s_phone, 7, "words") { Nick = "zoe", Name = "Zoe", AuthorId = "id of zoe", Room = "den" };
        Assert.Equal(
            new MessageEdited(s_phone, 7, "") { Nick = "id of zoe", Name = "id of zoe", AuthorId = "id of zoe", Room = "den" },
            _zoe.Of(named));
        var removed = new MessageDeleted(s_amy, 7) { Nick = "zoe", Name = "Zoe", AuthorId = "id of zoe", Room = "den" };
        Assert.Equal(removed with { Nick = "id of zoe", Name = "id of zoe" }, _zoe.Of(removed));
        var toZoe = new MessageEdited(s_amy, 7, "for zoe")
        {
            Nick = "amy",
            Name = "amy",
            AuthorId = "id of amy",
            To = "zoe",
            ToName = "Zoe",
            ToId = "id of zoe",
        };
        Assert.Equal(toZoe with { To = "id of zoe", ToName = "id of zoe" }, _zoe.Of(toZoe));
        Assert.Null(_zoe.Of(toZoe with { To = "bob", ToName = "bob", ToId = "id of bob" }));
    }

    [Fact]
    public void An_answer_keeps_its_kind_and_what_it_answers_but_not_the_nick_of_an_erased_person()
    {
        var toZoe = new Replied(s_amy, "den", "yes", Action: false, 7) { ParentNick = "zoe", ParentAuthorId = "id of zoe" };
        Assert.Equal(toZoe with { ParentNick = "id of zoe" }, _zoe.Of(toZoe));
        var ofZoe = new Replied(s_zoe, "den", "yes", Action: false, 7) { ParentNick = "amy", ParentAuthorId = "id of amy" };
        Assert.Equal(ofZoe with { Text = "" }, _zoe.Of(ofZoe));
        var whisper = new WhisperReplied(s_amy, "zoe", "yes", 7) { ParentNick = "zoe", ParentAuthorId = "id of zoe" };
        Assert.Equal(whisper with { To = "id of zoe", ParentNick = "id of zoe" }, _zoe.Of(whisper));
        Assert.Equal(ofZoe with { Text = "" }, Redaction.WithoutMessage(ofZoe));
    }

    [Fact]
    public void An_erased_persons_reactions_lose_their_emoji()
    {
        var entry = new Reacted(7, [new ReactionChange(s_zoe, "👍", true), new ReactionChange(s_amy, "🙂", true)]) { Room = "den" };
        Reacted redacted = Assert.IsType<Reacted>(_zoe.Of(entry));
        Assert.Equal(["", "🙂"], redacted.Changes.Select(change => change.Emoji));
        Assert.Null(_zoe.Of(redacted));
    }

    [Fact]
    public void A_deleted_message_and_its_edits_lose_their_text()
    {
        Assert.Equal(new Said(s_amy, "den", "", Action: true), Redaction.WithoutMessage(new Said(s_amy, "den", "words", Action: true)));
        Assert.Equal(new Whispered(s_amy, "bob", ""), Redaction.WithoutMessage(new Whispered(s_amy, "bob", "psst")));
        Assert.Equal(new MessageEdited(s_amy, 7, ""), Redaction.WithoutMessage(new MessageEdited(s_amy, 7, "words")));
        Assert.Null(Redaction.WithoutMessage(new MessageEdited(s_amy, 7, "")));
        Assert.Null(Redaction.WithoutMessage(new TopicSet(s_amy, "den", "topic")));
    }

    // The texts of deleted messages are removed from the stored log without waiting for a snapshot (docs/adr/0030).
    [Fact]
    public void A_log_without_the_texts_of_messages_gives_the_same_state() => Property.Holds(
        RandomLogs.UpTo(300),
        200,
        log => Assert.Equal(
            Plain.Of(Run(log).Capture()),
            Plain.Of(Run([.. log.Select(one => one with { Entry = Redaction.WithoutMessage(one.Entry) ?? one.Entry })]).Capture())),
        RandomLogs.Show);

    [Fact]
    public void What_others_wrote_stays_without_the_nick()
    {
        Assert.Null(_zoe.Of(new Said(s_amy, "den", "zoe said", Action: false)));
        Assert.Equal(new Whispered(s_amy, "id of zoe", "psst"), _zoe.Of(new Whispered(s_amy, "ZOE", "psst")));
        Assert.Null(_zoe.Of(new Whispered(s_amy, "bob", "psst")));
        Assert.Equal(new Kicked(s_amy, "id of zoe", ""), _zoe.Of(new Kicked(s_amy, "zoe", "zoe did it")));
        Assert.Equal(new Unbanned(s_amy, "id of zoe"), _zoe.Of(new Unbanned(s_amy, "zoe")));
        Assert.Equal(new Told(s_amy, "", null), _zoe.Of(new Told(s_amy, "Zoe may speak again.", null)));
        Assert.Null(_zoe.Of(new Told(s_amy, "bob may speak again.", null)));
        Assert.Equal(
            new Erased(s_amy, s_zoe, "id of zoe", 7), _zoe.Of(new Erased(s_amy, s_zoe, "id of zoe", 7) { Nick = "zoe" }));
    }

    [Fact]
    public void What_a_person_did_to_oneself_loses_the_nick()
    {
        DateTimeOffset until = DateTimeOffset.UnixEpoch;
        Entry[] entries =
        [
            new AdminAppointed(s_zoe, "zoe"), new RoomInvited(s_zoe, "den", "zoe", 1), new Muted(s_zoe, "ZOE", until),
            new RoomRoleChanged(s_zoe, "den", "zoe", RoomRole.Member, 1), new PersonIgnored(s_zoe, "zoe", 1),
            new PersonMuted(s_zoe, "zoe", until, false), new Kicked(s_zoe, "zoe", "why"), new Banned(s_zoe, "zoe", "why", until),
            new PersonBanned(s_zoe, "zoe", "why", until, false), new RoomKicked(s_zoe, "den", "zoe", "why"),
            new Unbanned(s_zoe, "zoe"), new Whispered(s_zoe, "zoe", "psst"),
        ];
        Assert.All(entries, entry =>
        {
            string redacted = EntryCodec.Encode(_zoe.Of(entry)!).Body;
            Assert.DoesNotContain("\"zoe\"", redacted, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("why", redacted, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("There is no user STRASSE.", null)]
    [InlineData("There is no user straße.", null)]
    [InlineData("text", "<b>STRASSE</b>")]
    [InlineData("text", "<b>stra&#223;e</b>")]
    public void Notices_that_name_the_person_in_any_spelling_lose_their_text(string text, string? html)
    {
        var redaction = new PersonRedaction(new Erased(s_zoe, s_zoe, "id", 0) { Nick = "Straße" });
        Assert.Equal(new Told(s_amy, "", null), redaction.Of(new Told(s_amy, text, html)));
        Assert.Equal(new Told(s_amy, "", null), redaction.Of(new Told(s_amy, new string('.', 2000) + text, html)));
        Assert.Null(redaction.Of(new Told(s_amy, "Strasbourg", html is null ? null : "<b>Strasbourg</b>")));
    }

    // A kind that is added later must say here what it has of a person.
    [Fact]
    public void Every_kind_with_a_text_or_a_nick_is_redacted()
    {
        string[] without =
        [
            nameof(Registered), nameof(Moved), nameof(WentOffline), nameof(CameOnline), nameof(AwayChanged), nameof(EnteredRoom),
            nameof(RoomChanged),
            nameof(MarkedRead), nameof(Listed), nameof(AdminGranted), nameof(AdminRevoked), nameof(PartedRoom), nameof(Left),
            nameof(ForgotAddresses), nameof(OperatorAppointed), nameof(RoomLinkMade), nameof(RoomLinkRevoked), nameof(RoomLinkUsed),
            nameof(PreferencesSet), nameof(RoomRenamed),
        ];

        // Those of EveryEntry have an empty topic and an address.
        var redaction = new PersonRedaction(
            new Erased(SessionKey.Of("a"), SessionKey.Of("a"), "0123", 0) { Nick = "bob" });
        var others = new PersonRedaction(new Erased(s_zoe, SessionKey.Of("b"), "9", 0) { Nick = "bob" });
        string[] redacted =
        [
            .. EveryEntry.Kinds()
                .Where(entry => redaction.Of(entry) is not null || others.Of(entry) is not null)
                .Select(entry => entry.GetType().Name)
                .Concat([nameof(TopicSet), nameof(Unbanned)])
                .Distinct(),
        ];
        Assert.Equal(EveryEntry.Types.Select(type => type.Name).Except(without).Order(), redacted.Order());
    }

    [Fact]
    public void Addresses_are_removed_from_all_kinds_that_have_them()
    {
        Assert.Equal(Fold.Joining("zoe") with { Host = "" }, Redaction.WithoutAddress(Fold.Joining("zoe")));
        Assert.Null(Redaction.WithoutAddress(Fold.Joining("zoe") with { Host = "" }));
        Assert.Equal(new Unbanned(s_amy, ""), Redaction.WithoutAddress(new Unbanned(s_amy, "2001:db8::/64")));
        Assert.Null(Redaction.WithoutAddress(new Unbanned(s_amy, "bob")));
        Assert.Equal(
            Redaction.KindsWithAddresses.Order(),
            EveryEntry.Kinds()
                .Where(entry => Redaction.WithoutAddress(entry) is not null)
                .Select(Serialization.EntryCodec.KindOf).Distinct().Order());
    }

    // A log that is folded from its first entry gives the same state, whether its addresses have been removed or not. Only refusals and
    // bans that were due to an address cannot be repeated; a start does not fold such entries (docs/adr/0020).
    [Fact]
    public void A_log_without_addresses_gives_the_same_state() => Property.Holds(
        RandomLogs.UpTo(300),
        200,
        log =>
        {
            LogEntry[] free =
            [
                .. log.Where(one => one.Entry is not (Banned or PersonBanned or Muted or PersonMuted)).Select(WithoutLimits),
            ];
            long end = free.Length > 0 ? free[^1].Sequence + 1 : 1;
            var forgot = new LogEntry(end, new ForgotAddresses(DateTimeOffset.MaxValue) { Id = new CommandId("server", 1) });
            IEnumerable<LogEntry> blanked =
                free.Select(one => one with { Entry = Redaction.WithoutAddress(one.Entry) ?? one.Entry });
            Assert.Equal(Plain.Of(Run([.. free, forgot]).Capture()), Plain.Of(Run([.. blanked, forgot]).Capture()));
        },
        RandomLogs.Show);

    private static LogEntry WithoutLimits(LogEntry one) => one with
    {
        Entry = one.Entry switch
        {
            Joined joined => joined with { HostLimit = int.MaxValue },
            SignedIn signedIn => signedIn with { HostLimit = int.MaxValue },
            WentOffline went => went with { HostLimit = int.MaxValue },
            _ => one.Entry,
        },
    };

    private static ChatState Run(LogEntry[] log)
    {
        var state = new ChatState();
        foreach (LogEntry entry in log)
            state.Apply(entry.Sequence, entry.Entry, []);
        return state;
    }
}
