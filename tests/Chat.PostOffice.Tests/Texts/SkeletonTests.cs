using ErlChat.Log;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.State;
using ErlChat.Texts;

namespace ErlChat.Tests;

/// <summary>What names look like.</summary>
public class SkeletonTests
{
    [Theory]
    [InlineData("lobby", "l\u043ebby")]
    [InlineData("lobby", "1\u03bfbby")]
    [InlineData("admin", "adrnin")]
    [InlineData("Jos\u00e9", "Jose\u0301")]
    [InlineData("Jos\u00e9", "Jos\u0435\u0301")]
    [InlineData("a\u0323\u0301", "a\u0301\u0323")]
    [InlineData("\uac01", "\u1100\u1161\u11a8")]
    [InlineData("ＡＢＣ", "ABC")]
    [InlineData("𝓐nna", "Anna")]
    [InlineData("paypal", "\u0440\u0430\u0443\u0440\u0430l")]
    [InlineData("I", "|")]
    public void Alike(string one, string other) => Assert.Equal(Skeleton.Of(one), Skeleton.Of(other));

    [Theory]
    [InlineData("anna1", "anna2")]
    [InlineData("robert", "Robert2")]
    [InlineData("Jos\u00e9", "Jose")]
    [InlineData("Иван", "Ivan")]
    [InlineData("Müller", "Muller")]
    [InlineData("bob", "dod")]
    [InlineData("\u0e01", "\u0e16")]
    public void Not_alike(string one, string other) => Assert.NotEqual(Skeleton.Of(one), Skeleton.Of(other));

    [Fact]
    public void Numbered_nicks_stay_apart()
    {
        string[] looks = [.. Enumerable.Range(0, 2000).SelectMany(i => new[] { $"user{i}", $"load{i}", $"u{i}x", $"{i:x8}" }).Distinct().Select(Skeleton.Of)];
        Assert.Equal(looks.Length, looks.Distinct().Count());
    }

    // The fold may not ask the table, since two versions of it differ: entries say what names look like, and those of logs before say nothing.
    [Fact]
    public void The_fold_goes_by_what_the_entries_carry()
    {
        var fold = new Fold();
        Assert.IsType<JoinAccepted>(fold.Apply(Fold.Joining("robert") with { NickLook = "r" }));
        Assert.Equal(Refusal.NickTaken, fold.Refused(Fold.Joining("zoe") with { NickLook = "r" }));
        Assert.Equal(Refusal.NickTaken, fold.Refused(Fold.Joining("zoe", adjust: true, name: "Zoë") with { NickLook = "z", NameLook = "r" }));
        Assert.IsType<JoinAccepted>(fold.Apply(Fold.Joining("r0bert")));
        Assert.Equal("eve2", Assert.IsType<JoinAccepted>(fold.Apply(Fold.Joining("eve", adjust: true, name: "Eve!") with { NickLook = "r", NameLook = "e!" })).Who.Nick);
        SessionKey robert = SessionKey.Of("robert");
        Assert.IsType<RoomAccepted>(fold.Apply(new EnteredRoom(robert, "den", false, 10, 10) { Look = "d" }));
        Assert.Equal(Refusal.LooksAlike, fold.Refused(new EnteredRoom(robert, "other", false, 10, 10) { Look = "d" }));
        Assert.IsType<RoomAccepted>(fold.Apply(new EnteredRoom(robert, "older", false, 10, 10)));

        // A snapshot keeps all of it.
        ChatState restored = ChatState.Restore(fold.State.Capture());
        Assert.True(restored.Looks.IsTaken("r", "zoe"));
        Assert.True(restored.Looks.IsTaken("e!", "zoe"));
        var postings = new List<Posting>();
        Assert.Equal(
            Refusal.LooksAlike,
            Assert.IsType<Refused>(restored.Apply(1000, new EnteredRoom(robert, "other", false, 10, 10) { Look = "d", Id = new CommandId("run", 99) }, postings)).Why);

        // And it is gone with whom it belonged to.
        fold.Accepted(new Left(robert, CloseReason.Left));
        Assert.IsType<JoinAccepted>(fold.Apply(Fold.Joining("zoe") with { NickLook = "r" }));
    }

    [Fact]
    public void Mutes_outlive_a_snapshot_and_are_bounded()
    {
        var fold = new Fold();
        SessionKey admin = fold.JoinAdmin("boss");
        for (int i = 0; i < Mutes.Limit + 5; i++)
        {
            SessionKey one = fold.Join($"u{i}", $"host{i}");
            fold.Accepted(new Muted(admin, $"u{i}", fold.Now + TimeSpan.FromMinutes(i + 1)) { Outlives = true });
            fold.Accepted(new Left(one, CloseReason.Left));
        }

        Assert.Equal(Mutes.Limit, fold.State.Capture().Mutes!.Count);
        ChatState restored = ChatState.Restore(fold.State.Capture());
        var postings = new List<Posting>();
        restored.Apply(100_000, Fold.Joining("U900", "elsewhere") with { Id = new CommandId("run2", 1), At = fold.Now }, postings);
        Assert.IsType<Refused>(restored.Apply(100_001, new Said(SessionKey.Of("U900"), "lobby", "x", false) { Id = new CommandId("run2", 2), At = fold.Now }, postings));

        // The next mute forgets those that have ended.
        fold.Now += TimeSpan.FromMinutes(Mutes.Limit + 2);
        fold.Join("late", "host");
        fold.Accepted(new Muted(admin, "late", fold.Now + TimeSpan.FromMinutes(1)) { Outlives = true });
        Assert.InRange(fold.State.Capture().Mutes!.Count, 1, 5);
    }
}
