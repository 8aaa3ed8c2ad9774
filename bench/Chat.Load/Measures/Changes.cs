using ErlChat.Load.Drivers.Comet;

namespace ErlChat.Load.Measures;

/// <summary>
/// Sends edits and reactions at a steady rate to many listeners, who also react themselves. Like a <see cref="Stream"/>, it keeps the rate
/// even if the server falls behind.
/// </summary>
internal sealed class Changes : IDeliveries
{
    /// <summary>What the server does once before anything is measured: it compiles its code.</summary>
    private static readonly ChangePlan s_warmUp =
        new() { Listeners = 0, Messages = 2, EditsPerMessage = 25, Time = TimeSpan.FromSeconds(2) };

    private readonly Reactor _reactor;
    private readonly Crowd _crowd;
    private readonly CometTalker[] _reacting;
    private readonly ChangePlan _plan;
    private readonly ChangeTally _tally;
    private readonly Histogram _edits = new();
    private readonly Histogram _reactions = new();
    private readonly Dictionary<long, int> _messages = [];
    private long[] _ids = [];
    private long _started, _ended;
    private int _sentEdits, _sentReactions;
    private long _editItems, _reactionItems, _inTime;

    private Changes(Reactor reactor, Crowd crowd, CometTalker[] reacting, ChangePlan plan) =>
        (_reactor, _crowd, _reacting, _plan, _tally) = (reactor, crowd, reacting, plan, new ChangeTally(plan));

    /// <summary>Gathers a crowd with all listeners in one room, warms up the server, and measures.</summary>
    internal static async Task<ChangeFigures> RunAsync(Reactor reactor, IPeer peer, ChangePlan plan, CancellationToken cancellationToken)
    {
        using Crowd crowd = await Crowd.GatherAsync(reactor, peer, plan.Listeners, plan.Messages, cancellationToken);
        await crowd.EnterAsync(cancellationToken);
        CometTalker[] reacting =
        [
            .. crowd.Listeners.Select(listener => new CometTalker(reactor, listener.Number, null, ((CometListener)listener).Cookie)),
        ];
        try
        {
            await Crowd.ForEachAsync(reacting, talker => talker.EnterAsync(peer.Server.Port), cancellationToken);
            ChangePlan warmUp = s_warmUp with { Listeners = plan.Listeners, Messages = Math.Min(s_warmUp.Messages, plan.Messages) };
            var first = new Changes(reactor, crowd, reacting, warmUp);
            await crowd.ParkAsync(first, pollAgain: true, cancellationToken);
            await first.RunAsync(cancellationToken);
            return await new Changes(reactor, crowd, reacting, plan).RunAsync(cancellationToken);
        }
        finally
        {
            foreach (CometTalker talker in reacting)
                talker.Dispose();
        }
    }

    private async Task<ChangeFigures> RunAsync(CancellationToken cancellationToken)
    {
        foreach (Listener listener in _crowd.Listeners)
            listener.Deliveries = this;
        CometTalker[] authors = [.. _crowd.Talkers.Take(_plan.Messages).Cast<CometTalker>()];

        // No edit has this text.
        _ids = await Task.WhenAll(authors.Select(author => author.PostAsync(_plan.Edits)));
        for (int i = 0; i < _ids.Length; i++)
            _messages[_ids[i]] = i;
        await _reactor.DelayAsync(TimeSpan.FromSeconds(1));
        TimeSpan cpu = _crowd.Peer.CpuTime;
        _started = Clock.Now;
        _ended = _started + Clock.Ticks(_plan.Time);
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        SendWhatIsDue(authors, sent);
        await sent.Task;
        long patience = Clock.Now + Clock.Ticks(Stream.Drain);
        while (_tally.Lost > 0 && Clock.Now < patience && !cancellationToken.IsCancellationRequested)
            await _reactor.DelayAsync(TimeSpan.FromMilliseconds(20));
        cpu = _crowd.Peer.CpuTime - cpu;
        _crowd.CheckTalkers();
        _crowd.CheckListeners();
        if (_reacting.Select(talker => talker.Refused).FirstOrDefault(why => why is not null) is { } refused)
            throw new IOException("A reaction was refused: " + refused);
        return Figures(cpu, await CountWrongAsync(authors));
    }

