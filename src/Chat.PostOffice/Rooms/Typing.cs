using ErlChat.Delivery;
using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.Settings;
using ErlChat.State;

namespace ErlChat.Rooms;

/// <summary>Tells people that somebody types. Nothing of it is in the log (docs/adr/0035).</summary>
/// <remarks>Thread-safe. Takes the state's lock, then the mailboxes', one at a time and never both.</remarks>
public sealed class Typing
{
    private readonly GuardedState _state;
    private readonly PostOffice _office;
    private readonly ChatOptions _options;
    private readonly TimeProvider _time;

    internal Typing(GuardedState state, PostOffice office, ChatOptions options, TimeProvider time) =>
        (_state, _office, _options, _time) = (state, office, options, time);

    /// <summary>
    /// Tells those who read here that a user types, or has stopped. Told too often, in too large a room, or if
    /// <see cref="ChatOptions.TypingLifetime"/> is 0, it does nothing.
    /// </summary>
    /// <param name="box">The mailbox of the user's session.</param>
    /// <param name="room">The room, by address or title; null for a private conversation.</param>
    /// <param name="with">The user id of the other person in a private conversation. Not read if there is a room.</param>
    /// <param name="on">False if the user has stopped.</param>
    /// <returns>Null, or refused for BadSession, NotInRoom, NoSuchUser, Muted, RoomLocked or RoomArchived.</returns>
    public Refused? Tell(Mailbox box, string? room, string with, bool on)
    {
        ArgumentNullException.ThrowIfNull(box);
        ArgumentNullException.ThrowIfNull(with);
        if (_options.TypingLifetime == TimeSpan.Zero)
            return null;
        DateTimeOffset now = _time.GetUtcNow();
        Person who;
        TypingPlace place;
        lock (_state.Gate)
        {
            if (!_state.Now.Sessions.TryGetValue(box.Owner, out Session? found))
                return new Refused(Refusal.BadSession);
            who = found.Person.Who;
            if (_state.Now.TypingRefusal(found.Person, room, with, now, out place) is { } refused)
                return refused;

            // What nobody would hear does not count as having said it.
            if (place.IsFull(_options.MaxTypingAudience))
                return null;
        }

        // Asked before the readers are listed, which costs most.
        if (!box.MayType(on))
            return null;
        SessionKey[] readers;
        lock (_state.Gate)
            (room, readers) = (place.Room?.Name, place.Readers());
        var signal = new TypingSignal(now.ToUnixTimeMilliseconds(), room, who, on);
        var woken = new WakeBatch(Wake.Mail);
        foreach (SessionKey reader in readers)
            _office.Find(reader)?.Signal(signal, ref woken);
        woken.Send();
        return null;
    }
}
