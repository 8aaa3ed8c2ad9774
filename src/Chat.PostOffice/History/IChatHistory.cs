using ErlChat.Mailboxes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Settings;

namespace ErlChat.History;

/// <summary>
/// The messages of rooms and the private messages. The thread that follows the log writes them in order, and after a restart it writes
/// again what the replay covers. Reading is thread-safe, and a read sees everything written before it.
/// </summary>
public interface IChatHistory
{
    /// <summary>
    /// Adds a message or a topic change of a room, or does to a message what the mail says (<see cref="MessageChanged"/>,
    /// <see cref="MessageRemoved"/>, <see cref="ReactionsChanged"/>). Doing that again changes nothing.
    /// </summary>
    void Add(string room, Mail mail);

    /// <summary>
    /// Adds a private message, or does something to one: one call for the sender and one for the receiver, each with their own copy. A
    /// reader is identified by the session key, which no later user can have. The nick and the user id do not identify a reader, because a
    /// client may ask for either.
    /// </summary>
    void AddPrivate(SessionKey reader, Mail mail);

    /// <summary>The room has ended.</summary>
    void Forget(string room);

    /// <summary>The session has ended: nobody can read its private messages any more.</summary>
    void Forget(SessionKey reader);

    /// <summary>
    /// A person was erased: <see cref="ErasedMessage"/> says what readers get in place of the person's messages from now on. A database is
    /// rewritten a little later.
    /// </summary>
    void Erase(string userId)
    {
    }

    /// <summary>All that the entries up to this one add has been added. Sequences rise.</summary>
    void Applied(long sequence)
    {
    }

    /// <summary>The items of a room next to a sequence, as many as the page may have, oldest first.</summary>
    /// <param name="room">A room's name, ignoring case; an unknown room has no items.</param>
    /// <param name="start">Where the page begins.</param>
    /// <param name="size">The limits of the page. At most one item that does not fit is read.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    ValueTask<MailPage> ReadAsync(string room, PageStart start, PageSize size, CancellationToken cancellationToken);

    /// <summary>The same for a session's private messages with one user or with all.</summary>
    /// <inheritdoc cref="ReadAsync" path="/param"/>
    ValueTask<MailPage> ReadPrivateAsync(
        SessionKey reader,
        Correspondent with,
        PageStart start,
        PageSize size,
        CancellationToken cancellationToken);

    /// <summary>
    /// What a person wrote in rooms, whether they still exist or not: messages and topics, in parts from the newest to the oldest.
    /// </summary>
    /// <param name="userId">The person's user id.</param>
    /// <param name="before">The exclusive upper limit; <see cref="long.MaxValue"/> to begin at the end.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    ValueTask<AuthorPage> ReadOfAsync(string userId, long before, CancellationToken cancellationToken);

    /// <summary>
    /// A message in a room, or a session's own copy of a private message; null if there is none with that sequence. Topics are none.
    /// </summary>
    /// <param name="sequence">The message's sequence.</param>
    /// <param name="reader">Whose private messages are looked at.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    ValueTask<Mail?> FindAsync(long sequence, SessionKey reader, CancellationToken cancellationToken);

    /// <summary>The messages that were edited or deleted after an entry, as they are now, in the order of their last changes.</summary>
    /// <param name="room">A room's name, ignoring case; null for the private messages of <paramref name="reader"/>.</param>
    /// <param name="reader">Whose private messages are looked at, without a room.</param>
    /// <param name="since">The exclusive lower limit of the changes' sequences.</param>
    /// <param name="size">The limits of the page.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    ValueTask<ChangesPage> ReadChangesAsync(
        string? room, SessionKey reader, long since, PageSize size, CancellationToken cancellationToken);

    /// <summary>
    /// The earlier texts of a message, oldest first: the newest <see cref="EarlierText.Most"/> of them. None of a message that was deleted.
    /// One that was replaced a moment ago may be missing.
    /// </summary>
    ValueTask<IReadOnlyList<EarlierText>> ReadEarlierAsync(long sequence, CancellationToken cancellationToken);

    /// <summary>The reactions to messages. Only messages that have, or had, any are in the result.</summary>
    /// <param name="messages">Sequences of messages, which were not deleted.</param>
    /// <param name="users">User ids of people of whom the result says what they used.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    ValueTask<IReadOnlyDictionary<long, MessageReactions>> ReadReactionsAsync(
        IReadOnlyCollection<long> messages, IReadOnlyCollection<string> users, CancellationToken cancellationToken);

    /// <summary>The messages whose reactions changed after an entry, in the order of the last changes.</summary>
    /// <inheritdoc cref="ReadChangesAsync" path="/param"/>
    ValueTask<ReactedPage> ReadReactedAsync(
        string? room, SessionKey reader, long since, PageSize size, CancellationToken cancellationToken);

    /// <summary>A person's reactions, in parts from the newest message to the oldest.</summary>
    /// <param name="userId">The person's user id.</param>
    /// <param name="before">The exclusive upper limit of the messages; <see cref="long.MaxValue"/> to begin at the end.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    ValueTask<PersonReactions> ReadReactionsOfAsync(string userId, long before, CancellationToken cancellationToken);

    /// <summary>The newest messages below a sequence that match a query, oldest first. Topics are not searched.</summary>
    /// <param name="query">What is searched for.</param>
    /// <param name="scope">Where.</param>
    /// <param name="before">The exclusive upper limit; <see cref="long.MaxValue"/> to begin at the end.</param>
    /// <param name="size">The limits of the page.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <exception cref="SearchTooSlowException">
    /// The search took longer than <see cref="ChatOptions.SearchTimeout"/>, including the wait for its turn.
    /// </exception>
    ValueTask<MailPage> SearchAsync(SearchQuery query, SearchScope scope, long before, PageSize size, CancellationToken cancellationToken);
}
