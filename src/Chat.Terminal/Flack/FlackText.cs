using ErlChat.Protocol.Flack;
using ErlChat.Terminal.Output;

namespace ErlChat.Terminal.Flack;

/// <summary>Formats records as lines for users, with names instead of user ids where known.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class FlackText
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>Formats a record as one line that is safe for a terminal.</summary>
    internal string LineOf(FlackRecord record) => SafeText.Of(record switch
    {
        ServerHelloRecord hello => $"* The server speaks version {hello.ProtocolVersion} *",
        AuthenticatedRecord authenticated => $"* You are {authenticated.UserId} *",
        ChatStateRecord state => StateOf(state),
        JoinedRecord joined => JoinedOf(joined),
        ChatMessageRecord message => $"[{message.ChatName}] {NameOf(message.UserId)}: {message.Message}",
        LeftRecord left => $"* {NameOf(left.UserId)} left {left.ChatName} *",
        PingReplyRecord => "* pong *",
        ServerGoodbyeRecord => "* Goodbye *",
        ProtocolErrorRecord error => $"* {error.Code}: {error.Reason} *",
        _ => record.Record,
    });

    private string StateOf(ChatStateRecord state)
    {
        foreach (ChatUserRecord user in state.Users)
            _names[user.UserId] = user.UserName;
        string users = state.Users.Count == 0 ? "nobody" : string.Join(", ", state.Users.Select(user => user.UserName));
        return $"* In {state.ChatName}: {users} *";
    }

    private string JoinedOf(JoinedRecord joined)
    {
        _names[joined.UserId] = joined.UserName;
        return $"* {joined.UserName} joined {joined.ChatName} *";
    }

    private string NameOf(string userId) => _names.GetValueOrDefault(userId, userId);
}