    void IDeliveries.Delivered(Listener listener, ReadOnlySpan<byte> content)
    {
        long now = Clock.Now;
        while (ChangeItems.TryTake(ref content, out ReadOnlySpan<byte> item))
        {
            if (ChangeItems.IsEdit(item, out long id))
                Edited(listener.Number, id, item, now);
            else if (ChangeItems.IsReaction(item, out id))
                Reacted(listener.Number, id, item, now);
        }
    }

    void IDeliveries.Failed(Listener listener, string why)
    {
        // The listener records the failure itself.
    }

    private void Edited(int listener, long id, ReadOnlySpan<byte> item, long now)
    {
        if (!_messages.ContainsKey(id) || !Marks.TryTake(ref item, out int edit))
            return;
        _editItems++;
        _inTime += now < _ended ? 1 : 0;
        if (_tally.AddEdit(listener, edit))
            _edits.Add(Clock.Milliseconds(now - DueOfEdit(edit)));
    }

    private void Reacted(int listener, long id, ReadOnlySpan<byte> item, long now)
    {
        if (!_messages.TryGetValue(id, out int message))
            return;
        _reactionItems++;
        _inTime += now < _ended ? 1 : 0;
        while (ChangeItems.TryTakeReader(ref item, out int author))
        {
            if (_tally.AddReaction(listener, message, author))
                _reactions.Add(Clock.Milliseconds(now - DueOfReaction(_plan.ReactionOf(message, author))));
        }
    }

    private void SendWhatIsDue(CometTalker[] authors, TaskCompletionSource sent)
    {
        for (; _sentEdits < _plan.Edits && DueOfEdit(_sentEdits) <= Clock.Now; _sentEdits++)
        {
            int message = _plan.MessageOfEdit(_sentEdits);
            authors[message].Edit(_ids[message], _sentEdits);
        }

        for (; _sentReactions < _plan.Reactions && DueOfReaction(_sentReactions) <= Clock.Now; _sentReactions++)
            _reacting[_plan.ListenerOfReaction(_sentReactions)].React(_ids[_plan.MessageOfReaction(_sentReactions)]);

        if (_sentEdits == _plan.Edits && _sentReactions == _plan.Reactions)
            sent.TrySetResult();
        else
            _reactor.At(Math.Min(DueOfEdit(_sentEdits), DueOfReaction(_sentReactions)), () => SendWhatIsDue(authors, sent));
    }

    /// <summary>Compares the text and the number of reactions of each message with the plan, in the history and at all listeners.</summary>
    private async Task<long> CountWrongAsync(CometTalker[] authors)
    {
        long wrong = 0;
        for (int message = 0; message < _plan.Messages; message++)
        {
            Answer answer = await authors[message].ReadAsync(_ids[message]);
            ReadOnlySpan<byte> body = answer.Body;
            int text = Marks.TryTake(ref body, out int number) ? number : -1;
            long count = Numbers.After(answer.Body, "\"count\":"u8);
            wrong += text != _plan.LastEditOf(message) || count != _plan.Listeners ? 1 : 0;
            wrong += _tally.CountWrong(message, _plan.LastEditOf(message), _plan.Listeners);
        }

        return wrong;
    }

    private ChangeFigures Figures(TimeSpan cpu, long wrong) => new()
    {
        Plan = _plan,
        Delivered = _inTime / _plan.Time.TotalSeconds,
        ReactionsPerItem = _reactionItems > 0 ? (double)_reactions.Count / _reactionItems : 0,
        MedianOfEdits = _edits.Percentile(50),
        LateOfEdits = _edits.Percentile(99),
        MedianOfReactions = _reactions.Percentile(50),
        LateOfReactions = _reactions.Percentile(99),
        Cpu = cpu.TotalMicroseconds / Math.Max(1, _editItems + _reactionItems),
        Lost = _tally.Lost,
        Repeated = _tally.Repeated,
        Reordered = _tally.Reordered,
        Wrong = wrong,
    };

    private long DueOfEdit(int edit) => Due(edit, _plan.Edits);

    private long DueOfReaction(int reaction) => Due(reaction, _plan.Reactions);

    /// <summary>When one of this number of changes is to be sent. They are spread evenly over the time.</summary>
    private long Due(int number, int all) => number == all ? long.MaxValue : _started + Clock.Ticks(_plan.Time * number / all);
}
