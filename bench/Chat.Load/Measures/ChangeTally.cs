using System.Collections;

namespace ErlChat.Load.Measures;

/// <summary>
/// Records which listener was told of which edit and reaction of a plan, and so which text and how many reactions it now has for each
/// message.
/// </summary>
internal sealed class ChangeTally
{
    private readonly ChangePlan _plan;
    private readonly BitArray[] _edits;
    private readonly BitArray[] _reactions;
    private readonly int[] _texts;
    private readonly int[] _counts;

    internal ChangeTally(ChangePlan plan)
    {
        _plan = plan;
        _edits = [.. Enumerable.Range(0, plan.Listeners).Select(_ => new BitArray(plan.Edits))];
        _reactions = [.. Enumerable.Range(0, plan.Listeners).Select(_ => new BitArray(plan.Reactions))];
        _texts = new int[plan.Listeners * plan.Messages];
        _texts.AsSpan().Fill(-1);
        _counts = new int[plan.Listeners * plan.Messages];
    }

    /// <summary>How many edits and reactions arrived, at all listeners together, each once.</summary>
    internal long Received { get; private set; }

    internal long Lost => (long)_plan.Listeners * (_plan.Edits + _plan.Reactions) - Received;

    internal long Repeated { get; private set; }

    /// <summary>Edits that arrived after a later one of the same message, and so left an old text.</summary>
    internal long Reordered { get; private set; }

    /// <summary>Records an edit. Returns whether the listener was waiting for it.</summary>
    internal bool AddEdit(int listener, int edit)
    {
        ref int text = ref _texts[listener * _plan.Messages + _plan.MessageOfEdit(edit)];
        if (edit < text)
            Reordered++;
        text = edit;
        return IsNew(_edits[listener], edit);
    }

    /// <summary>Records a reaction. Returns whether the listener was waiting for it.</summary>
    internal bool AddReaction(int listener, int message, int author)
    {
        _counts[listener * _plan.Messages + message]++;
        return IsNew(_reactions[listener], _plan.ReactionOf(message, author));
    }

    /// <summary>At how many listeners a message does not have this text (the number of its edit) or this number of reactions.</summary>
    internal int CountWrong(int message, int text, int count) => Enumerable.Range(0, _plan.Listeners).Count(listener =>
        _texts[listener * _plan.Messages + message] != text || _counts[listener * _plan.Messages + message] != count);

    private bool IsNew(BitArray have, int number)
    {
        if (have[number])
        {
            Repeated++;
            return false;
        }

        have[number] = true;
        Received++;
        return true;
    }
}
