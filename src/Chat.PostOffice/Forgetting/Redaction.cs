using ErlChat.Log;
using ErlChat.Sessions;

namespace ErlChat.Forgetting;

/// <summary>
/// What a stored entry is replaced by when addresses are forgotten, a person is erased or a message is deleted. An entry keeps its kind,
/// its place, its time and its command id.
/// </summary>
public static class Redaction
{
    /// <summary>The kinds of entries that may contain addresses, as logs name them.</summary>
    public static IReadOnlyList<string> KindsWithAddresses { get; } = ["joined", "signed_in", "unbanned", "told"];

    /// <summary>
    /// The entry without addresses; null if there is nothing to remove. Notices lose their whole text, because those to administrators list
    /// addresses.
    /// </summary>
    public static Entry? WithoutAddress(Entry entry) => entry switch
    {
        Joined { Host.Length: > 0 } joined => joined with { Host = "" },
        SignedIn { Host.Length: > 0 } signedIn => signedIn with { Host = "" },
        Unbanned unbanned when HostAddress.MayBe(unbanned.Host) => unbanned with { Host = "" },
        Told told => WithoutText(told),
        _ => null,
    };

    /// <summary>
    /// The entry of a message that was deleted, or of an edit of it, without the text; null if there is nothing to remove.
    /// </summary>
    public static Entry? WithoutMessage(Entry entry) => entry switch
    {
        Said { Text.Length: > 0 } said => said with { Text = "" },
        Whispered { Text.Length: > 0 } whispered => whispered with { Text = "" },
        MessageEdited { Text.Length: > 0 } edited => edited with { Text = "" },
        _ => null,
    };

    internal static Told? WithoutText(Told told) => told is { Text.Length: 0, Html: null } ? null : told with { Text = "", Html = null };
}
