using ErlChat.Load.Measures;

namespace ErlChat.Load.Tests;

/// <summary>Every statement about edits and reactions depends on this: what each listener ends with is checked too.</summary>
public class ChangeTallyTests
{
    // 2 listeners and 2 messages. Edits 0 and 2 are of the first message, 1 and 3 of the second.
    private readonly ChangePlan _plan = new() { Listeners = 2, Messages = 2, EditsPerMessage = 2, Time = TimeSpan.FromSeconds(1) };
    private readonly ChangeTally _tally;

    public ChangeTallyTests() => _tally = new ChangeTally(_plan);

    [Fact]
    public void All_changes_at_all_listeners_are_complete()
    {
        for (int listener = 0; listener < 2; listener++)
            AddAllTo(listener);
        Assert.Equal((0, 0, 0), (_tally.Lost, _tally.Repeated, _tally.Reordered));
        Assert.Equal((0, 0), (CountWrong(0), CountWrong(1)));
    }

    [Fact]
    public void What_did_not_arrive_is_lost_and_its_messages_are_wrong()
    {
        AddAllTo(0);
        _tally.AddReaction(listener: 1, message: 0, author: 0);
        Assert.Equal((7, 0, 0), (_tally.Lost, _tally.Repeated, _tally.Reordered));
        Assert.Equal((1, 1), (CountWrong(0), CountWrong(1)));
    }

    [Fact]
    public void A_repeated_reaction_does_not_make_up_for_a_lost_one()
    {
        Assert.True(_tally.AddReaction(listener: 0, message: 0, author: 1));
        Assert.False(_tally.AddReaction(listener: 0, message: 0, author: 1));
        Assert.Equal((15, 1), (_tally.Lost, _tally.Repeated));
    }

    [Fact]
    public void An_edit_that_comes_after_a_later_one_leaves_the_wrong_text()
    {
        AddAllTo(0);
        AddAllTo(1, edits: [2, 0, 1, 3]);
        Assert.Equal((0, 0, 1), (_tally.Lost, _tally.Repeated, _tally.Reordered));
        Assert.Equal((1, 0), (CountWrong(0), CountWrong(1)));
    }

    private void AddAllTo(int listener, params ReadOnlySpan<int> edits)
    {
        foreach (int edit in edits.Length > 0 ? edits : [0, 1, 2, 3])
            _tally.AddEdit(listener, edit);
        for (int reaction = 0; reaction < _plan.Reactions; reaction++)
            _tally.AddReaction(listener, _plan.MessageOfReaction(reaction), _plan.ListenerOfReaction(reaction));
    }

    private int CountWrong(int message) => _tally.CountWrong(message, _plan.LastEditOf(message), _plan.Listeners);
}
