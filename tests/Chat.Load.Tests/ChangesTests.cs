using ErlChat.Load.Verbs;

namespace ErlChat.Load.Tests;

/// <summary>The measurement of edits and reactions on a real server, in small.</summary>
public class ChangesTests
{
    [Fact]
    public async Task All_listeners_end_with_the_texts_and_reactions_of_the_history()
    {
        string[] words = ["changes", "-n", "20", "--messages", "3", "--edits", "5", "--seconds", "1", "--limit", "60"];
        Assert.Equal(0, await Task.Run(() => LoadCommand.Create().Parse(words).InvokeAsync()));
    }
}
