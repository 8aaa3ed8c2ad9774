using System.Text.Json;
using CsCheck;
using ErlChat.Log;
using ErlChat.Serialization;
using ErlChat.Sessions;

namespace ErlChat.Tests;

/// <summary>Files outlive programs, so these tests pin exactly how entries are written.</summary>
public class EntryCodecTests
{
    private const string A = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";
    private const string B = "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d";
    private const string C = "2e7d2c03a9507ae265ecf5b5356885a53393a2029d241394997265a1a25aefc6";
    private const string D = "18ac3e7343f016890c510e93f935261169d9e3f565436429830faf0934f4f8e4";

    private static readonly string[] s_golden =
    [
        $$"""joined {"nick":"alice","name":"Alice Ä 🙂","user_id":"0123","wanted_user_id":"wanted","adjust_nick":"""
            + $$"""true,"host":"2001:db8::/64","home":"lobby","host_limit":3,"nick_limit":16,"session":"{{A}}"}""",
        $$"""joined {"nick":"bob","name":"bob","user_id":"4567","adjust_nick":"""
            + $$"""false,"host":"192.0.2.1","host_limit":32,"nick_limit":16,"keeps":true,"session":"{{B}}"}""",
        $$"""registered {"limit":10000,"session":"{{A}}"}""",
        $$"""signed_in {"user_id":"0123","host":"192.0.2.3","host_limit":32,"session_limit":10,"session":"{{C}}"}""",
        $$"""signed_in {"user_id":"0123","host":"192.0.2.3","host_limit":32,"session_limit":10,"served_by":"node-2","keeps":"""
            + $$"""true,"session":"{{D}}"}""",
        $$"""marked_read {"room":"den","up_to":17,"session":"{{A}}"}""",
        $$"""marked_read {"with":"0123","up_to":18,"session":"{{A}}"}""",
        $$"""moved {"node":"node-2","served_since":7,"session":"{{A}}"}""",
        $$"""went_offline {"until":"2036-01-02T03:04:05.0000067+00:00","limit":10000,"host_limit":32,"served_since":"""
            + $$"""8,"session":"{{A}}"}""",
        $$"""went_offline {"until":"2036-01-02T03:04:05.0000067+00:00","limit":0,"host_limit":0,"session":"{{A}}"}""",
        $$"""came_online {"served_by":"node-2","session":"{{A}}"}""",
        $$"""away_changed {"is_away":true,"audience":500,"session":"{{A}}"}""",
        $$"""away_changed {"is_away":false,"audience":500,"session":"{{A}}"}""",
        $$"""came_online {"session":"{{A}}"}""",
        $$"""entered_room {"room":"den","quiet":true,"room_limit":10,"session_room_limit":5,"session":"{{A}}"}""",
        $$"""entered_room {"room":"attic","quiet":false,"room_limit":10,"session_room_limit":5,"private":true,"session":"{{A}}"}""",
        $$"""room_changed {"room":"den","private":true,"locked":false,"archived":true,"slow":30,"session":"{{A}}"}""",
        $$"""room_changed {"room":"den","session":"{{A}}"}""",
        $$"""room_invited {"room":"den","nick":"bob","limit":100,"session":"{{A}}"}""",
        $$"""room_invited {"room":"den","nick":"bob","limit":100,"withdrawn":true,"session":"{{A}}"}""",
        $$"""room_role_changed {"room":"den","nick":"bob","role":"Moderator","limit":20,"session":"{{A}}"}""",
        $$"""room_kicked {"room":"den","nick":"bob","reason":"out","session":"{{A}}"}""",
        $$"""admin_appointed {"nick":"bob","session":"{{A}}"}""",
        $$"""admin_appointed {"nick":"bob","withdrawn":true,"session":"{{A}}"}""",
        """operator_appointed {"user_id":"0123"}""",
        $$"""room_link_made {"room":"den","link":"0123456789abcdef","until":"1970-01-01T00:00:00+00:00","limit":10,"session":"{{A}}"}""",
        $$"""room_link_revoked {"room":"den","link":"0123456789abcdef","session":"{{A}}"}""",
        $$"""room_link_used {"link":"0123456789abcdef","session_room_limit":50,"session":"{{A}}"}""",
        $$"""room_renamed {"room":"den","title":"cellar","look":"ce11ar","session":"{{A}}"}""",
        $$"""room_renamed {"room":"den","title":"den","session":"{{A}}"}""",
        $$"""person_ignored {"nick":"bob","limit":100,"session":"{{A}}"}""",
        $$"""person_ignored {"nick":"","limit":100,"user_id":"0123","withdrawn":true,"session":"{{A}}"}""",
        $$"""preferences_set {"quiet":true,"session":"{{A}}"}""",
        $$"""preferences_set {"room":"den","muted":false,"joins":"None","session":"{{A}}"}""",
        """message_edited {"text":"corrected","message":"""
            + """17,"written":"1970-01-01T00:00:00+00:00","nick":"alice","name":"Alice Ä 🙂","author_id":"0123","room":"den","action":"""
            + $$"""true,"session":"{{A}}"}""",
        """message_deleted {"message":"""
            + $$"""18,"written":"1970-01-01T00:00:00+00:00","nick":"","name":"","author_id":"0123","to_id":"4567","session":"{{A}}"}""",
        """message_pinned {"limit":50,"message":18,"written":"1970-01-01T00:00:00+00:00","nick":"","name":"","author_id":"0123","room":"""
            + "\"den\"" + $$""","session":"{{A}}"}""",
        """message_pinned {"limit":50,"withdrawn":true,"message":18,"written":"0001-01-01T00:00:00+00:00","nick":"","name":"","""
            + "\"author_id\":\"\"" + $$""","room":"den","session":"{{A}}"}""",
        $$"""reacted {"message":17,"changes":[{"session":"{{A}}","emoji":"🙂","on":true,"key":"key"},"""
            + $$"""{"session":"{{B}}","emoji":"🙂","on":false}],"author_id":"0123","room":"den"}""",
        $$"""reacted {"message":18,"changes":[{"session":"{{A}}","emoji":"🙂","on":true}],"author_id":"0123","to_id":"4567"}""",
        $$"""erased {"person":"{{B}}","user_id":"4567","since":5,"nick":"bob","session":"{{A}}"}""",
        $$"""erased {"person":"{{B}}","user_id":"4567","since":0,"session":"{{A}}"}""",
        """forgot_addresses {"before":"2036-01-02T03:04:05.0000067+00:00"}""",
        $$"""said {"room":"den","text":"words \"quoted\"\n\u0000 \u2028 é 🙂","action":true,"session":"{{A}}","key":"key 🙂"}""",
        $$"""said {"room":"den","text":"","action":false,"session":"{{A}}"}""",
        $$"""whispered {"to":"bob","text":"psst","session":"{{A}}"}""",
        """replied {"parent":17,"parent_nick":"Alice Ä 🙂","parent_author_id":"0123","room":"den","text":"yes \"quoted\"","action":"""
            + $$"""false,"session":"{{A}}"}""",
        """whisper_replied {"parent":17,"parent_nick":"bob","parent_author_id":"4567","to":"bob","text":"yes","to_id":"""
            + $$"""
            "4567","session":"{{A}}"}
            """,
        $$"""told {"text":"text","html":"<b>html</b>","session":"{{A}}"}""",
        $$"""told {"text":"text","session":"{{A}}"}""",
        $$"""listed {"from":9223372036854775807,"session":"{{A}}"}""",
        $$"""topic_set {"room":"den","topic":"","session":"{{A}}"}""",
        $$"""admin_granted {"session":"{{A}}"}""",
        $$"""muted {"nick":"bob","until":"2036-01-02T03:04:05.0000067+00:00","session":"{{A}}"}""",
        $$"""person_muted {"nick":"bob","until":"2036-01-02T03:04:05.0000067+00:00","address":true,"session":"{{A}}"}""",
        $$"""kicked {"nick":"bob","reason":"out","session":"{{A}}"}""",
        $$"""banned {"nick":"bob","reason":"out","until":"2036-01-02T03:04:05.0000067+00:00","session":"{{A}}"}""",
        $$"""person_banned {"nick":"bob","reason":"out","until":"2036-01-02T03:04:05.0000067+00:00","address":"""
            + $$"""false,"session":"{{A}}"}""",
        $$"""unbanned {"host":"192.0.2.1","session":"{{A}}"}""",
        $$"""announced {"text":"Restart at 18:00","session":"{{A}}"}""",
        $$"""admin_revoked {"session":"{{A}}"}""",
        $$"""parted_room {"room":"den","session":"{{A}}"}""",
        $$"""left {"reason":"Timeout","served_since":8,"session":"{{A}}"}""",
        $$"""left {"reason":"Timeout","session":"{{A}}"}""",
    ];

