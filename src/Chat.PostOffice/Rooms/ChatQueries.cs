using ErlChat.History;
using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Rooms;

/// <summary>Answers questions from the state, and from the history if the session may read it.</summary>
/// <remarks>
/// Thread-safe. Every method copies what it returns under the state's lock, at a cost linear in the size of the copy. Sorting and searching
/// happen outside the lock.
/// </remarks>
internal sealed class ChatQueries(GuardedState state, IChatHistory history, TimeProvider time)
{
    private readonly PeopleLists _people = new(state);

    /// <summary>A live session; null if there is none.</summary>
    internal SessionView? Find(SessionKey session)
    {
        lock (state.Gate)
            return state.Now.Sessions.TryGetValue(session, out Session? found) ? ViewOf(found) : null;
    }

    /// <summary>The newest session of the person with a nick (<see cref="Nick.Same"/>); null if there is none.</summary>
    internal SessionView? FindNick(string nick)
    {
        string composed = Nick.Composed(nick);
        lock (state.Gate)
            return state.Now.FindOwner(composed) is { Sessions.Count: > 0 } found ? ViewOf(found.Sessions[^1]) : null;
    }

    /// <summary>
    /// The person with a nick (<see cref="Nick.Same"/>), and whether it is a member; null if nobody has the nick. A member need not have a
    /// session.
    /// </summary>
    internal (Person Who, bool IsMember)? FindPerson(string nick)
    {
        string composed = Nick.Composed(nick);
        lock (state.Gate)
            return state.Now.FindOwner(composed) is { } found ? (found.Who, found.IsMember) : null;
    }

    /// <summary>
    /// How to name a person in an entry, for a nick that a user typed: the fold finds people by their nick ignoring case, and does not know
    /// other spellings.
    /// </summary>
    internal string SpellingOf(string nick)
    {
        string composed = Nick.Composed(nick);
        lock (state.Gate)
            return state.Now.FindNick(composed) is null && state.Now.FindOwner(composed) is { } owner ? owner.Who.Nick : composed;
    }

    /// <summary>The member with a user id; null if there is none.</summary>
    internal Person? FindMember(string userId)
    {
        lock (state.Gate)
            return state.Now.FindPerson(userId) is { IsMember: true } found ? found.Who : null;
    }

    /// <summary>Whether a user id is somebody's, guest or member, here or not.</summary>
    internal bool IsPerson(string userId)
    {
        lock (state.Gate)
            return state.Now.FindPerson(userId) is not null;
    }

    /// <summary>The member with a nick (<see cref="Nick.Same"/>), if it was one at a time already; null otherwise.</summary>
    internal Person? FindMember(string nick, DateTimeOffset at)
    {
        string composed = Nick.Composed(nick);
        lock (state.Gate)
            return state.Now.FindOwner(composed) is { MemberSince: { } since } found && since <= at ? found.Who : null;
    }

    /// <summary>How far the member of a session has read its conversations; empty for a guest.</summary>
    internal IReadOnlyList<ReadMark> MarksOf(SessionKey session)
    {
        lock (state.Gate)
            return state.Now.Sessions.TryGetValue(session, out Session? found) && found.Person.Marks is { } marks ? marks.All : [];
    }

    /// <summary>What the person of a session wants to see and hear; null if nothing special, or if the session has ended.</summary>
    internal PreferencesView? PreferencesOf(SessionKey session)
    {
        lock (state.Gate)
            return state.Now.Sessions.TryGetValue(session, out Session? found) ? PreferencesOf(state.Now, found.Person) : null;
    }

    /// <summary>What a person wants to see and hear; null if nothing special. Call it under the state's lock.</summary>
    internal static PreferencesView? PreferencesOf(ChatState now, PersonState person)
    {
        return person.Preferences is { IsDefault: false } preferences
            ? new PreferencesView(preferences.IsQuiet, [.. preferences.Ignored.Select(ViewOf)], [.. preferences.Rooms])
            : null;

        IgnoredView ViewOf(IgnoredPerson one) => new(
            one, now.FindNick(one.Nick) is { } other && other.Who.UserId != one.UserId ? now.BeginOf(other) : null);
    }

