using ErlChat.Mailboxes;
using ErlChat.Sessions;

namespace ErlChat.History;

/// <summary>Collects the messages that a fold adds to the history, for callers that write them themselves. It answers no reads.</summary>
public sealed class HistorySink : IChatHistory
{
    private readonly List<HistoryRow> _rows = [];

    /// <summary>What was added since the last <see cref="Clear"/>.</summary>
    public IReadOnlyList<HistoryRow> Rows => _rows;

    public void Add(string room, Mail mail) => _rows.Add(new HistoryRow(mail, room, default));

    public void AddPrivate(SessionKey reader, Mail mail) => _rows.Add(new HistoryRow(mail, null, reader));

    /// <summary>Forgets what was collected.</summary>
    public void Clear() => _rows.Clear();

    public void Forget(string room)
    {
    }

    public void Forget(SessionKey reader)
    {
    }

    public ValueTask<MailPage> ReadAsync(string room, PageStart start, PageSize size, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<MailPage> ReadPrivateAsync(
        SessionKey reader, Correspondent with, PageStart start, PageSize size, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<AuthorPage> ReadOfAsync(string userId, long before, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<Mail?> FindAsync(long sequence, SessionKey reader, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<ChangesPage> ReadChangesAsync(
        string? room, SessionKey reader, long since, PageSize size, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<IReadOnlyList<EarlierText>> ReadEarlierAsync(long sequence, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<IReadOnlyDictionary<long, MessageReactions>> ReadReactionsAsync(
        IReadOnlyCollection<long> messages, IReadOnlyCollection<string> users, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<ReactedPage> ReadReactedAsync(
        string? room, SessionKey reader, long since, PageSize size, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<PersonReactions> ReadReactionsOfAsync(string userId, long before, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<MailPage> SearchAsync(
        SearchQuery query, SearchScope scope, long before, PageSize size, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
