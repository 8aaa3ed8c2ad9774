using ErlChat.Log;
using ErlChat.Sessions;
using ErlChat.Snapshots;
using ErlChat.State;
using Microsoft.Extensions.Logging;

namespace ErlChat.Rooms;

/// <summary>The start – from a snapshot and the log to the chat as it was – and the snapshots for the next one.</summary>
public sealed partial class ChatRoom
{
    private int _sinceSnapshot;
    private volatile bool _replayed;
    private Task _saving = Task.CompletedTask;

    /// <summary>
    /// Folds the log up to its newest entry. The mail of the last entries goes into mailboxes made for the sessions that were there before them: a reader that polls
    /// again with a cursor among these misses nothing, an older cursor is below the mailbox's floor and is told to resync.
    /// </summary>
    /// <exception cref="OperationCanceledException">The server is stopped before it has started.</exception>
    private async Task<IAsyncEnumerator<LogEntry>> ReplayAsync(CancellationToken stopped)
    {
        ReplayStart start = await _snapshots.OpenAsync(stopped);
        int entries = 0;
        if (start.Image is { } image)
        {
            lock (_gate)
                _state = ChatState.Restore(image);

            // Nothing may follow on the snapshot, and cursors behind it are none from the future all the same.
            _office.AdvanceHead(image.Sequence);
        }

        IAsyncEnumerator<LogEntry> log = _log.ReadAsync(_state.Sequence, _stopping.Token).GetAsyncEnumerator(_stopping.Token);
        try
        {
            bool deliver = false;
            while (_state.Sequence < start.Newest && await log.MoveNextAsync())
            {
                stopped.ThrowIfCancellationRequested();
                if (!deliver && log.Current.Sequence > start.MailAfter)
                {
                    deliver = true;
                    OpenMailboxes(start.MailAfter + 1);
                }

                Take(log.Current, deliver);
                entries++;
                if (log.Current.Sequence > start.NewestSnapshot)
                    _sinceSnapshot++;
            }

            if (!deliver)
                OpenMailboxes(start.MailAfter + 1);
        }
        catch
        {
            await log.DisposeAsync();
            throw;
        }

        // What comes next has at least this sequence, and readers that start now start there: behind every cursor of before the restore.
        if (_office.Head < start.FirstAfterRestore - 1)
            _office.AdvanceHead(start.FirstAfterRestore - 1);
        _office.RestoredHead = _office.Head;
        if (start.Newest > 0)
            Log.Replayed(_logger, entries, _state.Sequence, _state.Sessions.Count);
        _replayed = true;
        return log;
    }

    /// <summary>A mailbox for each session, on the lists of its rooms. Their idle clocks start now: nobody is blamed for the time that the server was down.</summary>
    private void OpenMailboxes(long floor)
    {
        foreach (Session session in _state.Sessions.Values)
        {
            long joined = session.Home is { } home ? _state.Rooms[home].Members[session.Key].Since : 0;
            _office.Create(session.Key, floor, joined, restored: true);
        }

        foreach (Room room in _state.Rooms.Values)
        {
            foreach (Membership member in room.InOrder)
                _office.Enter(member.Session.Key, room.Name, member.Quiet);
        }
    }

    /// <summary>Only the copying is on the log reader's time.</summary>
    private void SnapshotIfDue()
    {
        if (++_sinceSnapshot < _snapshots.Interval || _snapshots.Interval == 0 || !_saving.IsCompleted)
            return;
        _sinceSnapshot = 0;
        _saving = SaveSnapshotAsync(CancellationToken.None);
    }

    /// <summary>
    /// At the stop, unless the one before is so near that this one would be of no use. One that is not done in time is told as one that
    /// failed.
    /// </summary>
    private async Task SaveLastSnapshotAsync(CancellationToken cancellationToken)
    {
        await _saving.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_saving.IsCompleted && _snapshots.Interval > 0 && _replayed && _sinceSnapshot >= Math.Max(1, _snapshots.MinInterval))
            await SaveSnapshotAsync(cancellationToken);
    }

    private async Task SaveSnapshotAsync(CancellationToken cancellationToken)
    {
        long sequence = _state.Sequence;
        try
        {
            ChatStateImage image;
            lock (_gate)
                image = _state.Capture();
            await _snapshots.SaveAsync(image, cancellationToken).WaitAsync(cancellationToken);
            _troubles.SnapshotSaved();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _troubles.SnapshotFailed(sequence, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(103, LogLevel.Information, "Replayed {Entries} entries up to {Sequence}: {Sessions} sessions.",
            EventName = "Replayed")]
        public static partial void Replayed(ILogger logger, int entries, long sequence, int sessions);
    }
}
