using System.Text.Json;
using ErlChat.Protocol.Comet;

namespace ErlChat.Client;

/// <summary>What a client can do in the chat.</summary>
public sealed partial class ChatClient
{
    private static readonly Dictionary<string, string> s_nothing = [];

    /// <summary>
    /// Says something in a room, or carries out a slash command there. Returns when the server has it: everybody will see it, once. A rate limit is waited out.
    /// </summary>
    /// <returns>The message's id; null when there was nothing to say (blank text) or a slash command was carried out.</returns>
    /// <exception cref="ChatRefusedException">TooLong, BadText, NotInRoom, Muted, SessionEnded, TooManyPending.</exception>
    /// <exception cref="ChatUnavailableException">Not within <see cref="ChatClientOptions.CallPatience"/>; see <see cref="ChatUnavailableException.MayHaveHappened"/>.</exception>
    public Task<long?> SayAsync(string text, string room = Lobby, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(room);
        return SendAsync(text, "room", room, cancellationToken);
    }

    /// <summary>Says something to one person alone: whoever has the nick now.</summary>
    /// <returns>The message's id.</returns>
    /// <exception cref="ChatRefusedException">As <see cref="SayAsync"/>, and NoSuchUser.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public Task<long?> WhisperAsync(string to, string text, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(to);
        ArgumentNullException.ThrowIfNull(text);
        return SendAsync(text, "to", to, cancellationToken);
    }

    /// <summary>Says something to one person alone, and not to whoever has the nick by now.</summary>
    /// <param name="to">The person's nick.</param>
    /// <param name="toId">The person's user id, as <see cref="Whispered.FromId"/> or <see cref="Whispered.ToId"/> told it.</param>
    /// <returns>The message's id.</returns>
    /// <exception cref="ChatRefusedException">As <see cref="SayAsync"/>, and NoSuchUser: the person has left, or the nick is not that person's.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public Task<long?> WhisperAsync(string to, string toId, string text, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(to);
        ArgumentException.ThrowIfNullOrEmpty(toId);
        ArgumentNullException.ThrowIfNull(text);
        return SendAsync(text, "to", to, cancellationToken, toId);
    }

    /// <summary>
    /// Becomes an administrator. The password goes to the server by a way of its own, not as a message. <see cref="AdminChanged"/>
    /// follows in <see cref="ReadAsync"/>.
    /// </summary>
    /// <exception cref="ChatRefusedException">
    /// WrongPassword, NotAllowed (the server has no administrators), SessionEnded, TooManyPending. When there were too many tries, the
    /// next is waited for.
    /// </exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public async Task AuthenticateAsync(string password, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(password);
        var form = new Dictionary<string, string> { ["password"] = password };
        (CometAnswer answer, _) = await _sends.PostAsync(WireCalls.AuthPath, form, repeatable: true, cancellationToken).ConfigureAwait(false);
        answer.OrThrow();
    }

    /// <summary>Enters a room, which begins to exist with its first member. Being in it already is no error.</summary>
    /// <exception cref="ChatRefusedException">BadRoomName, LooksAlike, TooManyRooms, SessionEnded.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public async Task<RoomSnapshot> JoinAsync(string room, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(room);
        var form = new Dictionary<string, string> { ["room"] = room };
        (CometAnswer answer, _) = await _sends.PostAsync("chat/join/", form, repeatable: true, cancellationToken).ConfigureAwait(false);
        if (answer.Error == CometErrors.AlreadyInRoom)
        {
            _keeper.NoteRoom(room, inside: true);
            return await UsersAsync(room, cancellationToken).ConfigureAwait(false);
        }

        answer.OrThrow();
        string name = WireCalls.Text(answer.Response, "room") is { Length: > 0 } spelled ? spelled : room;
        _keeper.NoteRoom(name, inside: true);
        if (answer.HasMore)
            return await UsersAsync(name, cancellationToken).ConfigureAwait(false);
        return new RoomSnapshot(name, WireCalls.Strings(answer.Response, "users"), answer.Id ?? 0);
    }

    /// <summary>Leaves a room.</summary>
    /// <exception cref="ChatRefusedException">NotInRoom, HomeRoom (the lobby), SessionEnded.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public async Task PartAsync(string room, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(room);
        _keeper.NoteRoom(room, inside: false);
        var form = new Dictionary<string, string> { ["room"] = room };
        (CometAnswer answer, bool repeated) = await _sends.PostAsync("chat/part/", form, repeatable: true, cancellationToken).ConfigureAwait(false);
        if (!(repeated && answer.Error == CometErrors.NotInRoom))
            answer.OrThrow();
    }

    /// <summary>Who is in a room, and as of which event.</summary>
    /// <exception cref="ChatRefusedException">NoSuchRoom, SessionEnded.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public async Task<RoomSnapshot> UsersAsync(string room = Lobby, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(room);
        CometAnswer answer = await LookAsync(WireCalls.OnlinePath(room), static answer => answer, cancellationToken).ConfigureAwait(false);
        try
        {
            IReadOnlyList<string> people = await WireCalls.NicksAsync(answer, room, path => LookAsync(path, static next => next, cancellationToken)).ConfigureAwait(false);
            return new RoomSnapshot(room, people, answer.Id ?? 0);
        }
        catch (ServerFault fault)
        {
            throw new ChatUnavailableException(fault.Message, mayHaveHappened: false, fault);
        }
    }

    /// <summary>The rooms there are.</summary>
    /// <exception cref="ChatRefusedException">SessionEnded.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public async Task<IReadOnlyList<RoomInfo>> RoomsAsync(CancellationToken cancellationToken = default)
    {
        var rooms = new List<RoomInfo>();
        string path = "chat/rooms/", after = "";
        for (int pages = 1; ; pages++)
        {
            (RoomInfo[] page, bool more) = await LookAsync(path, static answer => (RoomsOf(answer), answer.HasMore), cancellationToken).ConfigureAwait(false);
            rooms.AddRange(page);

            // A page that brings nothing is the last, whatever it says.
            if (!more || page.Length == 0)
                return rooms;
            try
            {
                after = WireCalls.Next(after, page[^1].Name, pages, "chat/rooms/");
            }
            catch (ServerFault fault)
            {
                throw new ChatUnavailableException(fault.Message, mayHaveHappened: false, fault);
            }

            path = $"chat/rooms/?after={Uri.EscapeDataString(after)}";
        }

        static RoomInfo[] RoomsOf(CometAnswer answer) =>
            [.. answer.Response.EnumerateArray().Select(room =>
                new RoomInfo(WireCalls.Text(room, "name"), WireCalls.Text(room, "topic"), (int)(WireCalls.Number(room, "members") ?? 0)))];
    }

    /// <summary>What was said in a room: the newest <paramref name="limit"/> events before an id, oldest first.</summary>
    /// <param name="before">Exclusive; null for now.</param>
    /// <param name="limit">1 to 200.</param>
    /// <exception cref="ChatRefusedException">NotInRoom, SessionEnded.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public async Task<IReadOnlyList<RoomEvent>> HistoryAsync(string room = Lobby, long? before = null, int limit = 50, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(room);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, WireCalls.MaxPage);
        var items = new List<CometItem>();
        while (true)
        {
            // The server bounds the bytes of an answer too.
            string path = WireCalls.HistoryPath(room, before, limit - items.Count);
            (IReadOnlyList<CometItem> page, bool more) = await LookAsync(path, static answer => (CometItemReader.ParseAll(answer.Response), answer.HasMore), cancellationToken)
                .ConfigureAwait(false);
            items.InsertRange(0, page);
            if (!more || page.Count == 0 || items.Count >= limit)
                break;
            before = page[0].Id;
        }

        string nick = Nick;
        return [.. items.Select(item => EventReader.OfHistory(item, nick))];
    }

    private async Task<long?> SendAsync(string text, string where, string name, CancellationToken cancellationToken, string? toId = null)
    {
        var form = new Dictionary<string, string> { ["msg"] = text, [where] = name, ["key"] = Guid.NewGuid().ToString("N") };
        if (toId is not null)
            form["to_id"] = toId;
        (CometAnswer answer, _) = await _sends.PostAsync("chat/send_msg/", form, repeatable: false, cancellationToken).ConfigureAwait(false);
        return answer.OrThrow().Id;
    }

    /// <summary>A call that changes nothing and is answered with a list, repeated until it is, with a new session if need be.</summary>
    private async Task<T> LookAsync<T>(string path, Func<CometAnswer, T> read, CancellationToken cancellationToken)
    {
        _keeper.ThrowIfEnded();
        return await _calls.RunAsync(
            call => Retry.RunAsync(_ => LookOnceAsync(path, read, call.Token), _options.CallPatience, _options, call, _keeper.Over),
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<T> LookOnceAsync<T>(string path, Func<CometAnswer, T> read, CancellationToken cancellationToken)
    {
        for (bool renewed = false; ; renewed = true)
        {
            _keeper.ThrowIfEnded();
            ClientSession session = _keeper.Current;
            CometAnswer answer = await _http.GetAsync(session, path, _options, cancellationToken).ConfigureAwait(false);
            if (answer.Error != CometErrors.BadSession)
                return Read(path, answer.OrThrow(), read);
            if (renewed)
                throw new ServerFault("The server ends the session as soon as it has begun.", mayHaveHappened: false);
            await _keeper.RenewAsync(session, answer.Reason, cancellationToken).ConfigureAwait(false);
        }
    }

    private static T Read<T>(string path, CometAnswer answer, Func<CometAnswer, T> read)
    {
        try
        {
            return answer.Response.ValueKind == JsonValueKind.Array ? read(answer) : throw new JsonException("A list is expected.");
        }
        catch (JsonException e)
        {
            throw new ServerFault($"{path} returned an unexpected answer: {e.Message}", mayHaveHappened: false, inner: e) { IsForeign = true };
        }
    }
}
