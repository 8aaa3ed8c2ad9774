using System.Text.Json;
using ErlChat.Protocol.Comet;

namespace ErlChat.Client;

/// <summary>Begins the stream anew: asks who is where, and what the history has of the time that was missed.</summary>
internal sealed class CatchUp(CometHttp http, ChatClientOptions options)
{
    /// <summary>The first id to poll for, the log it is of, and what is to be told.</summary>
    /// <param name="session">The session to read.</param>
    /// <param name="cursor">The first id that was not read.</param>
    /// <param name="epoch">The log that the cursor is of.</param>
    /// <param name="isNew">Whether the session has just begun: its mailbox then holds everything from its beginning, and nothing of that may be skipped.</param>
    /// <exception cref="SessionGoneException">The session ended meanwhile.</exception>
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
            : throw new ServerFault($"start was answered with {start.Error ?? "something that is no id"}.", mayHaveHappened: false, start.RetryAfter);
        long since = start.Epoch == epoch ? cursor : 0;

        CometAnswer me = await AskAsync(session, "chat/me/", cancellationToken).ConfigureAwait(false);
        if (me.Error is not null)
            throw new ServerFault($"me was answered with {me.Error}.", mayHaveHappened: false, me.RetryAfter);
        var rooms = new List<RoomSnapshot>();
        var missed = new List<RoomEvent>();
        bool mayLack = false;
        foreach (string room in WireCalls.Strings(me.Response, "rooms"))
        {
            CometAnswer list = await AskAsync(session, WireCalls.OnlinePath(room), cancellationToken).ConfigureAwait(false);
            if (list.Error is null)
            {
                IReadOnlyList<string> people = await WireCalls.NicksAsync(list, room, path => AskAsync(session, path, cancellationToken)).ConfigureAwait(false);
                rooms.Add(new RoomSnapshot(room, people, list.Id ?? from - 1));
            }

            mayLack |= await ReadHistoryAsync(
                session, (before, limit) => WireCalls.HistoryPath(room, before, limit), since, from, missed, cancellationToken).ConfigureAwait(false) != Reached.Since;
        }

        // A new session has no private past. Of an old one all private messages are its own, so where they begin is no gap.
        if (!isNew)
        {
            mayLack |= await ReadHistoryAsync(session, WireCalls.PrivateHistoryPath, since, from, missed, cancellationToken).ConfigureAwait(false) == Reached.Bound;
        }

        missed.Sort(static (one, other) => one.Id.CompareTo(other.Id));
        return (isNew ? 0 : from, start.Epoch, new Resynced(rooms, missed, mayLack, isNew));
    }

    private enum Reached
    {
        /// <summary>What was read before.</summary>
        Since,

        /// <summary>The first item that there is.</summary>
        Beginning,

        /// <summary><see cref="ChatClientOptions.MaxCatchUp"/>, or a refusal.</summary>
        Bound,
    }

    /// <summary>Pages backwards until what was read before; says how far it came.</summary>
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

    /// <summary>One answer, however often it has to be asked for: the stream has nothing better to do.</summary>
    private async Task<CometAnswer> AskAsync(ClientSession session, string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                CometAnswer answer = await http.GetAsync(session, path, options, cancellationToken).ConfigureAwait(false);
                return answer.Error == CometErrors.BadSession ? throw new SessionGoneException(answer.Reason) : answer;
            }
            catch (ServerFault fault) when (fault.IsRateLimited)
            {
                // Waited out here: begun anew, it would ask for everything again, and with many rooms never come to an end.
                await Task.Delay(new Backoff(options).Next(fault.RetryAfter), options.Time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}

/// <summary>The server says <c>bad_session</c>.</summary>
internal sealed class SessionGoneException(string? reason) : Exception
{
    internal string? Reason { get; } = reason;
}
