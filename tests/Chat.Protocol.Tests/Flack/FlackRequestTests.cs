using System.Text;
using CsCheck;
using ErlChat.Protocol.Flack;

namespace ErlChat.Protocol.Tests.Flack;

/// <summary>What clients send, well-formed or not. The server's tests cover the states in which it arrives.</summary>
public class FlackRequestTests
{
    public static TheoryData<FlackRequest, string> Requests => new()
    {
        { new ClientHelloRequest("1.0"), """{"record":"client_hello","protocol_version":"1.0"}""" },
        { new AuthenticateRequest("Ann Müller!"), """{"record":"authenticate","user_name":"Ann Müller!"}""" },
        { new AuthenticateRequest("ann", "a-1_B"), """{"record":"authenticate","user_name":"ann","user_id":"a-1_B"}""" },
        { new JoinChatRequest("r/1"), """{"record":"join_chat","chat_name":"r/1"}""" },
        {
            new ChatMessageRequest("r", "text/plain", "hi 😀"),
            """{"record":"chat_message","chat_name":"r","mime_type":"text/plain","message":"hi 😀"}"""
        },
        { new LeaveChatRequest("r"), """{"record":"leave_chat","chat_name":"r"}""" },
        { new PingRequest(), """{"record":"ping"}""" },
        { new ClientGoodbyeRequest(), """{"record":"client_goodbye"}""" },
    };

    [Theory]
    [MemberData(nameof(Requests), DisableDiscoveryEnumeration = true)]
    public void A_request_has_these_bytes_and_is_read_back(FlackRequest request, string json)
    {
        Assert.Equal(json, Encoding.UTF8.GetString(FlackJson.Encode(request)));
        Assert.Equal(request, FlackRequestReader.Read(Encoding.UTF8.GetBytes(json)));
    }

    [Theory]
    [InlineData("""{"message":"hi","mime_type":"text/plain","chat_name":"r","record":"chat_message"}""")]
    [InlineData("""{"user_id":"x","sequence":42,"timestamp":"now","message":"hi","mime_type":"text/plain","""
        + """ "chat_name":"r","record":"chat_message"}""")]
    [InlineData(""" {"x":{"record":"ping","y":[{"z":null}]},"message":"\u0068i","mime_type":"text\/plain","""
        + """ "chat_name":"r","record":"chat_message"} """)]
    public void Keys_come_in_any_order_and_others_are_ignored(string json) =>
        Assert.Equal(new ChatMessageRequest("r", "text/plain", "hi"), FlackRequestReader.Read(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("""{"record":"authenticate","user_name":"a","user_id":""}""")]
    [InlineData("""{"record":"authenticate","user_name":"a","user_id":null}""")]
    [InlineData("""{"record":"authenticate","user_name":"a","user_id":{"a":1}}""")]
    [InlineData("""{"record":"authenticate","user_name":"a","user_id":"é"}""")]
    public void An_invalid_user_id_counts_as_none(string json) =>
        Assert.Equal(new AuthenticateRequest("a"), FlackRequestReader.Read(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("\uFEFF{\"record\":\"ping\"}")]
    [InlineData("""{"record":"ping",}""")]
    [InlineData("""{"record":"ping"/**/}""")]
    [InlineData("""{'record':'ping'}""")]
    [InlineData("""{"Record":"ping"}""")]
    [InlineData("""{"record":"PING"}""")]
    [InlineData("""{"record":"ping"}x""")]
    [InlineData("""{"record":"ping","chat_name":"a","chat_name":"b"}""")]
    [InlineData("""{"record":"ping","\u0072ecord":"ping"}""")]
    [InlineData("""{"record":"ping","x":["\udc00"]}""")]
    [InlineData("""{"record":"ping","\ud800":1}""")]
    [InlineData("""{"record":"ping","x":{"y":{"\ud800x":1}}}""")]
    [InlineData("""{"record":"join_chat","chat_name":"\ud83d"}""")]
    [InlineData("""{"record":"server_hello","protocol_version":"1.0"}""")]
    public void What_does_not_belong_to_the_wire_is_unrecognized(string json) =>
        Assert.IsType<UnrecognizedRequest>(FlackRequestReader.Read(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Endless_nesting_is_unrecognized_and_does_no_harm()
    {
        string json = $$"""{"record":"ping","x":{{new string('[', 30_000)}}""";
        Assert.IsType<UnrecognizedRequest>(FlackRequestReader.Read(Encoding.UTF8.GetBytes(json)));
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        byte[] good = Encoding.UTF8.GetBytes("""{"record":"chat_message","chat_name":"r\u00e9","mime_type":"text/plain","""
            + """ "message":"hi","x":[1,2.5e3,true,null,{}]}""");
        Gen<(int At, byte Value)[]> changes = Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[0, 3];
        Property.Holds(
            Gen.Select(Gen.Int[0, good.Length], changes, Changed),
            20_000,
            bytes => Assert.NotNull(FlackRequestReader.Read(bytes)),
            Encoding.Latin1.GetString);

        byte[] Changed(int length, (int At, byte Value)[] all)
        {
            byte[] bytes = [.. good];
            foreach ((int at, byte value) in all)
                bytes[at] = value;
            return bytes[..length];
        }
    }
}
