using ErlChat.Appending;
using ErlChat.History;
using ErlChat.Limits;
using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.Settings;
using ErlChat.Telemetry;
using ErlChat.Texts;

namespace ErlChat.Rooms;

/// <summary>
/// Reactions to messages with emoji. The message is looked up in the history, as for editing it; what people do to one message in a moment
/// is written together (docs/adr/0032).
/// </summary>
/// <remarks>
/// Thread-safe. A message that the user may not know of is refused like one that does not exist. People can take reactions back while they
/// are muted or the room is locked or archived, but add none.
/// </remarks>
public sealed class Reactions
{
    private readonly ChatRoom _room;
    private readonly ChatQueries _queries;
    private readonly Admission _admission;
    private readonly ReactionBatches _batches;

    internal Reactions(
        ChatRoom room,
        ChatQueries queries,
        CommandQueue commands,
        LogCatchUp catchUp,
        Admission admission,
        ChatOptions options,
        TimeProvider time,
        RingTroubles troubles)
    {
        (_room, _queries, _admission) = (room, queries, admission);
        _batches = new ReactionBatches(queries, commands, catchUp, options, time, troubles);
    }

    /// <summary>
    /// Adds a reaction of the user to a message, or takes it back. Costs as much as a short message. Takes
    /// <see cref="ChatOptions.ReactionGather"/> longer than other commands.
    /// </summary>
    /// <param name="box">The mailbox of the user's session.</param>
    /// <param name="message">The message's sequence.</param>
    /// <param name="emoji">One emoji, in any of its forms.</param>
    /// <param name="on">Whether the reaction is added.</param>
    /// <param name="key">The client's idempotency key, at most 64 characters; null for none.</param>
    /// <param name="cancellationToken">Cancels looking up the message. Once the command has been given, it is carried out.</param>
    /// <returns>
    /// <see cref="Accepted"/>; null if nothing had to change; <see cref="Repeated"/>; or refused for BadSession, BadEmoji, RateLimited,
    /// NoSuchMessage, Muted, RoomLocked, RoomArchived, TooManyReactions, Unavailable or Stopping.
    /// </returns>
    public async Task<Outcome?> ReactAsync(
        Mailbox box, long message, string emoji, bool on, string? key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(box);
        SessionKey session = box.Owner;
        if (_room.Find(session) is not { } sender)
            return new Refused(Refusal.BadSession);
        box.Touch();
        if (EmojiText.Of(emoji) is not { } form)
            return new Refused(Refusal.BadEmoji);
        if (key is not null && _room.FindKeyed(session, key) is { } first)
            return new Repeated(first);
        if (_admission.Message(session, sender.Host, form) is { } limited)
            return limited;
        (Mail? found, Refused? refused) = await _queries.LookUpAsync(session, message, cancellationToken);
        if (found is null)
            return refused;
        if (ChangedMessage.IsRemoved(found))
            return new Refused(Refusal.NoSuchMessage);
        Reacted entry = Reacting.Named(found);
        return _queries.RefusalOf(entry, session, on)
            ?? await _batches.AddAsync(entry, new ReactionChange(session, form, on) { Key = key }, sender.Who.UserId);
    }
}
