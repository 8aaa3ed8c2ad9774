using ErlChat.Delivery;
using ErlChat.Log;
using ErlChat.Sessions;
using ErlChat.Snapshots;
using ErlChat.State;
using Microsoft.Extensions.Logging;

namespace ErlChat.Following;

/// <summary>Replays the log at the start: restores the chat from a snapshot and the entries after it.</summary>
/// <remarks>Runs once, before the log is followed. <see cref="IsDone"/> may be read from any thread.</remarks>
internal sealed partial class LogReplay(
    IChatLog log,
    ISnapshotStore snapshots,
    GuardedState state,
    EntryApplier applier,
    SnapshotSaver saver,
    MailDelivery delivery,
    PostOffice office,
    ILogger logger)
{
    private volatile bool _done;

    /// <summary>Whether the replay has finished.</summary>
    internal bool IsDone => _done;

    /// <summary>
    /// Folds the log up to its newest entry. The mail of the last entries goes into new mailboxes, created for the sessions that existed
    /// before those entries. A reader that polls with a cursor among these entries misses nothing; an older cursor is below the mailbox's
    /// floor and gets a resync.
    /// </summary>
    /// <param name="starting">Cancels the start.</param>
    /// <param name="stopping">Ends the reading of the log, during the replay and afterwards.</param>
    /// <returns>The enumerator, for following the log from here.</returns>
    /// <exception cref="OperationCanceledException">The server was stopped before it had started.</exception>
    internal async Task<IAsyncEnumerator<LogEntry>> RunAsync(CancellationToken starting, CancellationToken stopping)
    {
        ReplayStart start = await snapshots.OpenAsync(starting);
        int entries = 0;
        if (start.Image is { } image)
        {
            state.Restore(image);

            // There may be no entries after the snapshot. Cursors just after it must still not count as being ahead of the log.
            office.AdvanceHead(image.Sequence);
        }

        IAsyncEnumerator<LogEntry> reading = log.ReadAsync(state.Now.Sequence, stopping).GetAsyncEnumerator(stopping);
        try
        {
            bool deliver = false;
            while (state.Now.Sequence < start.Newest && await reading.MoveNextAsync())
            {
                starting.ThrowIfCancellationRequested();
                if (!deliver && reading.Current.Sequence > start.MailAfter)
                {
                    deliver = true;
                    OpenMailboxes(start.MailAfter + 1);
                }

                applier.Apply(reading.Current, deliver);
                entries++;
                if (reading.Current.Sequence > start.NewestSnapshot)
                    saver.Count();
            }

            if (!deliver)
                OpenMailboxes(start.MailAfter + 1);
        }
        catch
        {
            await reading.DisposeAsync();
            throw;
        }

        // The next entry has at least this sequence. Readers that start now start there, above every cursor from before the restore.
        if (office.Head < start.FirstAfterRestore - 1)
            office.AdvanceHead(start.FirstAfterRestore - 1);
        office.RestoredHead = office.Head;
        if (start.Newest > 0)
            Log.Replayed(logger, entries, state.Now.Sequence, state.Now.Sessions.Count);
        delivery.IsRestoring = false;
        _done = true;
        return reading;
    }

    /// <summary>
    /// Creates a mailbox for each session and adds it to the lists of its rooms. Idle time counts from now, so that it does not include the
    /// time during which the server was down.
    /// </summary>
    private void OpenMailboxes(long floor)
    {
        foreach (Session session in state.Now.Sessions.Values.Where(static session => session.IsOnline))
        {
            office.Create(session.Key, floor, state.Now.BeginOf(session), restored: true);
            office.Serve(session.Key, session.ServedBy, session.ServedSince, session.EndsWithNode);
        }

        foreach (Room room in state.Now.Rooms.Values)
        {
            foreach (Membership member in room.InOrder)
            {
                foreach (Session session in member.Person.Sessions)
                    office.Enter(session.Key, room.Name, member.Quiet);
            }
        }

        office.KeepRecent(floor);
    }

    private static partial class Log
    {
        [LoggerMessage(103, LogLevel.Information, "Replayed {Entries} entries up to {Sequence}: {Sessions} sessions.",
            EventName = "Replayed")]
        public static partial void Replayed(ILogger logger, int entries, long sequence, int sessions);
    }
}