    /// <summary>All sessions of the person to whom a session belongs, oldest first; empty if it has ended.</summary>
    internal IReadOnlyList<SessionView> SessionsOf(SessionKey session)
    {
        lock (state.Gate)
            return state.Now.Sessions.TryGetValue(session, out Session? found) ? [.. found.Person.Sessions.Select(ViewOf)] : [];
    }

    /// <summary>
    /// The people with a session from an address, whether online or not, by nick: those that a ban of the address would keep from logging
    /// in again. Each is represented by the newest of these sessions.
    /// </summary>
    /// <param name="host">Canonical address (<see cref="HostAddress"/>).</param>
    internal IReadOnlyList<SessionView> SessionsAt(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        List<SessionView> sessions;
        PackedGuest[] packed;
        lock (state.Gate)
        {
            sessions = [.. state.Now.NewestSessionsAt(host).Select(ViewOf)];
            packed = state.Now.CopyPacked();
        }

        sessions.AddRange(packed.Where(guest => guest.Host == host).Select(static guest => ViewOf(guest.Unpack().Session)));
        sessions.Sort(static (one, other) => string.CompareOrdinal(one.Who.Nick, other.Who.Nick));
        return sessions;
    }

    /// <summary>
    /// The people with sessions whose nick comes after <paramref name="after"/>, by nick, and whether there are more. Each is represented
    /// by the newest session. Only references are copied under the state's lock; filtering and sorting happen outside it.
    /// </summary>
    /// <param name="after">A nick, ignoring case; empty for the beginning.</param>
    /// <param name="find">A part of a nick or of an address, ignoring case; empty for all.</param>
    /// <param name="limit">The most sessions to return, 1 or more.</param>
    internal (IReadOnlyList<SessionView> Sessions, bool More) SessionsAfter(string after, string find, int limit)
    {
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(find);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        List<(string Nick, string Host, SessionKey Key)> all;
        PackedGuest[] packed;
        lock (state.Gate)
        {
            all = [.. state.Now.NewestSessions()];
            packed = state.Now.CopyPacked();
        }

        all.AddRange(packed.Select(static guest => (guest.Nick, guest.Host, guest.Key)));

        (string Nick, string Host, SessionKey Key)[] wanted =
        [
            .. all.Where(one => string.Compare(one.Nick, after, StringComparison.OrdinalIgnoreCase) > 0
                && (one.Nick.Contains(find, StringComparison.OrdinalIgnoreCase)
                    || one.Host.Contains(find, StringComparison.OrdinalIgnoreCase))),
        ];
        Array.Sort(wanted, static (one, other) => string.Compare(one.Nick, other.Nick, StringComparison.OrdinalIgnoreCase));

        // Sessions that have ended in the meantime are not returned and do not count. So a page with more after it is never empty, and its
        // reader knows where to continue.
        SessionView[] found = [.. wanted.Select(one => Find(one.Key)).OfType<SessionView>().Take(limit + 1)];
        return (found[..Math.Min(limit, found.Length)], found.Length > limit);
    }

    /// <summary>
    /// The users in a room, most recently active first, with the sequence of the list, which is the current one or later; null if there is
    /// no such room. Sorted outside the lock, once for all callers that ask at the same time.
    /// </summary>
    internal Task<PeopleListed?> PeopleAsync(string room)
    {
        ArgumentNullException.ThrowIfNull(room);
        return _people.GetAsync(FindRoom(room)?.Name ?? room);
    }

    /// <summary>
    /// The same for a session, which gets null also for a private room of which it is not a member. Checked before, so that strangers cost
    /// nothing, and again afterwards, because the room may have become private in between.
    /// </summary>
    internal async Task<PeopleListed?> PeopleAsync(SessionKey reader, string room)
    {
        ArgumentNullException.ThrowIfNull(room);
        return FindRoom(reader, room) is { Name: var address }
            && await _people.GetAsync(address) is { } people && FindRoom(reader, address) is not null
            ? people
            : null;
    }

