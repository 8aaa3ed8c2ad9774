using System.Text.Json;
using ErlChat.Protocol.Comet;

namespace ErlChat.Client;

/// <summary>
/// Polls while the session lasts and turns the answers into events: in order, each once, across lost connections and lost sessions.
/// </summary>
/// <remarks>One loop; nothing here is used by two threads at a time.</remarks>
/// <param name="http">Makes the calls.</param>
/// <param name="keeper">The session.</param>
/// <param name="buffer">Where the events go.</param>
/// <param name="options">The times and limits.</param>
/// <param name="resumed">Where to read on; null to begin with the login.</param>
internal sealed class MailPump(
    CometHttp http, SessionKeeper keeper, EventBuffer buffer, ChatClientOptions options, StoredSession? resumed = null)
{
    /// <summary>A poll that ends without mail sooner than this was not parked. Repeating it at once would be a busy loop.</summary>
    private static readonly TimeSpan s_tooSoon = TimeSpan.FromMilliseconds(100);

    private readonly CatchUp _catchUp = new(http, options);
    private readonly Backoff _backoff = new(options);
    private readonly Backoff _emptyPollBackoff = new(options);
    private ClientSession _session = keeper.Current;
    private string? _epoch = resumed is null ? keeper.Current.Epoch : resumed.Epoch;
    private long _cursor = resumed?.Cursor ?? 0;

    /// <summary>The number of the last signal that somebody types; null if the application does not want to know.</summary>
    private long? _typing = options.WatchTyping ? 0 : null;
    private AlreadyReported? _reported;

    /// <summary>Whether the stream begins with what was missed while the program did not run.</summary>
    private bool _resumes = resumed is not null;
    private string? _farewell;
    private bool _renewed;
    private bool _tooLarge;
    private bool _lost;
    private bool _resynced;

    /// <summary>Runs until the session has ended or the token is cancelled, then completes the buffer.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (keeper.Ended is null)
                await RoundAsync(cancellationToken).ConfigureAwait(false);
            string reason = keeper.Ended;
            var ended = new SessionEnded(reason)
            {
                Explanation = reason is "kicked" or "banned" ? keeper.Explanation ?? _farewell : null,
            };
            await AddAsync(ended, cancellationToken).ConfigureAwait(false);
            buffer.Complete();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            buffer.Complete();
        }
        catch (Exception e)
        {
            // Let the reader handle it.
            buffer.Complete(e);
        }
    }

    private async Task RoundAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_renewed || _tooLarge || _resumes)
                await RestartStreamAsync(cancellationToken).ConfigureAwait(false);
            else
                await PollAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SessionGoneException gone)
        {
            await RenewAsync(gone.Answer, cancellationToken).ConfigureAwait(false);
        }
        catch (ServerFault fault) when (fault.IsTooLarge && !_tooLarge)
        {
            // Do not restart the stream inside this handler: the restart's own failures must be handled too.
            _tooLarge = true;
        }
        catch (ServerFault fault)
        {
            await PauseAsync(fault, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonException e)
        {
            // The answer contains no items.
            await PauseAsync(e.Message, null, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task PollAsync(CancellationToken cancellationToken)
    {
        await http.ReturnAsync(cancellationToken).ConfigureAwait(false);
        long asked = options.Time.GetTimestamp();
        TimeSpan limit = _session.PollTimeout + options.WaitSlack;
        string path = WireCalls.WaitPath(_cursor, _epoch, _typing);
        CometAnswer answer = await http.AskAsync(path, _session.Token, null, limit, cancellationToken).ConfigureAwait(false);
        switch (answer.Error)
        {
            case null when answer.Response.ValueKind == JsonValueKind.Array && answer.Response.GetArrayLength() > 0:
                IReadOnlyList<CometItem> items = CometItemReader.ParseAll(answer.Response);
                Progressed();
                await AnsweredAsync(cancellationToken).ConfigureAwait(false);
                await DeliverAsync(items, cancellationToken).ConfigureAwait(false);
                break;
            case null when _typing is { } seen && answer.Typing is { } typing && typing.Number != seen:
                _typing = typing.Number;
                Progressed();
                await AnsweredAsync(cancellationToken).ConfigureAwait(false);
                var signal = new PersonTyping(typing.Room, typing.Nick, typing.UserId, typing.On, _session.TypingLifetime);
                await AddAsync(signal, cancellationToken).ConfigureAwait(false);
                break;
            case null when answer.Response.ValueKind is JsonValueKind.String or JsonValueKind.Array:
                await AnsweredAsync(cancellationToken).ConfigureAwait(false);
                if (options.Time.GetElapsedTime(asked) < s_tooSoon)
                    await Task.Delay(_emptyPollBackoff.Next(), options.Time, cancellationToken).ConfigureAwait(false);
                else
                    Progressed();
                break;
            case CometErrors.BadSession:
                throw new SessionGoneException(answer);
            case CometErrors.Resync:
                // A second resync with no mail in between, e.g. two unrelated servers behind one address: slow down.
                if (_resynced)
                    await Task.Delay(_emptyPollBackoff.Next(), options.Time, cancellationToken).ConfigureAwait(false);
                await RestartStreamAsync(cancellationToken).ConfigureAwait(false);
                _resynced = true;
                break;
            case CometErrors.Superseded:
                // Polling again would supersede the other reader, which would poll again in turn, forever.
                keeper.End(CometErrors.Superseded);
                break;
            default:
                throw new ServerFault(
                    $"The server answers a poll with {answer.Error ?? "something other than mail"}.",
                    mayHaveHappened: false,
                    answer.RetryAfter);
        }
    }

    /// <summary>Records that a poll brought mail or was parked.</summary>
    private void Progressed()
    {
        _emptyPollBackoff.Reset();
        _resynced = false;
    }

    private async Task DeliverAsync(IReadOnlyList<CometItem> items, CancellationToken cancellationToken)
    {
        foreach (CometItem item in items)
        {
            if (item.Id < _cursor)
                continue;
            RoomEvent happened = EventReader.Of(item);
            _cursor = item.Id + 1;
            Note(happened);
            if ((_reported is null ? happened : _reported.UnreportedPart(happened)) is { } rest)
                await AddAsync(rest, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Records rooms that the client entered or left, because slash commands do that too, and the last notice, because that of a kick or a
    /// ban says why.
    /// </summary>
    private void Note(RoomEvent happened)
    {
        if (happened is RoomEntered entered)
        {
            keeper.NoteRoom(entered.Room, inside: true);
            keeper.NoteTitle(entered.Room, entered.Title);
        }
        else if (happened is RoomRenamed renamed)
            keeper.NoteTitle(renamed.Room, renamed.Title);
        else if (happened is RoomParted parted)
            keeper.NoteRoom(parted.Room, inside: false);
        _farewell = (happened as Notice)?.Text;
    }

    private async Task RestartStreamAsync(CancellationToken cancellationToken)
    {
        (long cursor, string? epoch, Resynced told) = await _catchUp.RunAsync(_session, _cursor, _epoch, _renewed, cancellationToken)
            .ConfigureAwait(false);
        (_cursor, _epoch, _reported) = (cursor, epoch, new AlreadyReported(told));
        (_renewed, _tooLarge, _resumes) = (false, false, false);
        foreach (RoomSnapshot room in told.Rooms)
            keeper.NoteTitle(room.Room, room.Title);
        await AnsweredAsync(cancellationToken).ConfigureAwait(false);
        await AddAsync(told, cancellationToken).ConfigureAwait(false);
    }

    private async Task RenewAsync(CometAnswer gone, CancellationToken cancellationToken)
    {
        try
        {
            // The previous session was never read. Without a pause, a new one could end at once too, forever.
            if (_renewed && keeper.Ended is null && gone.Reason is null or "timeout")
                await PauseAsync("The server ends the session as soon as it has begun.", null, cancellationToken).ConfigureAwait(false);
            _session = await keeper.RenewAsync(_session, gone, cancellationToken).ConfigureAwait(false);
            _renewed = true;
        }
        catch (ChatRefusedException) when (keeper.Ended is not null)
        {
            // The last event reports this.
        }
        catch (ServerFault fault)
        {
            await PauseAsync(fault, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task AnsweredAsync(CancellationToken cancellationToken)
    {
        _backoff.Reset();
        if (!_lost)
            return;
        _lost = false;
        await AddAsync(new ConnectionResumed(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits before the next try, unless it goes to another server.</summary>
    private Task PauseAsync(ServerFault fault, CancellationToken cancellationToken) => fault.HasAlternative
        ? Task.CompletedTask
        : PauseAsync(fault.Message, fault.RetryAfter, cancellationToken, tell: fault.IsStopping);

    /// <summary>Waits before the next try. A single failure is not reported; the second in a row is.</summary>
    private async Task PauseAsync(string why, TimeSpan? asked, CancellationToken cancellationToken, bool tell = false)
    {
        TimeSpan pause = _backoff.Next(asked);
        if (!_lost && (tell || _backoff.Failures > 1))
        {
            _lost = true;
            await AddAsync(new ConnectionLost(why), cancellationToken).ConfigureAwait(false);
        }

        await Task.Delay(pause, options.Time, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask AddAsync(ChatEvent one, CancellationToken cancellationToken) =>
        buffer.AddAsync(one, _session.PollTimeout, () => KeepAliveAsync(cancellationToken), cancellationToken);

    /// <summary>Tells the server that the client is alive while the reader is slow and there are no polls.</summary>
    private async Task KeepAliveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await http.GetAsync(_session, "chat/me/", options, cancellationToken).ConfigureAwait(false);
        }
        catch (ServerFault)
        {
            // The next poll will meet the same failure and handle it.
        }
    }
}
