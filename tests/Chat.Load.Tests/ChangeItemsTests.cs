using ErlChat.Load.Wire;

namespace ErlChat.Load.Tests;

public class ChangeItemsTests
{
    private const string Answer = """
        {"status":"ok","response":[{"id":7,"t":"chat_msg","d":{"nick":"p3","msg":"{\"id\":8,\"t\":\"reaction\",\"message\":9"}},
        {"id":40,"t":"message_edited","d":{"message":12,"nick":"talker0","msg":"hello ~0000004~"},"at":"2026-11-20T07:00:22.007Z"},
        {"id":41,"t":"reaction","d":{"message":13,"changes":[{"emoji":"👍","user":"12","nick":"p17","on":true},
        {"emoji":"👍","user":"p5","nick":"p1","on":true}]},"at":"2026-11-20T07:00:22.007Z"}]}
        """;

    [Fact]
    public void Edits_and_reactions_are_found_between_other_items()
    {
        List<string> found = [];
        ReadOnlySpan<byte> content = Replies.Bytes(Answer);
        while (ChangeItems.TryTake(ref content, out ReadOnlySpan<byte> item))
        {
            if (ChangeItems.IsEdit(item, out long message))
                found.Add($"edit of {message}: {(Marks.TryTake(ref item, out int text) ? text : -1)}");
            else if (ChangeItems.IsReaction(item, out message))
                found.AddRange(ReadersOf(item).Select(reader => $"reaction to {message} by {reader}"));
            else
                found.Add("other");
        }

        Assert.Equal(["other", "edit of 12: 4", "reaction to 13 by 17", "reaction to 13 by 1"], found);
    }

    private static List<int> ReadersOf(ReadOnlySpan<byte> item)
    {
        List<int> readers = [];
        while (ChangeItems.TryTakeReader(ref item, out int reader))
            readers.Add(reader);
        return readers;
    }
}
