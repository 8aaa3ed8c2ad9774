using ErlChat.History;
using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.State;

namespace ErlChat.Rooms;

/// <summary>All that the chat has of a person, for those who ask for their data (docs/privacy.md).</summary>
/// <remarks>Thread-safe. It writes nothing. Messages are read in parts, so that no more than one of them is in memory.</remarks>
public sealed class PersonRecords
{
    /// <summary>How many private messages one part has.</summary>
    private const int Part = 200;

    private readonly GuardedState _state;
    private readonly IChatHistory _history;
    private readonly TimeProvider _time;

    internal PersonRecords(GuardedState state, IChatHistory history, TimeProvider time) =>
        (_state, _history, _time) = (state, history, time);

    /// <summary>What is known about a person; null if there is nobody with the user id.</summary>
    /// <param name="userId">The person's user id.</param>
    /// <param name="publicOnly">Whether to leave out private rooms, read marks, preferences and links.</param>
    public PersonRecord? Find(string userId, bool publicOnly)
    {
        ArgumentNullException.ThrowIfNull(userId);
        DateTimeOffset now = _time.GetUtcNow();
        lock (_state.Gate)
        {
            if (_state.Now.FindPerson(userId) is not { } person)
                return null;
            IEnumerable<Room> rooms = person.Rooms.Select(room => _state.Now.Rooms[room]);
            return new PersonRecord(
                person.Who,
                person.MemberSince,
                person.IsAdmin,
                person.MutedUntil > now ? person.MutedUntil : null,
                person.LastActiveAt,
                [.. person.Sessions.Select(ChatQueries.ViewOf)],
                [.. rooms.Where(room => !publicOnly || !room.Rules.IsPrivate).Select(room => (room.Name, room.Rules.RoleOf(userId)))],
                publicOnly ? [] : person.Marks?.All ?? [])
            {
                Archive = person.Key,
                Preferences = publicOnly ? null : ChatQueries.PreferencesOf(_state.Now, person),
                Links = publicOnly ? [] : LinksOf(userId, now),
            };
        }
    }

    /// <summary>A part of what a person wrote in rooms, newest first.</summary>
    /// <param name="record">The person.</param>
    /// <param name="before">The exclusive upper limit; <see cref="long.MaxValue"/> to begin at the end.</param>
    /// <param name="publicOnly">Whether to leave out what was written in private rooms.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="LogUnavailableException">The database cannot be read now.</exception>
    public async ValueTask<AuthorPage> RoomMessagesAsync(
        PersonRecord record, long before, bool publicOnly, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        AuthorPage page = await _history.ReadOfAsync(record.Who.UserId, before, cancellationToken);
        if (!publicOnly)
            return page;
        lock (_state.Gate)
            return page with { Items = [.. page.Items.Where(IsPublic)] };
    }

    /// <summary>The texts that a message in a room had before it was edited, oldest first; none for most messages.</summary>
    /// <inheritdoc cref="RoomMessagesAsync" path="/exception"/>
    public async ValueTask<IReadOnlyList<EarlierText>> EarlierTextsAsync(Mail message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return ChangedMessage.WasChanged(message) ? await _history.ReadEarlierAsync(message.Sequence, cancellationToken) : [];
    }

    /// <summary>A part of a person's reactions, those to the newest messages first.</summary>
    /// <param name="record">The person.</param>
    /// <param name="before">The exclusive upper limit of the messages; <see cref="long.MaxValue"/> to begin at the end.</param>
    /// <param name="publicOnly">Whether to leave out those to private messages, and in private rooms.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <inheritdoc cref="RoomMessagesAsync" path="/exception"/>
    public async ValueTask<PersonReactions> ReactionsAsync(
        PersonRecord record, long before, bool publicOnly, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        PersonReactions part = await _history.ReadReactionsOfAsync(record.Who.UserId, before, cancellationToken);
        if (!publicOnly)
            return part;
        lock (_state.Gate)
            return part with { Items = [.. part.Items.Where(one => one.Room is { } room && IsPublic(room, one.Message))] };
    }

    /// <summary>A part of the private conversations that a person took part in, oldest first.</summary>
    /// <inheritdoc cref="RoomMessagesAsync" path="/param"/>
    /// <inheritdoc cref="RoomMessagesAsync" path="/exception"/>
    public ValueTask<MailPage> PrivateMessagesAsync(PersonRecord record, long before, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        return _history.ReadPrivateAsync(record.Archive, Correspondent.Anybody, before, Part, cancellationToken);
    }

    /// <summary>The valid links that a person made. Call it under the state's lock.</summary>
    private (string Room, string Id, DateTimeOffset Until)[] LinksOf(string userId, DateTimeOffset now) =>
    [
        .. _state.Now.Rooms.Values.SelectMany(room => room.Rules.Links
            .Where(link => link.By == userId && link.Until > now)
            .Select(link => (room.Name, link.Id, link.Until))),
    ];

    /// <summary>Whether a message was written where everybody could enter. Call it under the state's lock.</summary>
    private bool IsPublic(Mail mail) => IsPublic(StoredMessage.RoomOf(mail)!, mail.Sequence);

    private bool IsPublic(string room, long message) => _state.Now.Rooms.TryGetValue(room, out Room? found)
        ? !found.Rules.IsPrivate && message > found.Rules.SealedThrough
        : message > _state.Now.SealedThrough(room);
}
