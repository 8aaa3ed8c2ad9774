using System.Globalization;
using System.Text.Json;
using ErlChat.Protocol.Comet;

namespace ErlChat.Client;

/// <summary>The calls about the client's own user: the password, the devices, and what was read.</summary>
public sealed partial class ChatClient
{
    /// <summary>The fewest characters that a password may have; 1 if the server does not say.</summary>
    public int MinPasswordLength => _keeper.Current.MinPasswordLength;

    /// <summary>
    /// Keeps the nick: makes this guest a member, who logs in with the password (<see cref="ChatLogin.Password"/>) on any number of
    /// devices. After too many tries the call is refused at once and does not wait.
    /// </summary>
    /// <exception cref="ChatRefusedException">
    /// BadPassword, RegistrationClosed, InvitationNeeded, AlreadyMember, TooManyMembers, RateLimited, SessionEnded, TooManyPending.
    /// </exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public Task RegisterAsync(string password, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(password);
        return RegisterAsync(new Dictionary<string, string> { ["password"] = password }, cancellationToken);
    }

    /// <summary>The same with an administrator's invitation, which is then used up.</summary>
    /// <param name="password">The new password.</param>
    /// <param name="invitation">The link, or the secret in it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ChatRefusedException">As without an invitation, and BadLink.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public Task RegisterAsync(string password, string invitation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(password);
        ArgumentException.ThrowIfNullOrEmpty(invitation);
        string secret = WireCalls.SecretOf(invitation, "token=");
        return RegisterAsync(new Dictionary<string, string> { ["password"] = password, ["invitation"] = secret }, cancellationToken);
    }

    private async Task RegisterAsync(Dictionary<string, string> form, CancellationToken cancellationToken)
    {
        await PostAsync(WireCalls.RegisterPath, form, cancellationToken, done: CometErrors.AlreadyMember).ConfigureAwait(false);
        _keeper.NoteMember(form["password"]);
    }

    /// <summary>
    /// Changes the password, and logs all other devices out. After too many tries the call is refused at once and does not wait.
    /// </summary>
    /// <param name="password">The current password.</param>
    /// <param name="next">The new one.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ChatRefusedException">
    /// WrongPassword, BadPassword, NotMember, RateLimited, SessionEnded, TooManyPending.
    /// </exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public async Task ChangePasswordAsync(string password, string next, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(password);
        ArgumentNullException.ThrowIfNull(next);
        var form = new Dictionary<string, string> { ["password"] = password, ["new_password"] = next };
        await PostAsync(WireCalls.PasswordPath, form, cancellationToken).ConfigureAwait(false);
        _keeper.NoteMember(next);
    }

    /// <summary>The places where this user is logged in, oldest first. A guest has one.</summary>
    /// <exception cref="ChatRefusedException">SessionEnded.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public Task<IReadOnlyList<Device>> DevicesAsync(CancellationToken cancellationToken = default) => LookAsync<IReadOnlyList<Device>>(
        "chat/devices/",
        static answer => [.. answer.Response.EnumerateArray().Select(device => new Device(
            WireCalls.Text(device, "id"),
            WireCalls.Text(device, "host"),
            WireCalls.Time(device, "since"),
            WireCalls.IsTrue(device, "online"),
            WireCalls.IsTrue(device, "this")))],
        cancellationToken);

    /// <summary>Logs one of this user's devices out.</summary>
    /// <exception cref="ChatRefusedException">NoSuchDevice, SessionEnded, TooManyPending.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public async Task EndDeviceAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        var form = new Dictionary<string, string> { ["id"] = id };
        await PostAsync("chat/devices/end/", form, cancellationToken, done: CometErrors.NoSuchDevice).ConfigureAwait(false);
    }

    /// <summary>Logs all of this user's other devices out.</summary>
    /// <exception cref="ChatRefusedException">SessionEnded, TooManyPending.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public Task EndOtherDevicesAsync(CancellationToken cancellationToken = default) =>
        PostAsync("chat/devices/end/", s_nothing, cancellationToken);

    /// <summary>This user: rooms, invitations, whom the user ignores, and how far a member has read.</summary>
    /// <param name="seen">The server that answers must know everything below this id; 0 for whatever it knows.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ChatRefusedException">SessionEnded.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public Task<PersonInfo> MeAsync(long seen = 0, CancellationToken cancellationToken = default) => LookAsync(
        WireCalls.MePath(seen),
        static answer => new PersonInfo(
            WireCalls.Text(answer.Response, "nick"),
            WireCalls.Text(answer.Response, "user_id"),
            WireCalls.IsTrue(answer.Response, "member"),
            WireCalls.IsTrue(answer.Response, "admin"),
            WireCalls.Strings(answer.Response, "rooms"),
            WireCalls.Strings(answer.Response, "invitations"),
            MarksOf(answer.Response))
        {
            Ignored = IgnoredOf(answer.Response),
            Titles = WireCalls.Titles(answer.Response),
        },
        cancellationToken,
        JsonValueKind.Object);

    /// <summary>
    /// Tells this user's other devices how far a room has been read (<see cref="ReadElsewhere"/>). Costs as much as a message, so do it
    /// every few seconds at most. Does nothing for a guest.
    /// </summary>
    /// <param name="room">The room.</param>
    /// <param name="upTo">The id of the newest message read, 0 or more.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ChatRefusedException">NotInRoom, SessionEnded, TooManyPending.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public Task MarkReadAsync(string room, long upTo, CancellationToken cancellationToken = default) =>
        MarkAsync("room", room, upTo, cancellationToken);

    /// <summary>The same as <see cref="MarkReadAsync"/> for the private messages with a user.</summary>
    /// <param name="withId">The other user's id.</param>
    /// <param name="upTo">The id of the newest message read, 0 or more.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ChatRefusedException">NoSuchUser, SessionEnded, TooManyPending.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public Task MarkPrivateReadAsync(string withId, long upTo, CancellationToken cancellationToken = default) =>
        MarkAsync("with", withId, upTo, cancellationToken);

    /// <summary>
    /// Says that nobody is at this device, or that somebody is again. Others read <see cref="AwayChanged"/> when nobody is at any of the
    /// user's devices.
    /// </summary>
    /// <param name="isAway">Whether nobody is there.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ChatRefusedException">SessionEnded, TooManyPending.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public async Task SetAwayAsync(bool isAway, CancellationToken cancellationToken = default) => await PostAsync(
        "chat/away/", new Dictionary<string, string> { ["on"] = isAway ? "1" : "0" }, cancellationToken).ConfigureAwait(false);

    /// <summary>The server's slash commands.</summary>
    /// <exception cref="ChatRefusedException">SessionEnded.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public Task<IReadOnlyList<CommandInfo>> CommandsAsync(CancellationToken cancellationToken = default) =>
        LookAsync<IReadOnlyList<CommandInfo>>(
            "chat/commands/",
            static answer => [.. answer.Response.EnumerateArray().Select(command => new CommandInfo(
                WireCalls.Text(command, "name"),
                WireCalls.Text(command, "usage"),
                WireCalls.Text(command, "help"),
                WireCalls.IsTrue(command, "admin")))],
            cancellationToken);

    private async Task MarkAsync(string kind, string name, long upTo, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfNegative(upTo);
        var form = new Dictionary<string, string> { [kind] = name, ["up_to"] = upTo.ToString(CultureInfo.InvariantCulture) };
        await PostAsync("chat/read/", form, cancellationToken).ConfigureAwait(false);
    }

    private static IReadOnlyList<ReadMark> MarksOf(JsonElement me) =>
        WireCalls.List(me, "read", static mark => new ReadMark(
            WireCalls.Text(mark, "room") is { Length: > 0 } room ? room : null,
            WireCalls.Text(mark, "with") is { Length: > 0 } with ? with : null,
            (long)(WireCalls.Number(mark, "up_to") ?? 0)));

    private static IReadOnlyList<IgnoredUser> IgnoredOf(JsonElement me) =>
        me.TryGetProperty("preferences", out JsonElement preferences)
            ? WireCalls.List(preferences, "ignored", static user => new IgnoredUser(
                WireCalls.Text(user, "nick"),
                WireCalls.Text(user, "user_id"),
                (long)(WireCalls.Number(user, "from") ?? 0),
                (long?)WireCalls.Number(user, "until")))
            : [];
}