    [Fact]
    public void Entries_are_written_as_before() =>
        Assert.Equal(s_golden, EveryEntry.Kinds().Select(EntryCodec.Encode).Select(
            row => $"{row.Kind} {row.Body.Replace("\\uD83D\\uDE42", "🙂", StringComparison.Ordinal)}"));

    [Fact]
    public void What_was_written_is_read()
    {
        DateTimeOffset at = new DateTimeOffset(2026, 11, 20, 7, 0, 0, TimeSpan.Zero).AddTicks(1234567);
        IEnumerable<Entry> entries = EveryEntry.Kinds().Select(entry => entry with { Id = new CommandId("run", 42), At = at });
        Assert.All(entries, entry => Assert.Equal(entry, EntryCodec.Decode(EntryCodec.Encode(entry))));
    }

    /// <summary>Checks entries of every kind, with any well-formed text in all their texts.</summary>
    [Fact]
    public void Any_entry_is_read_as_it_was_written() => Property.Holds(
        Gen.Select(RandomLogs.UpTo(20), Gen.String.Select(text => string.Concat(text.EnumerateRunes()))),
        2_000,
        one => Assert.All(one.Item1.Select(entry => WithText(entry.Entry, one.Item2)), entry =>
            Assert.Equal(entry, EntryCodec.Decode(EntryCodec.Encode(entry)))),
        one => $"{RandomLogs.Show(one.Item1)}\nwith {JsonSerializer.Serialize(one.Item2)}");

