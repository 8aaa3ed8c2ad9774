namespace ErlChat.Mailboxes;

/// <content>A mailbox in a chat of several nodes. Every node has one for each session, but most sessions are read on one node.</content>
public sealed partial class Mailbox
{
    /// <summary>Where the session is served; null in a chat with one unnamed node.</summary>
    private MailboxHome? _home;

    /// <summary>
    /// Whether nobody reads here, as far as this node knows. The mailbox then keeps only the newest mail, enough for a client that comes
    /// from another node to go on without a gap.
    /// </summary>
    private bool _isStandby;

    /// <summary>Where the session is served; null in a chat with one unnamed node.</summary>
    internal MailboxHome? Home
    {
        get
        {
            lock (_gate)
                return _home;
        }
    }

    /// <summary>How many items of mail it may hold because nobody reads here; 0 if it has the usual limits.</summary>
    internal int Standby
    {
        get
        {
            lock (_gate)
                return _isStandby ? _environment.StandbyItems : 0;
        }
    }

    /// <summary>Records which node serves the session.</summary>
    internal void Serve(string? node, long since, bool endsWithNode)
    {
        lock (_gate)
        {
            _home = new MailboxHome(node, since, endsWithNode, _environment.Time.GetTimestamp());
            if (node == _environment.Node)
                _isStandby = false;
        }
    }

    /// <summary>
    /// Decides whether the session is idle, or whether this node should take it over. Unlike <see cref="TryEvict"/>, this closes nothing:
    /// the log decides whether the session has moved meanwhile, and a reader that arrives before that is answered by the log's decision.
    /// </summary>
    /// <param name="home">The home that the caller has seen. If it has changed since, there is nothing to do.</param>
    /// <param name="dead">How long ago this node noticed that the home is dead; null if it is alive.</param>
    internal HomeVerdict Judge(MailboxHome home, in HomeRules rules, TimeSpan? dead)
    {
        lock (_gate)
        {
            if (_closed || !ReferenceEquals(home, _home))
                return HomeVerdict.Keep;
            TimeProvider time = _environment.Time;
            bool isIdle = _waiters.Count == 0 && time.GetElapsedTime(_lastSeen, rules.AsOf) >= rules.IdleLimit;
            if (home.Node == rules.Node)
                return isIdle && rules.MayEnd ? HomeVerdict.End : HomeVerdict.Keep;
            if (_waiters.Count > 0 || _lastSeen > home.NotedAt)
            {
                return rules.MayTake && (dead is not null || time.GetElapsedTime(home.NotedAt, rules.AsOf) >= rules.MoveAfter)
                    ? HomeVerdict.Take
                    : HomeVerdict.Keep;
            }

            if (isIdle)
                StandBy();
            return dead is { } since && rules.EndsDead && rules.MayEnd && (home.EndsWithNode || (isIdle && since >= rules.IdleLimit))
                ? HomeVerdict.End
                : HomeVerdict.Keep;
        }
    }

    /// <summary>
    /// Gets back what was dropped because nobody read here, so that a reader can begin at an earlier position. Does nothing if that is not
    /// possible: the reader then has to resync.
    /// </summary>
    private void Refill(long begin)
    {
        if (!_environment.HasSeveralNodes || begin < _least || begin >= _floor || (_closed && _mail.Count == 0))
            return;
        if (_environment.FindRecent(this, Math.Max(begin, _joined), _floor) is not { } older
            || older.Count + _mail.Count > _environment.Options.MaxMailboxItems
            || older.Sum(static mail => (long)mail.Weight) + _mail.Weight > _environment.Options.MaxMailboxBytes)
        {
            return;
        }

        foreach (Mail mail in older)
            _environment.Hold(mail);
        _mail.Prepend(older);
        _floor = begin;
    }

    private bool IsServedHere => _home is { } home && home.Node == _environment.Node;

    private void StandBy()
    {
        if (_isStandby)
            return;
        _isStandby = true;
        while (_mail.Count > _environment.StandbyItems)
            _floor = TakeOldest().Sequence + 1;
        _mail.TrimExcess();
    }
}