    /// <summary>A room, private or not; null if there is none.</summary>
    internal RoomView? FindRoom(string room)
    {
        lock (state.Gate)
            return state.Now.FindRoom(room) is { } found ? ViewOf(found) : null;
    }

    /// <summary>A room that a session may know of; null if there is none.</summary>
    internal RoomView? FindRoom(SessionKey reader, string room)
    {
        lock (state.Gate)
            return Visible(reader, room) is { } found ? ViewOf(found) : null;
    }

    /// <summary>
    /// Whether there is a room that a session may know of or may enter. So someone who is invited can enter a room whose name breaks the
    /// rules of the door, as in a public one.
    /// </summary>
    internal bool CanFind(SessionKey reader, string room)
    {
        lock (state.Gate)
        {
            return state.Now.FindRoom(room) is { } found
                && state.Now.Sessions.TryGetValue(reader, out Session? session) && ChatState.MayEnter(session.Person, found);
        }
    }

    /// <summary>All rooms, private or not, by name. Only for operators.</summary>
    internal IReadOnlyList<RoomView> Rooms() => Rooms(static _ => true);

    /// <summary>The rooms that a session may know of, by name.</summary>
    internal IReadOnlyList<RoomView> Rooms(SessionKey reader) => Rooms(room => MaySee(reader, room));

    /// <summary>The names of the private rooms to which a user is invited, sorted.</summary>
    internal IReadOnlyList<string> InvitationsOf(string userId)
    {
        string[] rooms;
        lock (state.Gate)
            rooms = [.. state.Now.InvitationsOf(userId).Select(static room => room.Name)];
        Array.Sort(rooms, StringComparer.OrdinalIgnoreCase);
        return rooms;
    }

    /// <summary>Who the administrators are, sorted by nick.</summary>
    internal IReadOnlyList<AdminView> Admins()
    {
        AdminView[] admins;
        lock (state.Gate)
        {
            ChatState now = state.Now;
            admins = [.. now.Admins.Select(person => new AdminView(person.Who.Nick, now.BeginOf(person), person.IsAppointed))];
        }

        Array.Sort(admins, static (one, other) => StringComparer.OrdinalIgnoreCase.Compare(one.Nick, other.Nick));
        return admins;
    }

    /// <summary>The titles of those of these rooms that were renamed, by address. The caller knows of the rooms.</summary>
    /// <param name="rooms">Addresses.</param>
    internal IReadOnlyDictionary<string, string> TitlesOf(IEnumerable<string> rooms)
    {
        var titles = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        lock (state.Gate)
        {
            foreach (string room in rooms)
            {
                if (state.Now.Rooms.TryGetValue(room, out Room? found) && found.Title is { } title)
                    titles[found.Name] = title;
            }
        }

        return titles;
    }

    /// <summary>
    /// How many messages are pinned in those of these rooms that have pins, by address. The caller is in the rooms. Messages that retention
    /// has removed count, since only the log knows of them.
    /// </summary>
    /// <param name="rooms">Addresses.</param>
    internal IReadOnlyDictionary<string, int> PinCountsOf(IEnumerable<string> rooms)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        lock (state.Gate)
        {
            foreach (string room in rooms)
            {
                if (state.Now.Rooms.TryGetValue(room, out Room? found) && found.Rules.Pins.Count is > 0 and int count)
                    counts[found.Name] = count;
            }
        }