    // A later version may add a field to a kind; this one reads what it knows.
    [Fact]
    public void Unknown_fields_are_ignored() =>
        Assert.Equal(
            new AdminGranted(SessionKey.Of("a")) { Id = new CommandId("run", 1), At = DateTimeOffset.UnixEpoch },
            EntryCodec.Decode(new EntryRow("admin_granted", "run", 1, 0, $$"""{"session":"{{A}}","colour":"blue"}""")));

    // The previous version wrote no such member: its mutes ended with their sessions.
    [Fact]
    public void A_mute_says_whether_it_outlives_its_session()
    {
        Muted Read(string more) => (Muted)EntryCodec.Decode(
            new EntryRow("muted", "run", 1, 0, $$"""{"nick":"bob","until":"2036-01-02T03:04:05+00:00"{{more}},"session":"{{A}}"}"""));
        Assert.Null(Read("").Outlives);
        Assert.True(Read(",\"outlives\":true").Outlives);
        Assert.EndsWith(
            ",\"outlives\":true,\"session\":\"" + A + "\"}", EntryCodec.Encode(Read(",\"outlives\":true")).Body, StringComparison.Ordinal);
    }

    private static Entry WithText(Entry entry, string text) => entry switch
    {
        Joined joined => joined with { Name = text, NickLook = text, NameLook = text },
        EnteredRoom entered => entered with { Room = text, Look = text },
        Replied replied => replied with { Room = text, Text = text, ParentNick = text },
        WhisperReplied replied => replied with { To = text, Text = text, ParentNick = text },
        Said said => said with { Text = text, Key = text },
        Whispered whispered => whispered with { Text = text, ToId = text },
        Told told => told with { Text = text, Html = text },
        TopicSet topic => topic with { Topic = text },
        Kicked kicked => kicked with { Reason = text },
        Banned banned => banned with { Reason = text },
        PersonBanned banned => banned with { Reason = text },
        Announced announced => announced with { Text = text },
        RoomChanged changed => changed with { Room = text },
        RoomInvited invited => invited with { Room = text, Nick = text },
        RoomRoleChanged role => role with { Room = text, Nick = text },
        RoomKicked kicked => kicked with { Room = text, Reason = text },
        OperatorAppointed appointed => new OperatorAppointed(text) { Id = appointed.Id, At = appointed.At },
        RoomLinkMade made => made with { Room = text },
        RoomLinkRevoked revoked => revoked with { Room = text },
        RoomRenamed renamed => renamed with { Room = text, Title = text, Look = text },
        PersonIgnored ignored => ignored with { Nick = text },
        PreferencesSet set => set with { Room = text },
        MessageEdited edited => edited with { Text = text, Nick = text, Name = text, AuthorId = text, Room = text },
        MessagePinned pinned => pinned with { Nick = text, Name = text, Room = text },
        MessageDeleted deleted => deleted with { Nick = text, To = text, ToName = text, ToId = text },
        Reacted reacted => reacted with
        {
            Changes = [.. reacted.Changes.Select(change => change with { Emoji = text, Key = text })],
            Room = text,
        },
        Erased erased => erased with { UserId = text, Nick = text },
        _ => entry,
    };

    [Fact]
    public void Every_kind_has_a_name() =>
        Assert.Equal(EveryEntry.Types.ToHashSet(), EntryCodec.Kinds.Values.Select(kind => kind.Type).ToHashSet());
}
