using ErlChat.Log;
using ErlChat.Texts;

namespace ErlChat.Appending;

/// <summary>Keeps the administrators' password out of the log.</summary>
internal static class EntrySecrets
{
    /// <summary>
    /// Whether an entry contains what <see cref="AuthText"/> recognises as the password. This is the last check before the log, for every
    /// door and command. The fold does not repeat it, so that entries of older versions keep their meaning.
    /// </summary>
    internal static bool IsIn(Entry entry) => entry switch
    {
        Said said => AuthText.LooksLikeAuth(said.Text),
        Whispered whispered => AuthText.LooksLikeAuth(whispered.Text) || AuthText.LooksLikeAuth(whispered.To),
        MessageEdited edited => AuthText.LooksLikeAuth(edited.Text),
        TopicSet topic => AuthText.LooksLikeAuth(topic.Topic),
        Kicked kicked => AuthText.LooksLikeAuth(kicked.Reason) || AuthText.LooksLikeAuth(kicked.Nick),
        Banned banned => AuthText.LooksLikeAuth(banned.Reason) || AuthText.LooksLikeAuth(banned.Nick),
        PersonBanned banned => AuthText.LooksLikeAuth(banned.Reason) || AuthText.LooksLikeAuth(banned.Nick),
        Unbanned unbanned => AuthText.LooksLikeAuth(unbanned.Host),
        Announced announced => AuthText.LooksLikeAuth(announced.Text),
        Muted muted => AuthText.LooksLikeAuth(muted.Nick),
        PersonMuted muted => AuthText.LooksLikeAuth(muted.Nick),
        EnteredRoom entered => AuthText.LooksLikeAuth(entered.Room),
        RoomRenamed renamed => AuthText.LooksLikeAuth(renamed.Title),
        AdminAppointed appointed => AuthText.LooksLikeAuth(appointed.Nick),
        RoomKicked kicked => AuthText.LooksLikeAuth(kicked.Reason) || AuthText.LooksLikeAuth(kicked.Nick),
        RoomInvited invited => AuthText.LooksLikeAuth(invited.Nick),
        RoomRoleChanged changed => AuthText.LooksLikeAuth(changed.Nick),
        PersonIgnored ignored => AuthText.LooksLikeAuth(ignored.Nick),
        Joined joined => AuthText.LooksLikeAuth(joined.Name),
        _ => false,
    };
}
