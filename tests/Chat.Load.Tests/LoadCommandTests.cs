using System.CommandLine;
using ErlChat.Load.Verbs;

namespace ErlChat.Load.Tests;

/// <summary>Answers to the command line before anything is measured.</summary>
public class LoadCommandTests
{
    public static TheoryData<string> Verbs => [.. LoadCommand.Create().Subcommands.Select(verb => verb.Name)];

    // Previously, asking for help ended in an exception, because there was no peer to look up.
    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Each_verb_explains_itself(string verb)
    {
        (int code, string said, string complained) = await RunAsync(verb, "--help");
        Assert.Equal(0, code);
        Assert.Contains("Usage:", said, StringComparison.Ordinal);
        Assert.Equal("", complained);
    }

    // Previously, so did a peer that does not exist.
    [Theory]
    [InlineData("'flak' not recognized", "park", "--peer", "flak")]
    [InlineData("flack takes 3000 listeners at the most.", "park", "--peer", "flack", "-n", "3001")]
    [InlineData("-n takes 1 to 18500.", "fanout", "-n", "0")]
    [InlineData("-n takes 1 to 18500.", "park", "-n", "many")]
    [InlineData("--limit takes 1 to 3600.", "storm", "--limit", "no")]
    [InlineData("-n takes 1 to 18500.", "fanout", "--peer", "flack", "-n", "many")]
    [InlineData("--rooms takes 1 to 1000.", "mixed", "--rooms", "no")]
    [InlineData("--people takes 1 to 5000.", "mixed", "--rooms", "1000", "--people", "no")]
    [InlineData("--rate takes 1 to 10000.", "stream", "--rate", "0")]
    [InlineData("--rate takes 1 to 10000.", "stream", "--rate", "10", "-5")]
    [InlineData("--rate takes 1 to 10000.", "stream", "--rate", "much")]
    [InlineData("-n takes 1 to 18500.", "cluster", "-n", "0")]
    [InlineData("--scale takes 1 to 100.", "cluster", "--scale", "0")]
    [InlineData("floor has no rooms.", "mixed", "--peer", "floor")]
    [InlineData("That is more than 18500 people.", "mixed", "--rooms", "1000", "--people", "50")]
    public async Task A_measurement_that_is_impossible_is_refused_in_a_sentence(string complaint, params string[] words)
    {
        (int code, _, string complained) = await RunAsync(words);
        Assert.Equal(1, code);
        Assert.Contains(complaint, complained, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Said, string Complained)> RunAsync(params string[] words)
    {
        using var said = new StringWriter();
        using var complained = new StringWriter();
        int code = await LoadCommand.Create().Parse(words).InvokeAsync(new InvocationConfiguration { Output = said, Error = complained });
        return (code, said.ToString(), complained.ToString());
    }
}
