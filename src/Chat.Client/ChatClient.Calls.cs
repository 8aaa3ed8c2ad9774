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
    /// <exception cref="ChatRefusedException">TooLong, NotInRoom, Muted, SessionEnded, TooManyPending.</exception>
    /// <exception cref="ChatUnavailableException">Not within <see cref="ChatClientOptions.CallPatience"/>; see <see cref="ChatUnavailableException.MayHaveHappened"/>.</exception>
    public Task<long?> SayAsync(string text, string room = Lobby, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(room);
        return SendAsync(text, "room", room, cancellationToken);
    }

    /// <summary>Says something to one person alone.</summary>
    /// <returns>The message's id.</returns>
    /// <exception cref="ChatRefusedException">As <see cref="SayAsync"/>, and NoSuchUser.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public Task<long?> WhisperAsync(string to, string text, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(to);
        ArgumentNullException.ThrowIfNull(text);
        return SendAsync(text, "to", to, cancellationToken);
    }

    /// <summary>Enters a room, which begins to exist with its first member. Being in it already is no error.</summary>
    /// <exception cref="ChatRefusedException">BadRoomName, TooManyRooms, SessionEnded.</exception>
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
        return await LookAsync(WireCalls.OnlinePath(room), SnapshotOf, cancellationToken).ConfigureAwait(false);

        RoomSnapshot SnapshotOf(CometAnswer answer) => new(room, WireCalls.Strings(answer.Response), answer.Id ?? 0);
    }

    /// <summary>The rooms there are.</summary>
    /// <exception cref="ChatRefusedException">SessionEnded.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public async Task<IReadOnlyList<RoomInfo>> RoomsAsync(CancellationToken cancellationToken = default)
    {
        return await LookAsync("chat/rooms/", RoomsOf, cancellationToken).ConfigureAwait(false);

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
        string nick = Nick;
        return await LookAsync(WireCalls.HistoryPath(room, before, limit), HistoryOf, cancellationToken).ConfigureAwait(false);

        RoomEvent[] HistoryOf(CometAnswer answer) => [.. CometItemReader.ParseAll(answer.Response).Select(item => EventReader.OfHistory(item, nick))];
    }

    private async Task<long?> SendAsync(string text, string where, string name, CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string> { ["msg"] = text, [where] = name, ["key"] = Guid.NewGuid().ToString("N") };
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
            throw new ServerFault($"{path} was answered with something else: {e.Message}", mayHaveHappened: false, inner: e) { IsForeign = true };
        }
    }
}
