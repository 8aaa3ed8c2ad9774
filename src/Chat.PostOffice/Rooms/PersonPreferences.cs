using ErlChat.Appending;
using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.Settings;

namespace ErlChat.Rooms;

/// <summary>
/// Whom a person ignores, and what it is told of: by slash command or by a call of a door. They follow the person to every device, and a
/// guest's end with the guest.
/// </summary>
/// <remarks>Thread-safe, without a lock.</remarks>
public sealed class PersonPreferences
{
    private readonly ChatRoom _room;
    private readonly ChatQueries _queries;
    private readonly CommandQueue _commands;
    private readonly ChatOptions _options;

    internal PersonPreferences(ChatRoom room, ChatQueries queries, CommandQueue commands, ChatOptions options) =>
        (_room, _queries, _commands, _options) = (room, queries, commands, options);

    /// <summary>What the person of a session wants to see and hear; null if nothing special, or if the session has ended.</summary>
    public PreferencesView? Of(SessionKey session) => _queries.PreferencesOf(session);

    /// <summary>Ignores a user.</summary>
    /// <param name="session">Who ignores.</param>
    /// <param name="nick">The user's nick, in any spelling; without effect if there is a <paramref name="userId"/>.</param>
    /// <param name="userId">The user's id; null for whoever has the nick.</param>
    /// <param name="key">The client's idempotency key; null for none.</param>
    /// <returns>
    /// <see cref="Accepted"/>, also if the user is ignored already; <see cref="Repeated"/>; or refused for BadSession, NoSuchUser,
    /// NotYourself, TooManyIgnored, Secret, Unavailable or Stopping.
    /// </returns>
    public Task<Outcome> IgnoreAsync(SessionKey session, string nick, string? userId = null, string? key = null) =>
        RunAsync(new PersonIgnored(session, nick, _options.MaxIgnoredPerPerson) { UserId = userId, Key = key });

    /// <summary>Stops ignoring a user, who need not exist any longer. By nick, all who had it are meant.</summary>
    /// <returns>
    /// <see cref="Accepted"/>, <see cref="Repeated"/>, or refused for BadSession, NoSuchUser (nobody like that is ignored), Secret,
    /// Unavailable or Stopping.
    /// </returns>
    /// <inheritdoc cref="IgnoreAsync" path="/param"/>
    public Task<Outcome> StopIgnoringAsync(SessionKey session, string nick, string? userId = null, string? key = null) => RunAsync(
        new PersonIgnored(session, nick, _options.MaxIgnoredPerPerson) { UserId = userId, Withdrawn = true, Key = key });

    /// <summary>Changes what a person is told of.</summary>
    /// <param name="session">Whose preferences.</param>
    /// <param name="change">What to change.</param>
    /// <returns>
    /// <see cref="Accepted"/>, also if nothing had to be changed; or refused for BadSession, NotInRoom, Unavailable or Stopping.
    /// </returns>
    public Task<Outcome> ChangeAsync(SessionKey session, PreferencesChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (_room.Find(session) is null)
            return Refuse(Refusal.BadSession);
        if (change.Room is not null && _room.FindRoom(session, change.Room) is null)
            return Refuse(Refusal.NotInRoom);
        return _commands.ExecuteAsync(new PreferencesSet(session)
        {
            Quiet = change.Quiet,
            Room = change.Room,
            Muted = change.Muted,
            Joins = change.Joins,
        });
    }

    /// <summary>
    /// Executes a command if its user can exist at all. Otherwise it would only fill the log, as would a nick that nobody asks for.
    /// </summary>
    private Task<Outcome> RunAsync(PersonIgnored entry)
    {
        if (_room.Find(entry.Session) is null)
            return Refuse(Refusal.BadSession);
        if (entry.UserId is { } id)
            return UserId.IsWellFormed(id) ? _commands.ExecuteAsync(entry with { Nick = "" }) : Refuse(Refusal.NoSuchUser);
        return Nick.IsWellFormed(Nick.Composed(entry.Nick))
            ? _commands.ExecuteAsync(entry with { Nick = _room.SpellingOf(entry.Nick) })
            : Refuse(Refusal.NoSuchUser);
    }

    private static Task<Outcome> Refuse(Refusal why) => Task.FromResult<Outcome>(new Refused(why));
}

/// <summary>A change of preferences. Only what is not null changes.</summary>
/// <param name="Quiet">Whether the person does not want to be disturbed.</param>
/// <param name="Room">The room to which the others belong; null for none.</param>
/// <param name="Muted">Whether only mentions in the room count.</param>
/// <param name="Joins">How the room's joins and leaves are shown.</param>
public sealed record PreferencesChange(bool? Quiet = null, string? Room = null, bool? Muted = null, ShownJoins? Joins = null);

/// <summary>What a person wants to see and hear.</summary>
/// <param name="IsQuiet">Whether it does not want to be disturbed.</param>
/// <param name="Ignored">Whom it ignores, in the order in which they were added.</param>
/// <param name="Rooms">The rooms that differ from the default, by name.</param>
public sealed record PreferencesView(bool IsQuiet, IReadOnlyList<IgnoredView> Ignored, IReadOnlyList<RoomPreference> Rooms);

/// <summary>Somebody who is ignored. Items name people by nick, so a client needs to know when the nick was that user's.</summary>
/// <param name="Who">The user.</param>
/// <param name="Until">The sequence from which the nick is another user's; null if it is not.</param>
public sealed record IgnoredView(IgnoredPerson Who, long? Until);
