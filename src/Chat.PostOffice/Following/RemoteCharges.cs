using ErlChat.Limits;
using ErlChat.Log;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Following;

/// <summary>
/// Charges people on this node for what they did on the others, as its entries arrive from the log. So the limits of a session and of an
/// address hold over all nodes, without any traffic of their own. What one node allowed before it heard of another is owed.
/// </summary>
/// <remarks>Not thread-safe: used by the thread that follows the log, which may read the state without its lock.</remarks>
/// <param name="admission">This node's limits.</param>
/// <param name="state">Knows the sessions' addresses.</param>
/// <param name="origin">The origin of this node's own entries, which were charged before they were appended.</param>
/// <param name="time">The clock.</param>
internal sealed class RemoteCharges(Admission admission, GuardedState state, string origin, TimeProvider time)
{
    /// <summary>Charges an entry, if another node wrote it. Call it before the entry is applied, because it may end the session.</summary>
    internal void Charge(Entry entry)
    {
        if (entry.Id.Origin == origin)
            return;
        if (entry is Reacted reacted)
        {
            foreach (ReactionChange change in reacted.Changes)
                Charge(change.Session, change.Emoji, AgeOf(entry));
        }

        if (entry is not SessionEntry by)
            return;
        if (by is Joined login)
            admission.ChargeLogin(login.Host, AgeOf(entry));
        else if (by is SignedIn member)
            admission.ChargeLogin(member.Host, AgeOf(entry));
        else if (TextOf(by) is { } text)
            Charge(by.Session, text, AgeOf(entry));
    }

    private void Charge(SessionKey by, string text, TimeSpan age)
    {
        if (state.Now.Sessions.TryGetValue(by, out Session? session))
            admission.ChargeMessage(by, session.Host, text, age);
    }

    /// <summary>How long ago the command was given. The nodes' clocks may differ: an entry from the future is new.</summary>
    private TimeSpan AgeOf(Entry entry) => time.GetUtcNow() - entry.At;

    /// <summary>The text that a user pays for; null if the entry costs its user nothing.</summary>
    private static string? TextOf(SessionEntry entry) => entry switch
    {
        Said said => said.Text,
        Whispered whispered => whispered.Text,
        Told { Text: Admission.TooFast } => null,
        Told told => told.Text.Length + (told.Html?.Length ?? 0) > Admission.LongAnswer ? told.Text + told.Html : "",
        MessageEdited edited => edited.Text,
        TopicSet topic => topic.Topic,
        Kicked kicked => kicked.Reason,
        Banned banned => banned.Reason,
        PersonBanned banned => banned.Reason,
        Announced announced => announced.Text,
        EnteredRoom or PartedRoom or Unbanned or Muted or PersonMuted or AdminAppointed or Registered or Erased => "",
        RoomRenamed or RoomLinkMade or RoomLinkRevoked or RoomLinkUsed or PersonIgnored or PreferencesSet or MessageDeleted => "",
        _ => null,
    };
}