        return counts;
    }

    /// <summary>Who owns and moderates a room, and who is invited; null if the session may not know of the room.</summary>
    internal RoomDetails? DetailsOf(SessionKey reader, string room)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (state.Gate)
        {
            if (Visible(reader, room) is not { } found)
                return null;
            RoomRules rules = found.Rules;
            PersonState person = state.Now.Sessions[reader].Person;
            return new RoomDetails(
                ViewOf(found),
                rules.OwnerId is null ? null : state.Now.NickOf(rules.OwnerId),
                NicksOf(rules.Moderators),
                ChatState.IsModerator(person, found) ? NicksOf(rules.Invited) : [],
                ChatState.IsOwner(person, found) ? RoomRole.Owner
                    : ChatState.IsModerator(person, found) ? RoomRole.Moderator
                    : RoomRole.Member)
            {
                Links = ChatState.IsModerator(person, found)
                    ? [
                        .. rules.Links
                            .Where(link => link.Until > now)
                            .Select(link => new RoomLinkView(link.Id, state.Now.NickOf(link.By), link.Until)),
                    ]
                    : [],
            };
        }

        string[] NicksOf(IEnumerable<string> userIds) => [.. userIds.Select(state.Now.NickOf).OfType<string>()];
    }

    /// <summary>Whether a room has a link with this hash, which may be over.</summary>
    internal bool IsLink(string hash)
    {
        lock (state.Gate)
            return state.Now.IsLink(hash);
    }

    /// <summary>The current bans of addresses and persons, each once, and how long each still lasts.</summary>
    internal IReadOnlyList<(Ban Ban, TimeSpan Left)> ActiveBans()
    {
        DateTimeOffset now = time.GetUtcNow();
        Ban[] bans;
        lock (state.Gate)
            bans = [.. state.Now.AllBans];
        return [.. bans.Where(ban => ban.Until > now).Select(ban => (ban, ban.Until - now))];
    }

    /// <summary>The current mutes that outlive a session, by nick, and how long each still lasts.</summary>
    internal IReadOnlyList<(Mute Mute, TimeSpan Left)> ActiveMutes()
    {
        DateTimeOffset now = time.GetUtcNow();
        Mute[] mutes;
        lock (state.Gate)
            mutes = [.. state.Now.Mutes];
        return [.. mutes.Where(mute => mute.Until > now).Select(mute => (mute, mute.Until - now))];
    }

    /// <summary>The members who are administrators for good, by nick, and whether each is online.</summary>
    internal IReadOnlyList<(Person Who, bool IsOnline)> AppointedAdministrators()
    {
        List<(Person Who, bool IsOnline)> found = [];
        lock (state.Gate)
        {
            // No packed guest is one.
            foreach (PersonState person in state.Now.Unpacked)
            {
                if (person.IsAppointed)
                    found.Add((person.Who, person.IsOnline));
            }
        }

        found.Sort(static (one, other) => string.Compare(one.Who.Nick, other.Who.Nick, StringComparison.OrdinalIgnoreCase));
        return found;
    }

    /// <summary>What administrators did, newest first.</summary>
    internal IReadOnlyList<Act> Acts()
    {
        Act[] acts;
        lock (state.Gate)
            acts = [.. state.Now.Acts];
        Array.Reverse(acts);
        return acts;
    }

    /// <summary>How many members there are, whether online or not.</summary>
    internal int MemberCount
    {
        get
        {
            lock (state.Gate)
                return state.Now.MemberCount;
        }
    }

    /// <summary>How many rooms exist.</summary>
    internal int RoomCount
    {
        get
        {
            lock (state.Gate)
                return state.Now.Rooms.Count;
        }
    }

    /// <summary>How many sessions have users who are online.</summary>
    internal int SessionCount
    {
        get
        {
            lock (state.Gate)
                return state.Now.Online;
        }
    }

    /// <summary>How many sessions wait for users who are offline.</summary>
    internal int OfflineCount
    {
        get
        {
            lock (state.Gate)
                return state.Now.Sessions.Count - state.Now.Online;
        }
    }

    /// <summary>A room's history; null if the session is not in the room.</summary>
    /// <inheritdoc cref="IChatHistory.ReadAsync" path="/param"/>
    internal async ValueTask<MailPage?> HistoryAsync(
        SessionKey session, string room, PageStart start, PageSize size, CancellationToken cancellationToken)
    {
        long sealedThrough;
        string address;
        lock (state.Gate)
        {
            if (RoomOf(session, room) is not { } found)
                return null;
            (address, sealedThrough) = (found.Name, found.Rules.SealedThrough);
        }

        if (start.IsUpward)
            start = PageStart.After(Math.Max(start.Sequence, sealedThrough));
        MailPage page = await history.ReadAsync(address, start, size, cancellationToken);
        if (page.Count > 0 && page[0].Sequence <= sealedThrough)
            page = new MailPage([.. page.Where(mail => mail.Sequence > sealedThrough)], more: false);
        return await ShownAsync(session, page, cancellationToken);
    }

    /// <summary>
    /// A room's history around a message: as many items before and after it, if there are so many, and the message itself, if it is there.
    /// Null if the session is not in the room.
    /// </summary>
    /// <param name="message">The message's sequence, below <see cref="long.MaxValue"/>.</param>
    /// <inheritdoc cref="IChatHistory.ReadAsync" path="/param"/>
    internal ValueTask<MailPage?> HistoryAroundAsync(
        SessionKey session, string room, long message, PageSize size, CancellationToken cancellationToken) =>
        AroundAsync((start, half) => HistoryAsync(session, room, start, half, cancellationToken), message, size);

    /// <summary>The private messages of a session's person with a user; null if the session has ended.</summary>
    /// <inheritdoc cref="IChatHistory.ReadPrivateAsync" path="/param"/>
    internal async ValueTask<MailPage?> PrivateHistoryAsync(
        SessionKey session, Correspondent with, PageStart start, PageSize size, CancellationToken cancellationToken) =>
        ArchiveOf(session) is { } archive
            ? await ShownAsync(
                session, await history.ReadPrivateAsync(archive, with, start, size, cancellationToken), cancellationToken)
            : null;

    /// <summary>The same around a message.</summary>
    /// <inheritdoc cref="HistoryAroundAsync" path="/param"/>
    internal ValueTask<MailPage?> PrivateHistoryAroundAsync(
        SessionKey session, Correspondent with, long message, PageSize size, CancellationToken cancellationToken) =>
        AroundAsync((start, half) => PrivateHistoryAsync(session, with, start, half, cancellationToken), message, size);

    private static async ValueTask<MailPage?> AroundAsync(
        Func<PageStart, PageSize, ValueTask<MailPage?>> read, long message, PageSize size)
    {
        int most = size.Items / 2;
        var half = new PageSize(size.Items - most, size.Bytes / 2);
        if (await read(PageStart.Before(message + 1), half) is not { } older)
            return null;

        // One at least is asked for: whether there is any.
        if (await read(PageStart.After(message), half with { Items = Math.Max(1, most) }) is not { } newer)
            return null;
        return new MailPage([.. older, .. newer.Take(most)], older.More, newer.Newer || newer.Count > most);
    }

    /// <summary>
    /// Searches a room or, if <paramref name="room"/> is null, all that the session may read: its rooms and its private messages. Null if
    /// the session is not in that room or has ended.
    /// </summary>
    /// <inheritdoc cref="IChatHistory.SearchAsync" path="/param"/>
    /// <inheritdoc cref="IChatHistory.SearchAsync" path="/exception"/>
    internal async ValueTask<MailPage?> SearchAsync(
        SessionKey session,
        SearchQuery query,
        string? room,
        long before,
        PageSize size,
        CancellationToken cancellationToken)
    {
        SearchScope scope;
        lock (state.Gate)
        {
            Room? only = room is null ? null : RoomOf(session, room);
            if (!state.Now.Sessions.TryGetValue(session, out Session? found) || (room is not null && only is null))
                return null;
            scope = only is not null ? new SearchScope([only.Name], null) : new SearchScope([.. found.Person.Rooms], found.Person.Key);
            scope = scope with
            {
                Sealed =
                [
                    .. scope.Rooms
                        .Select(one => (one, state.Now.Rooms[one].Rules.SealedThrough))
                        .Where(static one => one.SealedThrough > 0),
                ],
            };
        }

        return await FoundAsync(session, query, scope, before, size, cancellationToken);
    }

    /// <summary>Searches the private messages of a session's person with a user; null if the session has ended.</summary>
    /// <param name="with">The user.</param>
    /// <inheritdoc cref="IChatHistory.SearchAsync" path="/param"/>
    /// <inheritdoc cref="IChatHistory.SearchAsync" path="/exception"/>
    internal async ValueTask<MailPage?> SearchPrivateAsync(
        SessionKey session, SearchQuery query, Correspondent with, long before, PageSize size, CancellationToken cancellationToken) =>
        ArchiveOf(session) is { } archive
            ? await FoundAsync(session, query, new SearchScope([], archive) { With = with }, before, size, cancellationToken)
            : null;

    private async ValueTask<MailPage> FoundAsync(
        SessionKey session, SearchQuery query, SearchScope scope, long before, PageSize size, CancellationToken cancellationToken) =>
        await ShownAsync(session, await history.SearchAsync(query, scope, before, size, cancellationToken), cancellationToken);

    /// <summary>
    /// A message in a room, or one of a session's private messages; null if there is none, or if the session has ended. Whether the session
    /// may know of it is another question.
    /// </summary>
    /// <inheritdoc cref="IChatHistory.FindAsync" path="/param"/>
    internal async ValueTask<Mail?> FindMessageAsync(SessionKey session, long sequence, CancellationToken cancellationToken) =>
        ArchiveOf(session) is { } archive && await history.FindAsync(sequence, archive, cancellationToken) is { } found
            ? WithoutErased(found)
            : null;

    /// <summary>The message that a command of a session names.</summary>
    /// <returns>The message, or null and why: refused for BadSession, NoSuchMessage or Unavailable.</returns>
    /// <inheritdoc cref="IChatHistory.FindAsync" path="/param"/>
    internal async Task<(Mail? Found, Refused? Refused)> LookUpAsync(
        SessionKey session, long sequence, CancellationToken cancellationToken)
    {
        try
        {
            return await FindMessageAsync(session, sequence, cancellationToken) is { } found
                ? (found, null)
                : (null, new Refused(IsLive(session) ? Refusal.NoSuchMessage : Refusal.BadSession));
        }
        catch (LogUnavailableException)
        {
            return (null, new Refused(Refusal.Unavailable));
        }
    }

    /// <summary>A message without those of its persons who were erased: a database is rewritten a little later.</summary>
    private Mail WithoutErased(Mail mail)
    {
        lock (state.Gate)
            return ErasedMessage.Without(mail, state.Now.IsErased);
    }

    /// <summary>Why an entry that edits or deletes a message would be refused now; null if it would not.</summary>
    internal Refused? RefusalOf(MessageEntry entry)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (state.Gate)
        {
            return state.Now.Sessions.TryGetValue(entry.Session, out Session? found)
                ? state.Now.RefusalOf(entry, found.Person, now)
                : new Refused(Refusal.BadSession);
        }
    }

    /// <summary>Whether the session of an entry may see the earlier texts of the message that the entry names.</summary>
    internal bool MaySeeEarlier(MessageEntry entry)
    {
        lock (state.Gate)
            return state.Now.Sessions.TryGetValue(entry.Session, out Session? found) && state.Now.MaySeeEarlier(entry, found.Person);
    }

    /// <summary>
    /// What was done after an entry to the messages of a room, or to a session's private messages: as mail, also the reactions to them.
    /// Null if the session is not in the room or has ended.
    /// </summary>
    /// <inheritdoc cref="IChatHistory.ReadChangesAsync" path="/param"/>
    internal async ValueTask<ChangesPage?> ChangesAsync(
        SessionKey session, string? room, long since, PageSize size, CancellationToken cancellationToken)
    {
        SessionKey archive;
        string userId;
        string? address = null;
        lock (state.Gate)
        {
            Room? only = room is null ? null : RoomOf(session, room);
            if (!state.Now.Sessions.TryGetValue(session, out Session? found) || (room is not null && only is null))
                return null;
            (archive, userId) = (found.Person.Key, found.Person.Who.UserId);

            // Nothing has been done to sealed messages since they were sealed.
            if (only is not null)
                (address, since) = (only.Name, Math.Max(since, only.Rules.SealedThrough));
        }

        ChangesPage changes = await history.ReadChangesAsync(address, archive, since, size, cancellationToken);
        ReactedPage reacted = await history.ReadReactedAsync(address, archive, since, size, cancellationToken);
        IReadOnlyDictionary<long, MessageReactions> reactions = reacted.Items.Count == 0
            ? new Dictionary<long, MessageReactions>()
            : await history.ReadReactionsAsync([.. reacted.Items.Select(static one => one.Message)], [userId], cancellationToken);
        return Reacting.Merge(changes, reacted, reactions, address, userId, size);
    }

    /// <summary>The reactions to a message; null if there never were any.</summary>
    /// <param name="message">The message's sequence.</param>
    /// <param name="users">People of whom the result says what they used.</param>
    internal async ValueTask<MessageReactions?> ReactionsAsync(long message, IReadOnlyCollection<string> users) =>
        (await history.ReadReactionsAsync([message], users, CancellationToken.None)).GetValueOrDefault(message);

    /// <summary>Why a session would be refused that reacts to a message now, or takes a reaction back; null if not.</summary>
    internal Refused? RefusalOf(Reacted entry, SessionKey session, bool on)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (state.Gate)
        {
            return state.Now.Sessions.TryGetValue(session, out Session? found)
                ? state.Now.RefusalOf(entry, found.Person, on, now)
                : new Refused(Refusal.BadSession);
        }
    }

    /// <summary>A page of messages with their reactions, and with what they answer, as a session's person sees them.</summary>
    private async ValueTask<MailPage> ShownAsync(SessionKey session, MailPage page, CancellationToken cancellationToken)
    {
        page = await WithParentsAsync(session, page, cancellationToken);
        IReadOnlyCollection<long> messages = Reacting.Candidates(page);
        return messages.Count > 0 && Find(session)?.Who.UserId is { } userId
            ? Reacting.Shown(page, await history.ReadReactionsAsync(messages, [userId], cancellationToken), userId)
            : page;
    }

    /// <summary>A page of messages with what is known now of those that they answer.</summary>
    private async ValueTask<MailPage> WithParentsAsync(SessionKey session, MailPage page, CancellationToken cancellationToken)
    {
        IReadOnlyList<long> parents = Answering.ParentsOf(page);
        if (parents.Count == 0)
            return page;
        var known = new Dictionary<long, Mail>();
        foreach (long parent in parents)
        {
            // Most answers follow soon, so the page often has both.
            Mail? found = page.FirstOrDefault(mail => mail.Sequence == parent)
                ?? await FindMessageAsync(session, parent, cancellationToken);
            if (found is not null)
                known.Add(parent, found);
        }

        return Answering.Shown(page, known);
    }

    /// <summary>Why a session would be refused that answers a message in a room now; null if not.</summary>
    internal Refused? ReplyRefusal(SessionKey session, string room, Mail parent)
    {
        lock (state.Gate)
        {
            return RoomOf(session, room) is not { } found ? new Refused(Refusal.NotInRoom)
                : IsIn(found, parent) ? null
                : new Refused(Refusal.NoSuchMessage);
        }
    }

    /// <summary>Whether the message that an entry names is pinned.</summary>
    internal bool IsPinned(MessageEntry entry)
    {
        lock (state.Gate)
            return state.Now.IsPinned(entry);
    }

    /// <summary>
    /// The messages that are pinned to a room, in the order in which they were; null if the session is not in the room. One that retention
    /// has removed is left out.
    /// </summary>
    /// <inheritdoc cref="IChatHistory.FindAsync" path="/exception"/>
    internal async ValueTask<MailPage?> PinsAsync(SessionKey session, string room, CancellationToken cancellationToken)
    {
        long[] pins;
        lock (state.Gate)
        {
            if (RoomOf(session, room) is not { } found)
                return null;
            pins = [.. found.Rules.Pins];
        }

        var messages = new List<Mail>(pins.Length);
        foreach (long pin in pins)
        {
            if (await FindMessageAsync(session, pin, cancellationToken) is { } message && !ChangedMessage.IsRemoved(message))
                messages.Add(message);
        }

        return await ShownAsync(session, new MailPage(messages, more: false), cancellationToken);
    }

    /// <summary>A message as the history has it, alone on its page; null if there is none that the session may read.</summary>
    /// <inheritdoc cref="IChatHistory.FindAsync" path="/exception"/>
    internal async ValueTask<MailPage?> MessageAsync(SessionKey session, long sequence, CancellationToken cancellationToken)
    {
        if (await FindMessageAsync(session, sequence, cancellationToken) is not { } message)
            return null;
        lock (state.Gate)
        {
            if (StoredMessage.RoomOf(message) is { } name && (RoomOf(session, name) is not { } room || !IsIn(room, message)))
                return null;
        }

        return await ShownAsync(session, new MailPage([message], more: false), cancellationToken);
    }

    /// <summary>Whether a message is one of a room, and was not sealed.</summary>
    private static bool IsIn(Room room, Mail message) => StoredMessage.RoomOf(message) is { } name && RoomName.Same(name, room.Name)
        && message.Sequence > room.Rules.SealedThrough;

    /// <inheritdoc cref="IChatHistory.ReadEarlierAsync"/>
    internal ValueTask<IReadOnlyList<EarlierText>> EarlierAsync(long sequence, CancellationToken cancellationToken) =>
        history.ReadEarlierAsync(sequence, cancellationToken);

    /// <summary>Whether a session is live.</summary>
    internal bool IsLive(SessionKey session)
    {
        lock (state.Gate)
            return state.Now.Sessions.ContainsKey(session);
    }

    /// <summary>
    /// Whether a room may have this name, or exists and may be known to the session. Checked because answers to commands repeat the name,
    /// and answers are in the log.
    /// </summary>
    internal bool MayBeRoom(SessionKey session, string room) => RoomName.IsValid(room) || FindRoom(session, room) is not null;

    /// <summary>The outcome of the command that a session gave with a key; null if there was none or the key has expired.</summary>
    internal Outcome? FindKeyed(SessionKey session, string key)
    {
        lock (state.Gate)
            return state.Now.Sessions.TryGetValue(session, out Session? found) ? found.Keyed?.Peek(key, time.GetUtcNow()) : null;
    }

    /// <summary>Under which key the private messages of a session's person are filed; null if the session has ended.</summary>
    private SessionKey? ArchiveOf(SessionKey session)
    {
        lock (state.Gate)
            return state.Now.Sessions.TryGetValue(session, out Session? found) ? found.Person.Key : null;
    }

    internal static SessionView ViewOf(Session session) => new(
        session.Key,
        session.Person.Who,
        session.Host,
        session.Person.Home,
        session.Person.IsAdmin,
        session.Since,
        session.Person.LastActiveAt,
        [.. session.Person.Rooms])
    {
        IsOnline = session.IsOnline,
        IsKept = session.IsKept,
        IsMember = session.Person.IsMember,
        ServedBy = session.ServedBy,
    };

    private List<RoomView> Rooms(Func<Room, bool> wanted)
    {
        var rooms = new List<RoomView>();
        lock (state.Gate)
        {
            foreach (Room room in state.Now.Rooms.Values)
            {
                if (wanted(room))
                    rooms.Add(ViewOf(room));
            }
        }

        rooms.Sort(static (one, other) => string.Compare(one.Name, other.Name, StringComparison.OrdinalIgnoreCase));
        return rooms;
    }

    /// <summary>A room that a session may know of; null if there is none. Call it under the state's lock.</summary>
    private Room? Visible(SessionKey reader, string room) =>
        state.Now.FindRoom(room) is { } found && MaySee(reader, found) ? found : null;

    /// <summary>A room that a session is in; null if it is not, or there is none. Call it under the state's lock.</summary>
    private Room? RoomOf(SessionKey session, string room) =>
        state.Now.Sessions.TryGetValue(session, out Session? found) ? state.Now.FindRoom(found.Person, room) : null;

    /// <inheritdoc cref="ChatState.MaySee"/>
    private bool MaySee(SessionKey reader, Room room) =>
        state.Now.Sessions.TryGetValue(reader, out Session? session) && ChatState.MaySee(session.Person, room);

    private static RoomView ViewOf(Room room) => new(room.Name, room.Topic, room.Online)
    {
        Title = room.Title,
        IsPrivate = room.Rules.IsPrivate,
        IsLocked = room.Rules.IsLocked,
        IsArchived = room.Rules.IsArchived,
        Pause = room.Rules.Pause,
    };
}
