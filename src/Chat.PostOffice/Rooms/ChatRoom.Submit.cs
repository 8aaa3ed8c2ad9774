using ErlChat.Commands;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.Submissions;
using ErlChat.Texts;

namespace ErlChat.Rooms;

/// <summary>From what a person typed to a command.</summary>
public sealed partial class ChatRoom
{
    /// <summary>Longest idempotency key, in characters.</summary>
    public const int MaxKeyLength = 64;

    /// <summary>
    /// Says, whispers, or carries out a slash command. What only concerns the caller – shape, size, rate – is checked here, before the log.
    /// </summary>
    /// <returns>
    /// <see cref="Accepted"/> with the message's sequence; <see cref="Repeated"/> when the key was used before; null when there was nothing to say or a slash
    /// command was carried out (its answer is mail); or refused for BadSession, BadKey, TooLong, BadText, RateLimited, Secret (only
    /// without commands), Muted, NotInRoom, NoSuchUser, Unavailable or Stopping.
    /// </returns>
    public async Task<Outcome?> SubmitAsync(Submission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);
        SessionKey session = submission.Session;
        if (Find(session) is not { } sender || _office.Find(session) is not { IsClosed: false } box)
            return new Refused(Refusal.BadSession);
        box.Touch();
        string text = WellFormed(submission.Text);
        if (submission.Key?.Length > MaxKeyLength)
            return new Refused(Refusal.BadKey);
        if (_texts.Check(text) is { } fault)
            return new Refused(fault);
        if (TextRule.IsBlank(text) && (!submission.AllowBlank || text.Length == 0))
            return null;

        // A door that takes blanks has no word for a text that only looks like one.
        if (submission.AllowBlank && TextRule.IsBlank(text) && !string.IsNullOrWhiteSpace(text))
            return new Refused(Refusal.BadText);
        if (submission.Room is { } room && !MayBeRoom(room))
            return new Refused(Refusal.NotInRoom);
        if ((submission.To is { } to && !Nick.IsWellFormed(to)) || (submission.ToId is { } id && !UserId.IsWellFormed(id)))
            return new Refused(Refusal.NoSuchUser);
        if (submission.Key is not null && FindKeyed(session, submission.Key) is { } first)
            return new Repeated(first);
        if (_admission.Message(session, sender.Host, text) is { } limited)
        {
            if (box.BeginRefusing() && submission.TellRateLimit)
                await TellAsync(session, "You are sending messages too fast. Please wait a few seconds and try again.");
            return limited;
        }

        box.EndRefusing();
        bool isSecret = AuthText.LooksLikeAuth(text);
        if (isSecret && !submission.AllowCommands)
            return new Refused(Refusal.Secret);
        bool isCommand = submission.AllowCommands && SlashCommands.IsCommand(text);
        if (isCommand || isSecret)
        {
            Outcome outcome = isCommand ? await _commands.RunAsync(new CommandContext(this, sender, submission), text)
                : await TellAsync(session, AuthText.NotSent, key: submission.Key);
            return outcome is Refused { Why: Refusal.BadSession or Refusal.Unavailable or Refusal.Stopping } or Repeated ? outcome : null;
        }

        return submission.To is not null || submission.ToId is not null
            ? await WhisperAsync(session, submission.To ?? "", submission.ToId, text, submission.Key)
            : await SayAsync(session, submission.Room ?? RoomName.Lobby, text, action: false, submission.Key);
    }

    /// <summary>Whether there can be such a room: its name is told in answers to commands, which are in the log.</summary>
    private bool MayBeRoom(string room) => RoomName.IsValid(room) || FindRoom(room) is not null;

    private Outcome? FindKeyed(SessionKey session, string key)
    {
        lock (_gate)
            return _state.Sessions.TryGetValue(session, out Session? found) ? found.Keyed.Peek(key, _time.GetUtcNow()) : null;
    }

    /// <summary>The text with each lone surrogate replaced by U+FFFD, since no wire can carry one.</summary>
    private static string WellFormed(string text)
    {
        int i = 0;
        while (i < text.Length && !char.IsSurrogate(text[i]))
            i++;
        return i == text.Length ? text : string.Concat(text.EnumerateRunes());
    }
}
