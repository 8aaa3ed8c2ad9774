using System.Collections.Concurrent;
using ErlChat.Mailboxes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Settings;
using Microsoft.Extensions.Options;

namespace ErlChat.History;

/// <summary>
/// Keeps the last <see cref="ChatOptions.HistoryPerRoom"/> items of each room while the room and the process exist, and as many private
/// messages of each session while it lives. Their sizes are limited too, for each history and in total.
/// </summary>
public sealed class MemoryHistory(IOptions<ChatOptions> options, TimeProvider? time = null) : IChatHistory
{
    /// <summary>How many UTF-16 units are searched before the thread is yielded to others.</summary>
    private const int Slice = 256 * 1024;

    private readonly ConcurrentDictionary<string, MailQueue> _rooms = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<SessionKey, MailQueue> _private = new();
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>The weight of all histories. Only the adding and forgetting code uses it, one thread at a time.</summary>
    private long _weight;

    /// <summary>Whether anybody has reacted to anything. Otherwise no read has to look for reactions.</summary>
    private volatile bool _hasReactions;

    public void Add(string room, Mail mail)
    {
        if (IsItem(mail))
            Add(_rooms.GetOrAdd(room, static _ => new MailQueue()), mail);
        else if (_rooms.TryGetValue(room, out MailQueue? queue))
            Change(queue, mail);
    }

    public void AddPrivate(SessionKey reader, Mail mail)
    {
        if (IsItem(mail))
            Add(_private.GetOrAdd(reader, static _ => new MailQueue()), mail);
        else if (_private.TryGetValue(reader, out MailQueue? queue))
            Change(queue, mail);
    }

    public void Forget(string room)
    {
        if (_rooms.TryRemove(room, out MailQueue? queue))
            Empty(queue);
    }

    public void Forget(SessionKey reader)
    {
        if (_private.TryRemove(reader, out MailQueue? queue))
            Empty(queue);
    }

    public void Erase(string userId)
    {
        foreach (MailQueue queue in _rooms.Values.Concat(_private.Values))
        {
            lock (queue)
            {
                _weight -= queue.Weight;
                queue.Replace(mail => ErasedMessage.Of(mail, userId));
                queue.Replace(mail => Reacting.Without(mail, userId));
                _weight += queue.Weight;
            }
        }
    }

    public ValueTask<MailPage> ReadAsync(string room, PageStart start, PageSize size, CancellationToken cancellationToken) =>
        new(PageBuilder.Of(_rooms.TryGetValue(room, out MailQueue? queue) ? From(queue, start) : [], size, start.IsUpward));

    public ValueTask<MailPage> ReadPrivateAsync(
        SessionKey reader,
        Correspondent with,
        PageStart start,
        PageSize size,
        CancellationToken cancellationToken)
    {
        IEnumerable<Mail> items = _private.TryGetValue(reader, out MailQueue? queue) ? From(queue, start) : [];
        return new(PageBuilder.Of(items.Where(mail => with.Fits((Whisper)mail.Content)), size, start.IsUpward));
    }

    public ValueTask<AuthorPage> ReadOfAsync(string userId, long before, CancellationToken cancellationToken)
    {
        IEnumerable<Mail> all = _rooms.Values.SelectMany(queue => Below(queue, before));
        return new(new AuthorPage(
            [
                .. all.Where(mail => StoredMessage.Of(mail.Content).Who.UserId == userId)
                    .OrderByDescending(static mail => mail.Sequence),
            ],
            Before: 0));
    }

    public ValueTask<Mail?> FindAsync(long sequence, SessionKey reader, CancellationToken cancellationToken)
    {
        IEnumerable<MailQueue?> queues = [.. _rooms.Values, _private.GetValueOrDefault(reader)];
        return new(queues
            .Select(queue => queue is null ? null : At(queue, sequence))
            .FirstOrDefault(static mail => mail?.Content is Spoken or Whisper));
    }

