using System.Globalization;
using System.Text.Json;
using ErlChat.Protocol.Comet;

namespace ErlChat.Client;

/// <summary>The calls of a client that is logged in.</summary>
public sealed partial class ChatClient
{
    private static readonly Dictionary<string, string> s_nothing = [];

    /// <summary>
    /// Sends a message to a room, or runs a slash command there. Returns when the server has accepted it: every reader gets it exactly
    /// once. If the server asks to slow down, the call waits.
    /// </summary>
    /// <returns>The message's id; null if there was nothing to send (blank text) or a slash command was run.</returns>
    /// <exception cref="ChatRefusedException">TooLong, BadText, NotInRoom, Muted, SessionEnded, TooManyPending.</exception>
    /// <exception cref="ChatUnavailableException">
    /// No answer within <see cref="ChatClientOptions.CallPatience"/>; see <see cref="ChatUnavailableException.MayHaveHappened"/>.
    /// </exception>
    public Task<long?> SayAsync(string text, string room = Lobby, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(room);
        return SendAsync(text, "room", room, cancellationToken);
    }

    /// <summary>Sends a private message to whichever user has the nick now.</summary>
    /// <returns>The message's id.</returns>
    /// <exception cref="ChatRefusedException">As <see cref="SayAsync"/>, and NoSuchUser.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public Task<long?> WhisperAsync(string to, string text, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(to);
        ArgumentNullException.ThrowIfNull(text);
        return SendAsync(text, "to", to, cancellationToken);
    }

    /// <summary>Sends a private message to one particular user, and not to another user who has taken the nick.</summary>
    /// <param name="to">The user's nick.</param>
    /// <param name="toId">The user's id, from <see cref="Whispered.FromId"/> or <see cref="Whispered.ToId"/>.</param>
    /// <param name="text">The message.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The message's id.</returns>
    /// <exception cref="ChatRefusedException">
    /// As <see cref="SayAsync"/>, and NoSuchUser: the user has left, or the nick does not belong to that user.
    /// </exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public Task<long?> WhisperAsync(string to, string toId, string text, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(to);
        ArgumentException.ThrowIfNullOrEmpty(toId);
        ArgumentNullException.ThrowIfNull(text);
        return SendAsync(text, "to", to, cancellationToken, toId);
    }

    /// <summary>Answers a message in a room. <see cref="Said.ReplyTo"/> tells readers which one. A slash command does without it.</summary>
    /// <param name="id">The id of the message.</param>
    /// <param name="text">The answer.</param>
    /// <param name="room">The message's room.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>As <see cref="SayAsync"/>.</returns>
    /// <exception cref="ChatRefusedException">
    /// As <see cref="SayAsync"/>, and NoSuchMessage: it was deleted, or is not of this room.
    /// </exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public Task<long?> ReplyAsync(long id, string text, string room = Lobby, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(id, 1);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(room);
        return SendAsync(text, "room", room, cancellationToken, replyTo: id);
    }

    /// <summary>Answers a private message, one's own or the other user's, in the same conversation.</summary>
    /// <param name="message">The message.</param>
    /// <param name="text">The answer.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The answer's id.</returns>
    /// <exception cref="ChatRefusedException">
    /// As <see cref="WhisperAsync(string, string, string, CancellationToken)"/>, and NoSuchMessage.
    /// </exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public Task<long?> ReplyAsync(Whispered message, string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(text);
        (string to, string? toId) = message.Own ? (message.To, message.ToId) : (message.From, message.FromId);
        return SendAsync(text, "to", to, cancellationToken, toId, message.Id);
    }

    /// <summary>
    /// Becomes an administrator. The password goes to the server in a separate call, not as a message. <see cref="AdminChanged"/> follows
    /// in <see cref="ReadAsync"/>. After too many tries the call is refused at once and does not wait.
    /// </summary>
    /// <exception cref="ChatRefusedException">
    /// WrongPassword, NotAllowed (the server has no administrators), RateLimited, SessionEnded, TooManyPending.
    /// </exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public async Task AuthenticateAsync(string password, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(password);
        var form = new Dictionary<string, string> { ["password"] = password };
        await PostAsync(WireCalls.AuthPath, form, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The users in a room, and as of which event.</summary>
    /// <exception cref="ChatRefusedException">NoSuchRoom, SessionEnded.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public async Task<RoomSnapshot> UsersAsync(string room = Lobby, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(room);
        CometAnswer answer = await LookAsync(WireCalls.OnlinePath(room), static answer => answer, cancellationToken).ConfigureAwait(false);
        try
        {
            IReadOnlyList<string> people = await WireCalls.NicksAsync(
                answer,
                room,
                path => LookAsync(path, static next => next, cancellationToken)).ConfigureAwait(false);
            return new RoomSnapshot(room, people, answer.Id ?? 0);
        }
        catch (ServerFault fault)
        {
            throw new ChatUnavailableException(fault.Message, mayHaveHappened: false, fault);
        }
    }

    private async Task<long?> SendAsync(
        string text, string where, string name, CancellationToken cancellationToken, string? toId = null, long? replyTo = null)
    {
        var form = new Dictionary<string, string> { ["msg"] = text, [where] = name, ["key"] = Guid.NewGuid().ToString("N") };
        if (toId is not null)
            form["to_id"] = toId;
        if (replyTo is { } parent)
            form["reply_to"] = parent.ToString(CultureInfo.InvariantCulture);
        (CometAnswer answer, _) = await _sends.PostAsync("chat/send_msg/", form, repeatable: false, cancellationToken)
            .ConfigureAwait(false);
        return answer.OrThrow().Id;
    }

    /// <summary>Makes a call that may be repeated. Returns its answer, unless that is a refusal.</summary>
    /// <param name="path">The path.</param>
    /// <param name="form">The form.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="done">The refusal of a repetition, if the first try did it and its answer was lost; null for none.</param>
    private async Task<CometAnswer> PostAsync(
        string path,
        Dictionary<string, string> form,
        CancellationToken cancellationToken,
        string? done = null)
    {
        (CometAnswer answer, bool repeated) = await _sends.PostAsync(path, form, repeatable: true, cancellationToken).ConfigureAwait(false);
        return repeated && answer.Error == done ? answer : answer.OrThrow();
    }

    /// <summary>
    /// Makes a call that changes nothing and returns a list or an object. Repeats it until it is answered, with a new session if needed.
    /// </summary>
    private async Task<T> LookAsync<T>(
        string path,
        Func<CometAnswer, T> read,
        CancellationToken cancellationToken,
        JsonValueKind kind = JsonValueKind.Array)
    {
        _keeper.ThrowIfEnded();
        return await _calls.RunAsync(
            call => Retry.RunAsync(_ => LookOnceAsync(path, read, kind, call.Token), _options.CallPatience, _options, call, _keeper.Over),
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<T> LookOnceAsync<T>(
        string path,
        Func<CometAnswer, T> read,
        JsonValueKind kind,
        CancellationToken cancellationToken)
    {
        for (bool renewed = false; ; renewed = true)
        {
            _keeper.ThrowIfEnded();
            ClientSession session = _keeper.Current;
            CometAnswer answer = await _http.GetAsync(session, path, _options, cancellationToken).ConfigureAwait(false);
            if (answer.Error != CometErrors.BadSession)
                return Read(path, answer.OrThrow(), read, kind);
            if (renewed)
                throw new ServerFault("The server ends the session as soon as it has begun.", mayHaveHappened: false);
            await _keeper.RenewAsync(session, answer, cancellationToken).ConfigureAwait(false);
        }
    }

    private static T Read<T>(string path, CometAnswer answer, Func<CometAnswer, T> read, JsonValueKind kind)
    {
        try
        {
            return answer.Response.ValueKind == kind ? read(answer) : throw new JsonException($"{kind} is expected.");
        }
        catch (JsonException e)
        {
            throw new ServerFault($"{path} returned an unexpected answer: {e.Message}", mayHaveHappened: false, inner: e)
            {
                IsForeign = true,
            };
        }
    }
}
