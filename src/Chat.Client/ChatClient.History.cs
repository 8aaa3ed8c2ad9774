using ErlChat.Protocol.Comet;

namespace ErlChat.Client;

/// <summary>The calls that read the history.</summary>
public sealed partial class ChatClient
{
    /// <summary>A room's history: the newest <paramref name="limit"/> events before an id, oldest first.</summary>
    /// <param name="room">The room.</param>
    /// <param name="before">The exclusive upper limit; null for the newest.</param>
    /// <param name="limit">1 to 200.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ChatRefusedException">NotInRoom, SessionEnded.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public async Task<IReadOnlyList<RoomEvent>> HistoryAsync(
        string room = Lobby,
        long? before = null,
        int limit = 50,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(room);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, WireCalls.MaxPage);
        IReadOnlyList<CometItem> items = await PagesAsync(
            (end, count) => WireCalls.HistoryPath(room, end, count),
            before,
            limit,
            cancellationToken).ConfigureAwait(false);
        string nick = Nick;
        return [.. items.Select(item => EventReader.OfHistory(item, nick))];
    }

    /// <summary>The newest private messages with all users, before an id, oldest first. A member's are there on every device.</summary>
    /// <param name="before">The exclusive upper limit; null for the newest.</param>
    /// <param name="limit">1 to 200.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ChatRefusedException">SessionEnded.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public async Task<IReadOnlyList<Whispered>> PrivateHistoryAsync(
        long? before = null,
        int limit = 50,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, WireCalls.MaxPage);
        IReadOnlyList<CometItem> items = await PagesAsync(WireCalls.PrivateHistoryPath, before, limit, cancellationToken)
            .ConfigureAwait(false);
        return [.. items.Select(EventReader.Of).OfType<Whispered>()];
    }

    /// <summary>The user id of a nick's current owner, who may be offline; null if nobody has the nick.</summary>
    /// <exception cref="ChatRefusedException">SessionEnded.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public Task<string?> UserIdOfAsync(string nick, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(nick);
        return LookAsync($"chat/history/?with={Uri.EscapeDataString(nick)}&limit=1", static answer => answer.WithId, cancellationToken);
    }

    /// <summary>Reads pages backwards, because the server also limits the bytes of an answer.</summary>
    private async Task<IReadOnlyList<CometItem>> PagesAsync(
        Func<long?, int, string> pathOf,
        long? before,
        int limit,
        CancellationToken cancellationToken)
    {
        var items = new List<CometItem>();
        while (true)
        {
            (IReadOnlyList<CometItem> page, bool more) = await LookAsync(
                pathOf(before, limit - items.Count),
                static answer => (CometItemReader.ParseAll(answer.Response), answer.HasMore),
                cancellationToken).ConfigureAwait(false);
            items.InsertRange(0, page);
            if (!more || page.Count == 0 || items.Count >= limit)
                return items;
            before = page[0].Id;
        }
    }
}
