using CsCheck;
using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.State;
using ErlChat.Texts;

namespace ErlChat.Tests;

/// <summary>
/// Who gets a nick that is not ASCII: whatever comes from the log, no two people have the same one, or such that look alike.
/// </summary>
public class ChatStateNickTests
{
    private static readonly string[] s_nicks =
    [
        "straße", "STRASSE", "Straße", "strasse", "Zoë", "ZOË", "zoe", "Анна", "АННА", "Anna", "сор", "cop", "σίσυφος", "ΣΊΣΥΦΟΣ",
        "İbo", "ibo", "IBO", "ıbo", "花子", "l1", "ll",
    ];

    [Theory]
    [InlineData("straße", "STRASSE")]
    [InlineData("STRASSE", "straße")]
    [InlineData("Zoë", "ZOË")]
    [InlineData("ΣΊΣΥΦΟΣ", "σίσυφος")]
    [InlineData("Gießen", "GIESSEN")]
    [InlineData("ibrahim", "İbrahim")]
    [InlineData("İbrahim", "IBRAHIM")]
    [InlineData("ıbo", "Ibo")]
    public void A_nick_has_one_owner_in_all_its_spellings(string first, string second)
    {
        var fold = new Fold();
        SessionKey owner = fold.Join(first);
        Assert.Equal(Refusal.NickTaken, fold.Refused(Fold.Joining(second)));
        Assert.Equal(first, fold.State.FindOwner(second)!.Who.Nick);

        // A restart keeps that.
        var restored = ChatState.Restore(fold.State.Capture());
        Assert.Equal(first, restored.FindOwner(second)!.Who.Nick);

        // Who leaves frees the nick.
        fold.Accepted(new Left(owner, CloseReason.Left));
        Assert.Null(fold.State.FindOwner(second));
        fold.Join(second);
    }

    [Theory]
    [InlineData("cop", "сор")]
    [InlineData("сор", "cop")]
    [InlineData("ААА", "AAA")]
    public void Nicks_that_look_alike_have_one_owner(string first, string second)
    {
        var fold = new Fold();
        fold.Apply(Fold.Joining(first) with { NickLook = Skeleton.Of(first) });
        Assert.Equal(Refusal.NickTaken, fold.Refused(Fold.Joining(second) with { NickLook = Skeleton.Of(second) }));
    }

    [Fact]
    public void A_name_that_is_reduced_avoids_the_spellings_of_others()
    {
        var fold = new Fold();
        fold.Join("Straße");
        JoinAccepted joined = Assert.IsType<JoinAccepted>(fold.Apply(Fold.Joining("Strasse", adjust: true)));
        Assert.Equal("Strasse2", joined.Who.Nick);
    }

    [Fact]
    public void Reserved_nicks_are_reserved_in_all_spellings() =>
        Assert.Equal(Refusal.NickTaken, new Fold().Refused(Fold.Joining("admİn")));

    [Fact]
    public void Equal_keys_and_equal_looks_have_the_same_owner_in_any_history() => Property.Holds(
        Gen.Select(Gen.OneOf(s_nicks), Gen.Int[0, 3]).Array[1, 40],
        2_000,
        static steps =>
        {
            var fold = new Fold();
            var here = new Dictionary<string, SessionKey>();
            int number = 0;
            foreach ((string nick, int action) in steps)
            {
                if (action == 0 && here.Remove(nick, out SessionKey gone))
                {
                    fold.Accepted(new Left(gone, CloseReason.Left));
                    continue;
                }

                bool isFree = !here.Keys.Any(other => Nick.Same(other, nick)
                    || (!string.Equals(other, nick, StringComparison.OrdinalIgnoreCase) && Skeleton.Of(other) == Skeleton.Of(nick)));
                Joined entry = Fold.Joining(nick, key: $"session {number++}") with { NickLook = Skeleton.Of(nick) };
                Assert.Equal(isFree, fold.Apply(entry) is JoinAccepted);
                if (isFree)
                    here.Add(nick, entry.Session);
            }

            var restored = ChatState.Restore(fold.State.Capture());
            Assert.Equal(Plain.Of(fold.State.Capture()), Plain.Of(restored.Capture()));
            Assert.All(s_nicks, nick =>
                Assert.Equal(fold.State.FindOwner(nick)?.Who.UserId, restored.FindOwner(nick)?.Who.UserId));
        });
}