    public ValueTask<ChangesPage> ReadChangesAsync(
        string? room, SessionKey reader, long since, PageSize size, CancellationToken cancellationToken)
    {
        MailQueue? queue = room is not null ? _rooms.GetValueOrDefault(room) : _private.GetValueOrDefault(reader);
        return new(ChangesPage.Of(
            (queue is null ? [] : Below(queue, long.MaxValue))
                .Select(static mail => (Mail: mail, ChangedMessage.ChangeOf(mail)?.Sequence))
                .Where(one => one.Sequence > since)
                .OrderBy(static one => one.Sequence)
                .Select(static one => one.Mail),
            size));
    }

    public ValueTask<IReadOnlyList<EarlierText>> ReadEarlierAsync(long sequence, CancellationToken cancellationToken) => new(
        _rooms.Values.Select(queue => At(queue, sequence)?.Content).OfType<Spoken>().FirstOrDefault()?.Earlier is { } earlier
            ? [.. earlier.Select(static one => new EarlierText(one.At, one.Text))]
            : []);

    public ValueTask<IReadOnlyDictionary<long, MessageReactions>> ReadReactionsAsync(
        IReadOnlyCollection<long> messages, IReadOnlyCollection<string> users, CancellationToken cancellationToken)
    {
        var tally = new ReactionTally([], messages, users);
        MailQueue[] queues = _hasReactions ? [.. _rooms.Values, .. _private.Values] : [];
        MailQueue? last = null;
        foreach (long message in messages)
        {
            // Most messages of a page are in the same queue. Both copies of a private message have the same reactions.
            if (last is null || At(last, message) is null)
                last = Array.Find(queues, queue => At(queue, message) is not null);
            if (last is not null && At(last, message) is { } found)
                Reacting.AddTo(tally, found);
        }

        return new(tally.Build());
    }

    public ValueTask<ReactedPage> ReadReactedAsync(
        string? room, SessionKey reader, long since, PageSize size, CancellationToken cancellationToken)
    {
        MailQueue? queue = room is not null ? _rooms.GetValueOrDefault(room) : _private.GetValueOrDefault(reader);
        return new(Reacting.PageOf(
            (queue is null ? [] : Below(queue, long.MaxValue))
                .Where(mail => Reacting.Of(mail) is { } found && found.Through > since)
                .Select(static mail => Reacting.ReactedOf(mail))
                .OrderBy(static one => one.Through),
            size));
    }

    public ValueTask<PersonReactions> ReadReactionsOfAsync(string userId, long before, CancellationToken cancellationToken) => new(
        new PersonReactions(
            [
                .. _rooms.Values.Concat(_private.Values)
                    .SelectMany(queue => Below(queue, before))
                    .DistinctBy(static mail => mail.Sequence)
                    .OrderByDescending(static mail => mail.Sequence)
                    .SelectMany(static mail => Reacting.Of(mail)?.All.Select(one => (Room: StoredMessage.RoomOf(mail), One: one)) ?? [])
                    .Where(found => found.One.UserId == userId)
                    .Select(static found => new PersonReaction(found.One.Message, found.Room, found.One.Emoji, found.One.At)),
            ],
            Before: 0));

    public async ValueTask<MailPage> SearchAsync(
        SearchQuery query,
        SearchScope scope,
        long before,
        PageSize size,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(scope);
        var all = new List<Mail>();
        foreach (string room in scope.Rooms)
        {
            if (_rooms.TryGetValue(room, out MailQueue? queue))
                all.AddRange(Below(queue, before, query.Until).Where(mail => scope.Has(room, mail.Sequence)));
        }

        if (scope.Private is { } reader && _private.TryGetValue(reader, out MailQueue? own))
            all.AddRange(Below(own, before, query.Until).Where(mail => scope.With.Fits((Whisper)mail.Content)));
        all.Sort(static (one, other) => other.Sequence.CompareTo(one.Sequence));

        var page = new PageBuilder(size);
        long started = _time.GetTimestamp();
        int searched = 0;
        foreach (Mail mail in all)
        {
            if (mail.Content.Words is not { } words)
                continue;
            if (query.Matches(mail) && !page.TryAdd(mail))
                break;
            searched += words.Length;
            if (searched < Slice)
                continue;
            if (_time.GetElapsedTime(started) > options.Value.SearchTimeout)
                throw new SearchTooSlowException();
            cancellationToken.ThrowIfCancellationRequested();
            searched = 0;
            await Task.Yield();
        }

        return page.Build();
    }

