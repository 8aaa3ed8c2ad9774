using ErlChat.Log;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>The fold: repeated entries and repeated commands.</summary>
public class ChatStateOnceTests
{
    private readonly Fold _fold = new();

    [Fact]
    public void An_entry_that_comes_again_has_no_effect()
    {
        var state = new ChatState();
        var postings = new List<Posting>();
        Entry join = Fold.Joining("bob") with { Id = new CommandId("run", 5) };
        Assert.IsType<JoinAccepted>(state.Apply(1, join, postings));
        postings.Clear();
        Assert.Null(state.Apply(2, join, postings));
        Assert.Null(state.Apply(3, Fold.Joining("older") with { Id = new CommandId("run", 4) }, postings));
        Assert.Empty(postings);
        Assert.Single(state.Sessions);
        Assert.Equal(3, state.Sequence);
        Assert.IsType<JoinAccepted>(state.Apply(4, Fold.Joining("other") with { Id = new CommandId("another run", 1) }, postings));
    }

    [Fact]
    public void With_many_runs_the_least_recent_one_is_forgotten()
    {
        var state = new ChatState();
        for (int run = 0; run < 65; run++)
            state.Apply(run + 1, Fold.Joining($"u{run}") with { Id = new CommandId($"run {run}", 1) }, []);
        OriginImage[] origins = [.. state.Capture().Origins];
        Assert.Equal(64, origins.Length);
        Assert.DoesNotContain(origins, origin => origin.Origin == "run 0");
    }

    [Fact]
    public void The_same_key_within_ten_minutes_answers_with_the_first_outcome_and_does_nothing()
    {
        SessionKey bob = _fold.Join("bob");
        Outcome first = _fold.Apply(new Said(bob, "lobby", "once", false) { Key = "k" });
        _fold.Now += TimeSpan.FromMinutes(10);
        var again = Assert.IsType<Repeated>(_fold.Apply(new Said(bob, "lobby", "once", false) { Key = "k" }));
        Assert.Equal(first, again.First);
        Assert.Empty(_fold.Postings);
        _fold.Now += TimeSpan.FromTicks(1);
        Assert.IsType<Accepted>(_fold.Apply(new Said(bob, "lobby", "once", false) { Key = "k" }));
    }

    [Fact]
    public void A_refusal_is_remembered_as_a_first_outcome_too()
    {
        SessionKey bob = _fold.Join("bob");
        Assert.Equal(Refusal.NotInRoom, _fold.Refused(new Said(bob, "den", "x", false) { Key = "k" }));
        _fold.Enter(bob, "den");
        Assert.Equal(new Repeated(new Refused(Refusal.NotInRoom)), _fold.Apply(new Said(bob, "den", "x", false) { Key = "k" }));
    }

    [Fact]
    public void A_key_belongs_to_its_session_and_is_case_sensitive()
    {
        SessionKey bob = _fold.Join("bob"), carol = _fold.Join("carol");
        _fold.Accepted(new Said(bob, "lobby", "x", false) { Key = "k" });
        _fold.Accepted(new Said(carol, "lobby", "x", false) { Key = "k" });
        _fold.Accepted(new Said(bob, "lobby", "x", false) { Key = "K" });
    }

    [Fact]
    public void Peeking_at_a_key_finds_what_the_fold_would_and_forgets_nothing()
    {
        SessionKey bob = _fold.Join("bob");
        DateTimeOffset at = _fold.Now;
        Outcome first = _fold.Apply(new Said(bob, "lobby", "x", false) { Key = "k" });
        KeyedOutcomes keyed = _fold.State.Sessions[bob].Keyed!;
        Assert.Null(keyed.Peek("other", at));
        Assert.Null(keyed.Peek("k", at + KeyedOutcomes.Lifetime + TimeSpan.FromTicks(1)));
        Assert.Equal(first, keyed.Peek("k", at + KeyedOutcomes.Lifetime));
    }

    // Regression: nodes' clocks may differ. A key from a slow clock was queued after a younger one, so after its lifetime Find still found
    // it and Peek did not.
    [Fact]
    public void A_key_from_a_slow_clock_is_forgotten_with_the_one_before_it()
    {
        var keyed = new KeyedOutcomes();
        DateTimeOffset now = _fold.Now;
        keyed.Add("young", now + TimeSpan.FromMinutes(5), new Accepted(1));
        keyed.Add("old", now, new Accepted(2));
        for (int minutes = 5; minutes <= 16; minutes++)
        {
            DateTimeOffset later = now + TimeSpan.FromMinutes(minutes);
            Assert.Equal(minutes <= 15, keyed.Peek("old", later) is not null);
            Assert.Equal(minutes <= 15, keyed.Find("old", later) is not null);
        }
    }
}
