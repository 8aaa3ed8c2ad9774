using ErlChat.Appending;
using ErlChat.History;
using ErlChat.Limits;
using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.Settings;
using ErlChat.Texts;

namespace ErlChat.Rooms;

/// <summary>
/// Editing and deleting messages, and what was done to messages. Who may do so depends on the author and the room of a message, which never
/// change. They are looked up in the history and written into the entry; the fold decides with what it knows (docs/adr/0030).
/// </summary>
/// <remarks>
/// Thread-safe, without a lock. A message that is not the user's, or that the user may not know of, is refused like one that does not
/// exist.
/// </remarks>
public sealed class MessageChanges
{
    private readonly ChatRoom _room;
    private readonly ChatQueries _queries;
    private readonly CommandQueue _commands;
    private readonly Admission _admission;
    private readonly TimeSpan _window;
    private readonly int _pins;
    private readonly TextRule _texts;
    private readonly TimeProvider _time;

    internal MessageChanges(
        ChatRoom room, ChatQueries queries, CommandQueue commands, Admission admission, ChatOptions options, TimeProvider time)
    {
        (_room, _queries, _commands, _admission, _time) = (room, queries, commands, admission, time);
        (_window, _pins, _texts) = (options.EditWindow, options.MaxPinsPerRoom, new TextRule(options));
    }

    /// <summary>Gives an own message another text. Costs as much as sending it. The text is no command, whatever it begins with.</summary>
    /// <param name="box">The mailbox of the user's session.</param>
    /// <param name="message">The message's sequence.</param>
    /// <param name="text">The new text as received. Lone surrogates are replaced.</param>
    /// <param name="key">The client's idempotency key, at most 64 characters; null for none.</param>
    /// <param name="cancellationToken">Cancels looking up the message. Once the command has been given, it is carried out.</param>
    /// <returns>
    /// <see cref="Accepted"/>; null if the message has this text; <see cref="Repeated"/>; or refused for BadSession, TooLong, BadText (also
    /// if nothing in it is visible), RateLimited, Secret, NoSuchMessage, TooOld, Muted, RoomLocked, RoomArchived, Unavailable or Stopping.
    /// </returns>
    public async Task<Outcome?> EditAsync(Mailbox box, long message, string text, string? key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(box);
        ArgumentNullException.ThrowIfNull(text);
        SessionKey session = box.Owner;
        if (_room.Find(session) is not { } sender)
            return new Refused(Refusal.BadSession);
        box.Touch();
        string said = TextRule.WellFormed(text);
        if (_texts.Check(said) is { } fault)
            return new Refused(fault);
        if (TextRule.IsBlank(said))
            return new Refused(Refusal.BadText);
        if (key is not null && _room.FindKeyed(session, key) is { } first)
            return new Repeated(first);
        if (_admission.Message(session, sender.Host, said) is { } limited)
            return limited;
        if (AuthText.LooksLikeAuth(said))
            return new Refused(Refusal.Secret);
        (MessageEntry? entry, Mail? found, Refused? refused) = await BeginAsync(
            new MessageEdited(session, message, said) { Key = key }, cancellationToken);
        if (entry is null)
            return refused;
        if (ChangedMessage.IsRemoved(found!))
            return new Refused(Refusal.NoSuchMessage);
        if (ChangedMessage.TextOf(found!) == said)
            return null;
        return _time.GetUtcNow() - entry.Written > _window ? new Refused(Refusal.TooOld) : await _commands.ExecuteAsync(entry);
    }

    /// <summary>Deletes an own message or, for those who moderate its room, any. Its text is gone for everybody.</summary>
    /// <returns>
    /// <see cref="Accepted"/>; null if the message has been deleted already; <see cref="Repeated"/>; or refused for BadSession,
    /// NoSuchMessage, Unavailable or Stopping.
    /// </returns>
    /// <inheritdoc cref="EditAsync" path="/param"/>
    public async Task<Outcome?> DeleteAsync(Mailbox box, long message, string? key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(box);
        SessionKey session = box.Owner;
        if (key is not null && _room.FindKeyed(session, key) is { } first)
            return new Repeated(first);
        (MessageEntry? entry, Mail? found, Refused? refused) = await BeginAsync(
            new MessageDeleted(session, message) { Key = key }, cancellationToken);
        return entry is null ? refused
            : ChangedMessage.IsRemoved(found!) ? null
            : await _commands.ExecuteAsync(entry);
    }

