using System.Reflection;
using ErlChat.Outcomes;
using ErlChat.Protocol.Comet;
using ErlChat.Web.Comet;

namespace ErlChat.Web.Tests;

/// <summary>Every refusal has a word on the wire, and every word is one of the contract's.</summary>
public class RefusalTableTests
{
    public static TheoryData<Refusal> All => [.. Enum.GetValues<Refusal>()];

    [Theory]
    [MemberData(nameof(All))]
    public void It_has_a_word_and_a_text_for_the_login_page(Refusal why)
    {
        string[] words = [.. typeof(CometErrors).GetFields(BindingFlags.Static | BindingFlags.Public).Select(field => (string)field.GetRawConstantValue()!)];
        Assert.Contains(RefusalTable.CometError(why), words);
        Assert.Matches("^[a-z_]+$", RefusalTable.CometError(why));
        Assert.EndsWith(why == Refusal.HostBanned ? "seconds" : ".", RefusalTable.LoginText(new Refused(why, TimeSpan.FromSeconds(7))), StringComparison.Ordinal);
    }

    [Fact]
    public void No_word_stands_for_two_refusals_that_clients_tell_apart()
    {
        string[] words = [.. Enum.GetValues<Refusal>().Select(RefusalTable.CometError).Where(word => word != CometErrors.NotAllowed)];
        Assert.Equal(words.Length, words.Distinct().Count());
    }

    [Theory]
    [InlineData(Refusal.HostBanned, "You are banned from the chat server. Time remaining: 7 seconds")]
    [InlineData(Refusal.HostFull, "Your host has too many connections to the chat server.")]
    [InlineData(Refusal.NickInvalid, "The nickname must be alphanumeric and not blank.")]
    [InlineData(Refusal.NickTaken, "The nickname is not available.")]
    public void The_four_refusals_of_a_login_are_the_originals(Refusal why, string text) =>
        Assert.Equal(text, RefusalTable.LoginText(new Refused(why, TimeSpan.FromSeconds(7))));
}
