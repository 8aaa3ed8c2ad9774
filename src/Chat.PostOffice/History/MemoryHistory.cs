using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace ErlChat;

/// <summary>
/// The last <see cref="ChatOptions.HistoryPerRoom"/> items of each room, as long as the room and the process live, and as many private messages of each session, as
/// long as it lives.
/// </summary>
public sealed class MemoryHistory(IOptions<ChatOptions> options) : IChatHistory
{
    private readonly ConcurrentDictionary<string, MailQueue> _rooms = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<SessionKey, MailQueue> _private = new();

    public void Add(string room, Mail mail) => Add(_rooms.GetOrAdd(room, static _ => new MailQueue()), mail);

    public void AddPrivate(SessionKey reader, Mail mail) => Add(_private.GetOrAdd(reader, static _ => new MailQueue()), mail);

    public void Forget(string room) => _rooms.TryRemove(room, out _);

    public void Forget(SessionKey reader) => _private.TryRemove(reader, out _);

    public ValueTask<IReadOnlyList<Mail>> ReadAsync(string room, long before, int limit, CancellationToken cancellationToken) =>
        new(_rooms.TryGetValue(room, out MailQueue? queue) ? Newest(queue, before, limit, static _ => true) : []);

    public ValueTask<IReadOnlyList<Mail>> ReadPrivateAsync(SessionKey reader, string? with, long before, int limit, CancellationToken cancellationToken) =>
        new(_private.TryGetValue(reader, out MailQueue? queue)
            ? Newest(queue, before, limit, mail => with is null || ((Whisper)mail.Content).OtherNick.Equals(with, StringComparison.OrdinalIgnoreCase))
            : []);

    public ValueTask<IReadOnlyList<Mail>> SearchAsync(SearchQuery query, SearchScope scope, long before, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(scope);
        var found = new List<Mail>();
        foreach (string room in scope.Rooms)
        {
            if (_rooms.TryGetValue(room, out MailQueue? queue))
                found.AddRange(Newest(queue, before, limit, IsFound));
        }

        if (scope.Private is { } reader && _private.TryGetValue(reader, out MailQueue? own))
            found.AddRange(Newest(own, before, limit, IsFound));
        return new([.. found.OrderByDescending(mail => mail.Sequence).Take(limit).Reverse()]);

        bool IsFound(Mail mail) => mail.Content.Words is { } words && query.Matches(words);
    }

    private void Add(MailQueue queue, Mail mail)
    {
        lock (queue)
        {
            queue.Enqueue(mail);
            while (queue.Count > options.Value.HistoryPerRoom)
                queue.Dequeue();
        }
    }

    private static List<Mail> Newest(MailQueue queue, long before, int limit, Func<Mail, bool> wanted)
    {
        var items = new List<Mail>();
        lock (queue)
        {
            for (int i = queue.IndexOf(before) - 1; i >= 0 && items.Count < limit; i--)
            {
                if (wanted(queue[i]))
                    items.Add(queue[i]);
            }
        }

        items.Reverse();
        return items;
    }
}
