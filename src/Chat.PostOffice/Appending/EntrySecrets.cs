using ErlChat.Log;
using ErlChat.Texts;

namespace ErlChat.Appending;

/// <summary>The guard that keeps the administrators' password out of the log.</summary>
internal static class EntrySecrets
{
    /// <summary>
    /// Whether an entry would hold what <see cref="AuthText"/> recognises. The last look before the log, whichever door or command the
    /// text came through; not in the fold, so that entries of older versions are read as they were meant.
    /// </summary>
    internal static bool IsIn(Entry entry) => entry switch
    {
        Said said => AuthText.LooksLikeAuth(said.Text),
        Whispered whispered => AuthText.LooksLikeAuth(whispered.Text) || AuthText.LooksLikeAuth(whispered.To),
        TopicSet topic => AuthText.LooksLikeAuth(topic.Topic),
        Kicked kicked => AuthText.LooksLikeAuth(kicked.Reason) || AuthText.LooksLikeAuth(kicked.Nick),
        Banned banned => AuthText.LooksLikeAuth(banned.Reason) || AuthText.LooksLikeAuth(banned.Nick),
        Unbanned unbanned => AuthText.LooksLikeAuth(unbanned.Host),
        Announced announced => AuthText.LooksLikeAuth(announced.Text),
        Muted muted => AuthText.LooksLikeAuth(muted.Nick),
        EnteredRoom entered => AuthText.LooksLikeAuth(entered.Room),
        Joined joined => AuthText.LooksLikeAuth(joined.Name),
        _ => false,
    };
}
