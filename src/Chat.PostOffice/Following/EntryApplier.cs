using System.Diagnostics;
using ErlChat.Appending;
using ErlChat.Delivery;
using ErlChat.Log;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.State;
using ErlChat.Telemetry;

namespace ErlChat.Following;

/// <summary>Carries out one entry: applies it to the state, delivers its mail, and answers the caller of its command.</summary>
/// <remarks>
/// Not thread-safe: used by the replay, then by the thread that follows the log. It holds the state's lock while it applies the entry, and
/// no lock while it delivers and answers.
/// </remarks>
internal sealed class EntryApplier(
    GuardedState state,
    MailDelivery delivery,
    PostOffice office,
    CommandQueue commands,
    RingTroubles troubles)
{
    private readonly List<Posting> _postings = [];

    /// <summary>
    /// Takes one entry through state, mail, head and answer, in this order, so that a caller that gets its answer finds the mail delivered.
    /// </summary>
    /// <param name="next">The entry.</param>
    /// <param name="deliver">Whether its mail goes to mailboxes, or only to the history.</param>
    internal void Apply(LogEntry next, bool deliver = true)
    {
        _postings.Clear();
        Outcome? outcome = null;
        Activity? trace = commands.TraceOf(next.Entry.Id);
        try
        {
            using (RingTracing.Part("apply", trace))
            {
                lock (state.Gate)
                    outcome = state.Now.Apply(next.Sequence, next.Entry, _postings);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A bug, and the same bug on every node. Skip the entry and continue.
            _postings.Clear();
            troubles.ApplyFailed(next, e);
        }

        using (RingTracing.Part("deliver", trace))
        {
            foreach (Posting posting in _postings)
                delivery.Settle(posting, next, deliver);
            delivery.Finish(next);
        }

        office.AdvanceHead(next.Sequence);
        commands.Answer(next.Entry.Id, outcome);
    }
}
