using System.Text.Json;
using ErlChat.Protocol.Comet;

namespace ErlChat.Client;

/// <summary>Restarts the stream: asks for the users in each room, and for the missed part of the history.</summary>
internal sealed class CatchUp(CometHttp http, ChatClientOptions options)
{
    /// <summary>Restarts the stream. Returns the first id to poll for, the epoch of its log, and the event to report.</summary>
    /// <param name="session">The session to read.</param>
    /// <param name="cursor">The first id that has not been read.</param>
    /// <param name="epoch">The log that the cursor belongs to.</param>
    /// <param name="isNew">
    /// Whether the session has just begun. Its mailbox then holds everything from the beginning, none of which may be skipped.
    /// </param>
    /// <param name="cancellationToken">Cancels the restart.</param>
    /// <exception cref="SessionGoneException">The session ended in the meantime.</exception>
    internal async Task<(long Cursor, string? Epoch, Resynced Told)> RunAsync(
        ClientSession session,
        long cursor,
        string? epoch,
        bool isNew,
        CancellationToken cancellationToken)
    {
        CometAnswer start = await AskAsync(session, WireCalls.StartPath, cancellationToken).ConfigureAwait(false);
        long from = start.Error is null && start.Response.ValueKind == JsonValueKind.Number && start.Response.TryGetInt64(out long first)
            ? first
            : throw new ServerFault(
                $"start was answered with {start.Error ?? "something that is not an id"}.",
                mayHaveHappened: false,
                start.RetryAfter);
        long since = start.Epoch == epoch ? cursor : 0;

        CometAnswer me = await AskAsync(session, WireCalls.MePath(from), cancellationToken).ConfigureAwait(false);
        if (me.Error is not null)
            throw new ServerFault($"me was answered with {me.Error}.", mayHaveHappened: false, me.RetryAfter);
        var rooms = new List<RoomSnapshot>();
        var missed = new List<RoomEvent>();
        IReadOnlyDictionary<string, string> titles = WireCalls.Titles(me.Response);
        bool mayLack = false;
        foreach (string room in WireCalls.Strings(me.Response, "rooms"))
        {
            CometAnswer list = await AskAsync(session, WireCalls.OnlinePath(room, from), cancellationToken).ConfigureAwait(false);
            if (list.Error is null)
            {
                // With several nodes, another one may have answered this, of a version that does not wait until it knows what the client
                // has seen. Mail is read from the start's id, so an older list would miss the joins and leaves in between.
                if (list.Id < from - 1)
                    throw new ServerFault("The server is behind the one that answered before.", mayHaveHappened: false);
                IReadOnlyList<string> people = await WireCalls.NicksAsync(list, room, path => AskAsync(session, path, cancellationToken))
                    .ConfigureAwait(false);
                rooms.Add(new RoomSnapshot(room, people, list.Id ?? from - 1) { Title = titles.GetValueOrDefault(room) });
            }

            Reached reached = await ReadHistoryAsync(
                session,
                (before, limit) => WireCalls.HistoryPath(room, before, limit),
                since,
                from,
                missed,
                cancellationToken).ConfigureAwait(false);
            mayLack |= reached != Reached.Since;
            mayLack |= !await ReadChangesAsync(session, room, since, from, missed, cancellationToken).ConfigureAwait(false);
        }

        // A guest's new session has no earlier private messages. All private messages of a user are their own, so their beginning is not a
        // gap.
        if (!isNew || session.IsMember)
        {
            mayLack |= await ReadHistoryAsync(
                session,
                (before, limit) => WireCalls.PrivateHistoryPath(before, limit),
                since,
                from,
                missed,
                cancellationToken).ConfigureAwait(false) == Reached.Bound;
            mayLack |= !await ReadChangesAsync(session, room: null, since, from, missed, cancellationToken).ConfigureAwait(false);
        }

        missed.Sort(static (one, other) => one.Id.CompareTo(other.Id));
        var told = new Resynced(rooms, missed, mayLack, isNew) { Cursor = from, Epoch = start.Epoch };
        return (isNew ? 0 : from, start.Epoch, told);
    }

    private enum Reached
    {
        /// <summary>The items that were read before.</summary>
        Since,

