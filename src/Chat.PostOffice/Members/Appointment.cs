namespace ErlChat.Members;

/// <summary>
/// The operator's wish that a member become an administrator for good. It waits in the store until a server has carried it out.
/// </summary>
/// <param name="Nick">The member's nick, in any spelling.</param>
/// <param name="MadeAt">
/// When it was made. It is only for somebody who was a member then: whoever takes the nick afterwards is not meant.
/// </param>
public sealed record Appointment(string Nick, DateTimeOffset MadeAt)
{
    /// <summary>How long it waits for a server. After that, it has no effect.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(1);
}
