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
/// Not thread-safe: used by the replay, then by the thread that follows the log. It holds the state's lock while it applies the entry,
/// and no lock while it delivers and answers.
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
    /// One entry's turn of the ring: state, mail, head, answer – in this order, so that whoever is answered finds the mail there.
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
            // A bug; the same bug on every node. The log goes on.
            _postings.Clear();
            troubles.ApplyFailed(next, e);
        }

        using (RingTracing.Part("deliver", trace))
        {
            foreach (Posting posting in _postings)
                delivery.Settle(posting, next, deliver);
        }

        office.AdvanceHead(next.Sequence);
        commands.Answer(next.Entry.Id, outcome);
    }
}
