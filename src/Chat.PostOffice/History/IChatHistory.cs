using ErlChat.Mailboxes;
using ErlChat.Sessions;
using ErlChat.Settings;

namespace ErlChat.History;

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

    /// <summary>The newest items of a room below a sequence, as many as the page may have, oldest first.</summary>
    /// <param name="room">A room's name, ignoring case; an unknown one has no items.</param>
    /// <param name="before">Exclusive; <see cref="long.MaxValue"/> for the end.</param>
    /// <param name="size">The bound of the page. Whatever does not fit is not read either, but for one item.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    ValueTask<MailPage> ReadAsync(string room, long before, PageSize size, CancellationToken cancellationToken);

    /// <summary>The same of the private messages between a session and somebody else, or everybody else.</summary>
    /// <inheritdoc cref="ReadAsync" path="/param"/>
    ValueTask<MailPage> ReadPrivateAsync(SessionKey reader, Correspondent with, long before, PageSize size, CancellationToken cancellationToken);

    /// <summary>The newest messages below a sequence that a query matches, oldest first. Topics are not searched.</summary>
    /// <inheritdoc cref="ReadAsync" path="/param"/>
    /// <exception cref="SearchTooSlowException">It took longer than <see cref="ChatOptions.SearchTimeout"/>, waiting for its turn included.</exception>
    ValueTask<MailPage> SearchAsync(SearchQuery query, SearchScope scope, long before, PageSize size, CancellationToken cancellationToken);
}
