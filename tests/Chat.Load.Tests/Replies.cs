using System.Text;
using ErlChat.Load.Wire;

namespace ErlChat.Load.Tests;

/// <summary>Reads replies from text the way a connection does: from the beginning, as long as there is a complete one.</summary>
internal static class Replies
{
    internal static List<Answer> Read(IFraming framing, ReadOnlySpan<byte> input, out int left)
    {
        var answers = new List<Answer>();
        while (input.Length > 0 && framing.TryRead(input, out Reply reply, out int consumed))
        {
            answers.Add(new Answer(reply));
            input = input[consumed..];
        }

        left = input.Length;
        return answers;
    }

    internal static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
