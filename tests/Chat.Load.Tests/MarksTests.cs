using ErlChat.Load.Wire;

namespace ErlChat.Load.Tests;

public class MarksTests
{
    [Fact]
    public void Every_number_of_an_answer_is_found_in_order()
    {
        byte[] answer = Replies.Bytes(
            $"{{\"status\":\"ok\",\"response\":[{{\"msg\":\"{Marks.Text(7)}\"}},{{\"msg\":\"{Marks.Text(1_234_567)}\"}}]}}");
        Assert.Equal([7, 1_234_567], All(answer));
    }

    [Theory]
    [InlineData("")]
    [InlineData("~")]
    [InlineData("~0000007")]
    [InlineData("~000007~ ~00000x7~ ~~~~~~~~~")]
    public void Text_that_only_looks_like_a_number_is_not_one(string text) => Assert.Empty(All(Replies.Bytes(text)));

    [Fact]
    public void A_tilde_before_a_number_does_not_hide_it() => Assert.Equal([5], All("a ~ b ~12~0000005~"u8));

    [Fact]
    public void The_last_id_of_a_poll_is_the_cursor()
    {
        ReadOnlySpan<byte> answer = """{"status":"ok","response":[{"id":41,"t":"chat_msg"},{"id":44,"t":"chat_msg"}]}"""u8;
        Assert.Equal(44, Numbers.AfterLast(answer, "{\"id\":"u8));
        Assert.Equal(-1, Numbers.AfterLast("{}"u8, "{\"id\":"u8));
        Assert.Equal(1.25, Numbers.DecimalAfter("""{"retry_after":1.25}"""u8, "\"retry_after\":"u8));
    }

    private static List<int> All(ReadOnlySpan<byte> text)
    {
        var numbers = new List<int>();
        while (Marks.TryTake(ref text, out int number))
            numbers.Add(number);
        return numbers;
    }
}