    /// <summary>
    /// What was done after an entry to the messages of a room, or to the private ones: mail about each message as it is now, and about the
    /// reactions to it, in the order of the last changes. Null if the session is not in the room or has ended.
    /// </summary>
    /// <param name="session">Who asks.</param>
    /// <param name="room">The room; null for private messages.</param>
    /// <param name="since">The exclusive lower limit of the changes' sequences.</param>
    /// <param name="size">The limits of the page.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="LogUnavailableException">The database cannot be read now.</exception>
    public ValueTask<ChangesPage?> SinceAsync(
        SessionKey session, string? room, long since, PageSize size, CancellationToken cancellationToken) =>
        _queries.ChangesAsync(session, room, since, size, cancellationToken);

    /// <summary>Pins a message to its room, for those who moderate it, or takes the pin away.</summary>
    /// <param name="box">The mailbox of the user's session.</param>
    /// <param name="message">The message's sequence.</param>
    /// <param name="on">Whether it is to be pinned.</param>
    /// <param name="key">The client's idempotency key, at most 64 characters; null for none.</param>
    /// <param name="cancellationToken">Cancels looking up the message. Once the command has been given, it is carried out.</param>
    /// <returns>
    /// <see cref="Accepted"/>; null if nothing had to be changed; <see cref="Repeated"/>; or refused for BadSession, NoSuchMessage,
    /// Unavailable or Stopping.
    /// </returns>
    public async Task<Outcome?> PinAsync(Mailbox box, long message, bool on, string? key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(box);
        SessionKey session = box.Owner;
        if (key is not null && _room.FindKeyed(session, key) is { } first)
            return new Repeated(first);
        (MessageEntry? entry, Mail? found, Refused? refused) = await BeginAsync(
            new MessagePinned(session, message, _pins) { Key = key, Withdrawn = on ? null : true }, cancellationToken);
        return entry is null ? refused
            : ChangedMessage.IsRemoved(found!) ? new Refused(Refusal.NoSuchMessage)
            : _queries.IsPinned(entry) == on ? null
            : await _commands.ExecuteAsync(entry);
    }

    /// <summary>The texts that a message had before it was edited, oldest first, for those who moderate its room.</summary>
    /// <returns>The texts, or null and why: refused for BadSession, NoSuchMessage or Unavailable.</returns>
    /// <param name="session">Who asks.</param>
    /// <param name="message">The message's sequence.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<(IReadOnlyList<EarlierText>? Texts, Refused? Refused)> EarlierAsync(
        SessionKey session, long message, CancellationToken cancellationToken)
    {
        if (_room.Find(session) is null)
            return (null, new Refused(Refusal.BadSession));
        try
        {
            return await _queries.FindMessageAsync(session, message, cancellationToken) is { } found
                && _queries.MaySeeEarlier(ChangedMessage.Named(new MessageDeleted(session, message), found))
                ? (await _queries.EarlierAsync(message, cancellationToken), null)
                : (null, new Refused(Refusal.NoSuchMessage));
        }
        catch (LogUnavailableException)
        {
            return (null, new Refused(Refusal.Unavailable));
        }
    }

    /// <summary>
    /// Looks up the message that an entry names, and asks the state whether the fold would refuse the entry, so that only entries with an
    /// effect get into the log. The fold decides again: the state may change in between.
    /// </summary>
    /// <returns>The entry with the facts of the message, and the message; or why not.</returns>
    private async Task<(MessageEntry? Entry, Mail? Message, Refused? Refused)> BeginAsync(
        MessageEntry entry, CancellationToken cancellationToken)
    {
        (Mail? found, Refused? refused) = await _queries.LookUpAsync(entry.Session, entry.Message, cancellationToken);
        if (found is null)
            return (null, null, refused);
        MessageEntry named = ChangedMessage.Named(entry, found);
        return _queries.RefusalOf(named) is { } why ? (null, null, why) : (named, found, null);
    }
}
