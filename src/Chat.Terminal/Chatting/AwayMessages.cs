using ErlChat.Client;

namespace ErlChat.Terminal.Chatting;

/// <summary>Finds the private messages that came while the user was away.</summary>
internal static class AwayMessages
{
    /// <summary>How many messages are looked at, newest first.</summary>
    private const int Limit = 200;

    /// <summary>The messages, oldest first: what was neither read by this program before nor, for a member, on another device.</summary>
    /// <param name="client">The client.</param>
    /// <param name="me">The user.</param>
    /// <param name="since">The first id that this program has not read; 0 if it was not in the chat before.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ChatException">The server refuses or cannot be reached.</exception>
    internal static async Task<IReadOnlyList<Whispered>> ReadAsync(
        ChatClient client,
        PersonInfo me,
        long since,
        CancellationToken cancellationToken)
    {
        var read = new Dictionary<string, long>();
        foreach (ReadMark mark in me.Read.Where(mark => mark.WithId is not null))
            read[mark.WithId!] = mark.UpTo;
        IReadOnlyList<Whispered> messages = await client.PrivateHistoryAsync(limit: Limit, cancellationToken: cancellationToken);
        return
        [
            .. messages.Where(message =>
                !message.IsDeleted && !IsOwn(message) && message.Id >= since
                    && message.Id > read.GetValueOrDefault(message.FromId ?? "", -1)),
        ];

        bool IsOwn(Whispered message) => message.Own || (message.FromId is { } from && from == me.UserId);
    }
}
