using System.Text;
using System.Text.Json;
using ErlChat.Protocol.Flack;

namespace ErlChat.Protocol.Tests.Flack;

/// <summary>The bytes of every record. The original's reference client compares the sets of keys exactly.</summary>
public class FlackRecordTests
{
    public static TheoryData<FlackRecord, string> Records => new()
    {
        { new ServerHelloRecord("1.0"), """{"record":"server_hello","protocol_version":"1.0"}""" },
        {
            new ProtocolErrorRecord("CHAT-001", "A client_hello message was expected"),
            """{"record":"protocol_error","code":"CHAT-001","reason":"A client_hello message was expected"}"""
        },
        { new AuthenticatedRecord("689bfa4e"), """{"record":"authenticated","user_id":"689bfa4e"}""" },
        {
            new ChatStateRecord("r1", [new ChatUserRecord("ann", "4cd0"), new ChatUserRecord("ben", "a8a8")]),
            """{"record":"chat_state","chat_name":"r1","users":["""
                + """{"record":"chat_user","user_name":"ann","user_id":"4cd0"},"""
                + """{"record":"chat_user","user_name":"ben","user_id":"a8a8"}]}"""
        },
        {
            new JoinedRecord("r1", "ben", "a8a8", "2026-11-20T07:28:41Z", 42),
            """{"record":"joined","chat_name":"r1","user_name":"ben","user_id":"a8a8","timestamp":"2026-11-20T07:28:41Z","sequence":42}"""
        },
        {
            new ChatMessageRecord(
                "r/ü",
                "4cd0",
                "text/plain",
                "a \"b\" \\ / <c> & 'd' é € 😀 \u007f \u2028 \u0001\n",
                "2026-11-20T07:28:42Z",
                long.MaxValue),
            "{\"record\":\"chat_message\",\"chat_name\":\"r/ü\",\"user_id\":\"4cd0\",\"mime_type\":\"text/plain\",\"message\":"
                + "\"a \\\"b\\\" \\\\ / <c> & 'd' é € 😀 \u007f \u2028 \\u0001\\n\","
                + "\"timestamp\":\"2026-11-20T07:28:42Z\",\"sequence\":9223372036854775807}"
        },
        {
            new LeftRecord("r1", "a8a8", "2026-11-20T07:28:44Z", 42),
            """{"record":"left","chat_name":"r1","user_id":"a8a8","timestamp":"2026-11-20T07:28:44Z","sequence":42}"""
        },
        { new PingReplyRecord(), """{"record":"ping_reply"}""" },
        { new ServerGoodbyeRecord(), """{"record":"server_goodbye"}""" },
    };

    [Theory]
    [MemberData(nameof(Records), DisableDiscoveryEnumeration = true)]
    public void A_record_has_these_bytes_and_is_read_back(FlackRecord record, string json)
    {
        byte[] bytes = FlackJson.Encode(record);
        Assert.Equal(json, Encoding.UTF8.GetString(bytes));
        Assert.Equal(json, Encoding.UTF8.GetString(FlackJson.Encode(FlackJson.ReadRecord(bytes))));
    }

    [Theory]
    [InlineData("""{"record":"news"}""")]
    [InlineData("""{"record":"left","chat_name":"r1"}""")]
    [InlineData("""{"record":"authenticated","user_id":7}""")]
    [InlineData("""{}""")]
    [InlineData("""[]""")]
    [InlineData("""null""")]
    [InlineData("")]
    public void A_record_that_no_server_sends_is_refused(string json) =>
        Assert.Throws<JsonException>(() => FlackJson.ReadRecord(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_client_that_reads_a_record_ignores_keys_that_it_does_not_know() =>
        Assert.Equal(new AuthenticatedRecord("a"), FlackJson.ReadRecord("""{"new":[1],"user_id":"a","record":"authenticated"}"""u8));

    [Fact]
    public void Times_are_whole_seconds_in_UTC() =>
        Assert.Equal("2026-11-20T07:00:22Z", FlackJson.TimeText(new DateTimeOffset(2026, 11, 20, 9, 0, 22, 999, TimeSpan.FromHours(2))));
}
