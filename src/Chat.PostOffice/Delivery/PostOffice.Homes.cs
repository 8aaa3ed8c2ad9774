using ErlChat.Mailboxes;
using ErlChat.Sessions;
using ErlChat.Settings;

namespace ErlChat.Delivery;

/// <content>Which node serves which session.</content>
public sealed partial class PostOffice
{
    /// <summary>Whether the chat has several nodes, or may have: whether this node has a name.</summary>
    public bool HasSeveralNodes => _environment.HasSeveralNodes;

    /// <summary>
    /// Whether a cursor is above everything that has been delivered here, because its client got it from another node that is ahead of this
    /// one. Always false on a single node, where such a cursor is an error.
    /// </summary>
    public bool IsBehind(long cursor) => HasSeveralNodes && (ShownList.BeginIn(cursor) ?? cursor) > Head + 1;

    /// <summary>
    /// Waits until this node has delivered everything below a cursor, if it <see cref="IsBehind"/>, at most for
    /// <see cref="ChatOptions.HeadWait"/>; returns whether it has.
    /// </summary>
    public ValueTask<bool> CatchUpAsync(long cursor) =>
        IsBehind(cursor) ? ArriveAsync((ShownList.BeginIn(cursor) ?? cursor) - 1, Options.HeadWait) : new ValueTask<bool>(true);

    /// <summary>
    /// Waits until the mail of every entry up to a sequence has been delivered, at most for <paramref name="limit"/>; returns whether it
    /// has. The stop of the server ends the wait.
    /// </summary>
    internal ValueTask<bool> ArriveAsync(long sequence, TimeSpan limit) =>
        Head >= sequence ? new ValueTask<bool>(true)
        : limit <= TimeSpan.Zero ? new ValueTask<bool>(false)
        : new ValueTask<bool>(_headWaits.WaitAsync(sequence, limit, () => Head));

    /// <summary>
    /// From now on, mail is also kept for mailboxes that nobody reads here (<see cref="RecentMail"/>). Has no effect on a single node.
    /// </summary>
    /// <param name="from">The sequence of the next entry whose mail is delivered.</param>
    internal void KeepRecent(long from) => _recent.Begin(from);

    /// <summary>Records which node serves a session. Has no meaning for a single unnamed node.</summary>
    internal void Serve(SessionKey session, string? node, long since, bool endsWithNode)
    {
        if (HasSeveralNodes && _boxes.TryGetValue(session, out Mailbox? box))
            box.Serve(node, since, endsWithNode);
    }

    /// <summary>
    /// Judges every session: <see cref="HomeVerdict.Take"/> for those that this node serves and another one is responsible for, and
    /// <see cref="HomeVerdict.End"/> for idle ones. Changes nothing that can be seen.
    /// </summary>
    /// <param name="rules">The rules of this sweep.</param>
    /// <param name="deadFor">How long ago this node noticed that a node is dead; null if that is alive.</param>
    internal List<JudgedSession> JudgeHomes(in HomeRules rules, Func<string?, TimeSpan?> deadFor)
    {
        var judged = new List<JudgedSession>();
        foreach ((SessionKey session, Mailbox box) in _boxes)
        {
            if (box.Home is not { } home)
                continue;
            HomeVerdict verdict = box.Judge(home, rules, home.Node == rules.Node ? null : deadFor(home.Node));
            if (verdict != HomeVerdict.Keep)
                judged.Add(new JudgedSession(session, home.Since, verdict));
        }

        return judged;
    }

    /// <inheritdoc cref="MailboxEnvironment.FindRecent"/>
    private List<Mail>? FindRecent(Mailbox box, long from, long below) =>
        _recent.Find(box.Owner, from, below, room => QuietIn(room, box));

    private bool? QuietIn(string room, Mailbox box) => _rooms.TryGetValue(room, out MailingList? list) ? list.QuietOf(box) : null;
}

/// <summary>A session that has to be taken over or ended, unless it has moved since <paramref name="Since"/>.</summary>
internal readonly record struct JudgedSession(SessionKey Session, long Since, HomeVerdict Verdict);
