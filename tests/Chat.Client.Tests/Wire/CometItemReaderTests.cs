using System.Text;
using System.Text.Json;
using ErlChat.Protocol.Comet;

namespace ErlChat.Client.Tests;

public class CometItemReaderTests
{
    private static readonly DateTimeOffset s_at = new(2026, 11, 20, 7, 0, 0, 123, TimeSpan.Zero);

    public static TheoryData<CometItem> Items =>
    [
        new UserJoinedItem(1, s_at, null, "bob"),
        new UserJoinedItem(1, s_at, "tea", "bob"),
        new UserJoinedItem(1, s_at, null, "bob") { IsBack = true },
        new UserLeftItem(1, s_at, null, "bob", "timeout") { IsOffline = true },
        new UserLeftItem(2, s_at, null, "bob", "kicked: <noise>"),
        new ChatItem(3, s_at, "tea", "bob", "a \"b\" <c> \n 👋", Own: true, Action: true),
        new ChatItem(long.MaxValue, s_at, null, "bob", "", Own: false),
        new AdminItem(4, s_at, "bob", LoggedIn: true),
        new AdminItem(4, s_at, "bob", LoggedIn: false),
        new SystemItem(5, s_at, null, "plain"),
        new SystemItem(5, s_at, null, "<b> & \"quoted\"\nline", "&lt;b&gt; &amp; &quot;quoted&quot;<br>line"),
        new WhisperItem(6, s_at, "bob", "alice", "p<s>st", Own: true),
        new TopicItem(7, s_at, "tea", "bob", ""),
        new RenamedItem(7, s_at, "tea", "bob", "Coffee"),
        new RenamedItem(7, s_at, null, "bob", null),
        new PartedItem(8, s_at, "tea"),
    ];

    [Theory]
    [MemberData(nameof(Items))]
    public void Encoded_items_are_read_back(CometItem item) => Assert.Equal(item, Parse(Encoding.UTF8.GetString(CometJson.Encode(item))));

    [Fact]
    public void Lists_are_read_back()
    {
        var left = Assert.IsType<UserLeftItem>(
            Parse(Encoding.UTF8.GetString(CometJson.Encode(new UserLeftItem(1, s_at, null, "bob", "normal", ["lobby", "tea"])))));
        Assert.Equal(["lobby", "tea"], left.Rooms!);
        var entered = Assert.IsType<EnteredItem>(
            Parse(Encoding.UTF8.GetString(CometJson.Encode(new EnteredItem(1, s_at, "tea", "green", ["bob", "alice"])))));
        Assert.Equal(("green", "bob,alice"), (entered.Topic, string.Join(',', entered.Users)));
    }

    [Theory]
    [InlineData("""{"id":1}""")]
    [InlineData("""{"id":1,"t":null,"d":null,"at":17,"room":[]}""")]
    [InlineData("""{"id":1,"t":"chat_msg","d":{"nick":"bob"}}""")]
    [InlineData("""{"id":1,"t":"chat_msg","d":{"nick":"bob","msg":"\ud800"}}""")]
    [InlineData("""{"id":1,"t":"user_left_room","d":"bob"}""")]
    public void Items_that_are_not_understood_are_kept_as_unknown(string json) =>
        Assert.Equal(json, Assert.IsType<UnknownItem>(Parse(json)).Json);

    [Theory]
    [InlineData("{}")]
    [InlineData("17")]
    [InlineData("""{"id":"1"}""")]
    [InlineData("""{"id":1.5}""")]
    public void An_item_without_an_id_is_an_error(string json) => Assert.Throws<JsonException>(() => Parse(json));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("""{"status":"ok"}""")]
    [InlineData("""{"status":"maybe","response":1}""")]
    [InlineData("""{"status":"ok","response":1} {}""")]
    [InlineData("""{"status":"error","response":{}}""")]
    public void Anything_but_an_envelope_is_an_error(string json) =>
        Assert.ThrowsAny<JsonException>(() => CometAnswer.Parse(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void The_members_of_an_envelope_are_read_tolerantly()
    {
        CometAnswer answer = CometAnswer.Parse(
            """{"status":"ok","response":"reconnect","stopping":true,"retry_after":1.5,"id":7,"epoch":"e","new":{}}"""u8);
        Assert.True(answer.IsReconnect && answer.IsStopping);
        Assert.Equal((TimeSpan.FromSeconds(1.5), 7, "e", null), (answer.RetryAfter, answer.Id, answer.Epoch, answer.Reason));
        CometAnswer odd = CometAnswer.Parse(
            """{"status":"error","response":"x","stopping":1,"retry_after":"soon","id":null,"epoch":[]}"""u8);
        Assert.Equal(("x", null, null, null, false), (odd.Error, odd.RetryAfter, odd.Id, odd.Epoch, odd.IsStopping));
    }

    private static CometItem Parse(string json) => CometItemReader.Parse(JsonElement.Parse(json));
}