        /// <summary>The first item of the history.</summary>
        Beginning,

        /// <summary><see cref="ChatClientOptions.MaxCatchUp"/>, or a refusal.</summary>
        Bound,
    }

    /// <summary>Reads pages backwards until the items that were read before. Returns how far it came.</summary>
    private async Task<Reached> ReadHistoryAsync(
        ClientSession session,
        Func<long, int, string> pathOf,
        long since,
        long before,
        List<RoomEvent> missed,
        CancellationToken cancellationToken)
    {
        int left = options.MaxCatchUp;
        while (left > 0)
        {
            int limit = Math.Min(left + 1, WireCalls.MaxPage);
            CometAnswer page = await AskAsync(session, pathOf(before, limit), cancellationToken).ConfigureAwait(false);
            if (page.Error is not null)
                return Reached.Bound;
            IReadOnlyList<CometItem> items = CometItemReader.ParseAll(page.Response);
            foreach (CometItem item in items.Reverse().TakeWhile(item => item.Id >= since && left > 0))
            {
                missed.Add(EventReader.OfHistory(item, session.Nick));
                left--;
            }

            if (items.Count > 0 && items[0].Id < since)
                return Reached.Since;
            if (items.Count == 0 || (items.Count < limit && !page.HasMore))
                return Reached.Beginning;
            before = items[0].Id;
        }

        return Reached.Bound;
    }

    /// <summary>
    /// Reads what was done to messages that were read before; the history has the others as they are now. Returns false if there may be
    /// more.
    /// </summary>
    /// <param name="session">The session to read.</param>
    /// <param name="room">The room; null for the private messages.</param>
    /// <param name="since">The first id that has not been read; 0 if nothing has been read of this log.</param>
    /// <param name="before">The first id that will come as mail.</param>
    /// <param name="missed">Where the events go.</param>
    /// <param name="cancellationToken">Cancels the restart.</param>
    private async Task<bool> ReadChangesAsync(
        ClientSession session,
        string? room,
        long since,
        long before,
        List<RoomEvent> missed,
        CancellationToken cancellationToken)
    {
        int left = options.MaxCatchUp;
        for (long after = since - 1; after >= 0 && left > 0;)
        {
            if (await ChangesAsync(session, room, after, cancellationToken).ConfigureAwait(false) is not { } page)
                return true;
            IReadOnlyList<CometItem> items = page.Error is null ? CometItemReader.ParseAll(page.Response) : [];
            missed.AddRange(items.Where(item => IsOfReadMessage(item) && left-- > 0).Select(EventReader.Of));
            if (items.Count == 0 || !page.HasMore || items[^1].Id <= after || items[^1].Id >= before)
                return left >= 0;
            after = items[^1].Id;
        }

        return left > 0;

        bool IsOfReadMessage(CometItem item) => item.Id < before && item switch
        {
            EditedItem edited => edited.Message < since,
            RemovedItem removed => removed.Message < since,
            ReactionsItem reactions => reactions.Message < since,
            _ => false,
        };
    }

    /// <summary>The changes after an id; null if the server is too old for them.</summary>
    private async Task<CometAnswer?> ChangesAsync(ClientSession session, string? room, long after, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(session, WireCalls.ChangesPath(room, after), cancellationToken).ConfigureAwait(false);
        }
        catch (ServerFault fault) when (fault.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>Asks until there is an answer; until then the stream cannot continue.</summary>
    private async Task<CometAnswer> AskAsync(ClientSession session, string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                CometAnswer answer = await http.GetAsync(session, path, options, cancellationToken).ConfigureAwait(false);
                return answer.Error == CometErrors.BadSession ? throw new SessionGoneException(answer) : answer;
            }
            catch (ServerFault fault) when (fault.IsRateLimited)
            {
                // Wait here. A restart would ask for everything again, and with many rooms would never finish.
                await Task.Delay(new Backoff(options).Next(fault.RetryAfter), options.Time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}

/// <summary>The server answered <c>bad_session</c>.</summary>
internal sealed class SessionGoneException(CometAnswer answer) : Exception
{
    internal CometAnswer Answer { get; } = answer;
}