    private void Add(MailQueue queue, Mail mail) => Grow(queue, () => queue.Enqueue(mail));

    private void Change(MailQueue queue, Mail change)
    {
        _hasReactions |= change.Content is ReactionsChanged;
        Grow(queue, () => queue.Replace(mail => After(mail, change)));
    }

    private static bool IsItem(Mail mail) => mail.Content is not ReactionsChanged && ChangedMessage.RefOf(mail) is null;

    /// <summary>A message after a change. The text that it had before is kept for those who moderate the room.</summary>
    private static Mail? After(Mail mail, Mail change)
    {
        if (change.Content is ReactionsChanged)
            return Reacting.After(mail, change);
        Mail? changed = ChangedMessage.After(mail, change);
        if ((mail.Content, changed?.Content) is not (Spoken before, Spoken { Change.IsRemoval: false } now))
            return changed;
        (DateTimeOffset, string)[] earlier = [.. before.Earlier ?? [], (before.Change?.At ?? mail.At, before.Text)];
        return new Mail(mail.Sequence, mail.At, now with { Earlier = [.. earlier.TakeLast(EarlierText.Most)] });
    }

    private void Grow(MailQueue queue, Action grow)
    {
        lock (queue)
        {
            _weight -= queue.Weight;
            grow();
            while (queue.Count > options.Value.HistoryPerRoom || (queue.Count > 1 && queue.Weight > options.Value.HistoryBytesPerRoom))
                queue.Dequeue();
            _weight += queue.Weight;
        }

        if (_weight > options.Value.HistoryBytesTotal)
            Shrink();
    }

    private void Empty(MailQueue queue)
    {
        lock (queue)
        {
            _weight -= queue.Weight;
            queue.Clear();
        }
    }

    /// <summary>
    /// Halves the largest histories until an eighth of the limit is free again, so all of them are looked at at most once per that eighth
    /// of new messages.
    /// </summary>
    private void Shrink()
    {
        long target = options.Value.HistoryBytesTotal / 8 * 7;
        while (_weight > target)
        {
            foreach (MailQueue queue in _rooms.Values.Concat(_private.Values).OrderByDescending(queue => queue.Weight))
            {
                if (_weight <= target)
                    return;
                Halve(queue);
            }
        }
    }

    private void Halve(MailQueue queue)
    {
        lock (queue)
        {
            long half = queue.Weight / 2;
            _weight -= queue.Weight;
            while (queue.Weight > half)
                queue.Dequeue();
            _weight += queue.Weight;
        }
    }

    /// <summary>The item with a sequence; null if there is none.</summary>
    private static Mail? At(MailQueue queue, long sequence)
    {
        lock (queue)
        {
            int index = queue.IndexOf(sequence);
            return index < queue.Count && queue[index].Sequence == sequence ? queue[index] : null;
        }
    }

    /// <summary>
    /// The items below a sequence, newest first; without most of those that are not older than a time, if there is one. They are copied, so
    /// that adding does not wait while they are read.
    /// </summary>
    private static Mail[] Below(MailQueue queue, long before, DateTimeOffset? until = null)
    {
        lock (queue)
        {
            var end = new TimeBisection(0, queue.IndexOf(before), until ?? DateTimeOffset.MaxValue);
            while (until is not null && !end.IsDone)
                end.Take((end.Middle, queue[(int)end.Middle].At));
            var items = new Mail[end.End];
            for (int i = 0; i < items.Length; i++)
                items[i] = queue[items.Length - 1 - i];
            return items;
        }
    }

    /// <summary>The items of a page and what follows them, in the order in which it is read.</summary>
    private static Mail[] From(MailQueue queue, PageStart start)
    {
        if (!start.IsUpward)
            return Below(queue, start.Sequence);
        lock (queue)
        {
            int first = queue.IndexOf(start.Sequence);
            if (first < queue.Count && !start.Has(queue[first].Sequence))
                first++;
            var items = new Mail[queue.Count - first];
            for (int i = 0; i < items.Length; i++)
                items[i] = queue[first + i];
            return items;
        }
    }
}
