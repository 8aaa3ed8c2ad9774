using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Sessions;

namespace ErlChat.Sqlite.History;

/// <summary>Collects the messages that a fold adds to the history, for callers that write them themselves. It answers no reads.</summary>
internal sealed class HistorySink : IChatHistory
{
    internal List<HistoryRow> Rows { get; } = [];

    public void Add(string room, Mail mail) => Rows.Add(new HistoryRow(mail, room, default));

    public void AddPrivate(SessionKey reader, Mail mail) => Rows.Add(new HistoryRow(mail, null, reader));

    public void Forget(string room)
    {
    }

    public void Forget(SessionKey reader)
    {
    }

    public ValueTask<MailPage> ReadAsync(string room, long before, PageSize size, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<MailPage> ReadPrivateAsync(
        SessionKey reader, Correspondent with, long before, PageSize size, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<MailPage> SearchAsync(
        SearchQuery query, SearchScope scope, long before, PageSize size, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
