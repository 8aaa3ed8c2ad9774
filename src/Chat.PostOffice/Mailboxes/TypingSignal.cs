using ErlChat.Names;

namespace ErlChat.Mailboxes;

/// <summary>Somebody types, or has stopped. It is no mail: it is in no log, has no sequence, and may be lost (docs/adr/0035).</summary>
/// <param name="Number">
/// Distinguishes the signals of a mailbox: the time of the signal, in milliseconds since 1970. Not 0 and not negative.
/// </param>
/// <param name="Room">The room's address; null for a private conversation with <paramref name="Who"/>.</param>
/// <param name="Who">Who types.</param>
/// <param name="IsOn">False if the person has stopped.</param>
public sealed record TypingSignal(long Number, string? Room, Person Who, bool IsOn);
