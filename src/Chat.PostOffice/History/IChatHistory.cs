namespace ErlChat;

/// <summary>
/// What was said: in rooms, and from one to another. Written by the chat room's log reader in order, and again after a restart for what a replay comes across; read
/// from anywhere. A read sees all that was written before it.
/// </summary>
public interface IChatHistory
{
    /// <summary>Takes what was said in a room, and changes of its topic.</summary>
    void Add(string room, Mail mail);

    /// <summary>
    /// Takes a private message, once for the sender and once for the receiver, each with its own copy. Readers are known by their session key, which no later
    /// stranger can have: neither the nick nor the user id, which a client may ask for, says who took part.
    /// </summary>
    void AddPrivate(SessionKey reader, Mail mail);

    /// <summary>The room has ended.</summary>
    void Forget(string room);

    /// <summary>The session has ended: nobody can read its private messages any more.</summary>
    void Forget(SessionKey reader);

    /// <summary>The newest <paramref name="limit"/> items of a room below a sequence, oldest first.</summary>
    /// <param name="room">A room's name, ignoring case; an unknown one has no items.</param>
    /// <param name="before">Exclusive; <see cref="long.MaxValue"/> for the end.</param>
    /// <param name="limit">1 or more.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    ValueTask<IReadOnlyList<Mail>> ReadAsync(string room, long before, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// The same of the private messages between a session and whoever had a nick, ignoring case, when they were written; of all its
    /// private messages when
    /// <paramref name="with"/> is null.
    /// </summary>
    /// <inheritdoc cref="ReadAsync" path="/param"/>
    ValueTask<IReadOnlyList<Mail>> ReadPrivateAsync(SessionKey reader, string? with, long before, int limit, CancellationToken cancellationToken);

    /// <summary>The newest <paramref name="limit"/> messages below a sequence that a query matches, oldest first. Topics are not searched.</summary>
    /// <inheritdoc cref="ReadAsync" path="/param"/>
    ValueTask<IReadOnlyList<Mail>> SearchAsync(SearchQuery query, SearchScope scope, long before, int limit, CancellationToken cancellationToken);
}
