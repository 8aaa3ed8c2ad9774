using ErlChat.Commands;
using ErlChat.Delivery;
using ErlChat.Limits;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Settings;
using ErlChat.Texts;
using Microsoft.Extensions.Options;

namespace ErlChat.Submissions;

/// <summary>Turns what a user typed into commands of the <see cref="ChatRoom"/>: a message, a private message or a slash command.</summary>
/// <remarks>Thread-safe, without a lock.</remarks>
public sealed class SubmissionHandler
{
    /// <summary>The longest idempotency key, in characters.</summary>
    public const int MaxKeyLength = 64;

    private readonly ChatRoom _room;
    private readonly PostOffice _office;
    private readonly SlashCommands _commands;
    private readonly Admission _admission;
    private readonly TextRule _texts;

    public SubmissionHandler(ChatRoom room, PostOffice office, SlashCommands commands, Admission admission, IOptions<ChatOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_room, _office, _commands, _admission, _texts) = (room, office, commands, admission, new TextRule(options.Value));
    }

    /// <summary>
    /// Sends a message or a private message, or runs a slash command. Shape, size and rate are checked here, before the log.
    /// </summary>
    /// <returns>
    /// <see cref="Accepted"/> with the message's sequence; <see cref="Repeated"/> if the key was used before; null if there was nothing to
    /// send or a slash command was run (its answer is mail); or refused for BadSession, BadKey, TooLong, BadText, RateLimited, Secret (only
    /// without commands), Muted, NotInRoom, NoSuchUser, NoSuchMessage, Unavailable or Stopping.
    /// </returns>
    public async Task<Outcome?> SubmitAsync(Submission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);
        SessionKey session = submission.Session;
        if (_room.Find(session) is not { } sender || _office.Find(session) is not { IsClosed: false } box)
            return new Refused(Refusal.BadSession);
        box.Touch();
        string text = TextRule.WellFormed(submission.Text);
        if (submission.Key?.Length > MaxKeyLength)
            return new Refused(Refusal.BadKey);
        if (_texts.Check(text) is { } fault)
            return new Refused(fault);
        if (TextRule.IsBlank(text) && (!submission.AllowBlank || text.Length == 0))
            return null;

        // A door that sends blanks has no answer for text that only looks blank, so refuse that.
        if (submission.AllowBlank && TextRule.IsBlank(text) && !string.IsNullOrWhiteSpace(text))
            return new Refused(Refusal.BadText);
        if (submission.Room is { } room && !_room.MayBeRoom(session, room))
            return new Refused(Refusal.NotInRoom);
        if ((submission.To is { } to && !Nick.IsWellFormed(Nick.Composed(to))) || (submission.ToId is { } id && !UserId.IsWellFormed(id)))
            return new Refused(Refusal.NoSuchUser);
        if (submission.Key is not null && _room.FindKeyed(session, submission.Key) is { } first)
            return new Repeated(first);
        if (_admission.Message(session, sender.Host, text) is { } limited)
        {
            if (box.BeginRefusing() && submission.TellRateLimit)
                await _room.TellAsync(session, Admission.TooFast);
            return limited;
        }

        box.EndRefusing();
        bool isSecret = AuthText.LooksLikeAuth(text);
        if (isSecret && !submission.AllowCommands)
            return new Refused(Refusal.Secret);
        bool isCommand = submission.AllowCommands && SlashCommands.IsCommand(text);
        if (isCommand || isSecret)
        {
            Outcome outcome = isCommand
                ? await _commands.RunAsync(new CommandContext(_room, sender, submission.Room, submission.Key), text)
                : await _room.TellAsync(session, AuthText.NotSent, key: submission.Key);
            return outcome is Refused { Why: Refusal.BadSession or Refusal.Unavailable or Refusal.Stopping } or Repeated ? outcome : null;
        }

        bool isPrivate = submission.To is not null || submission.ToId is not null;
        string where = submission.Room ?? RoomName.Lobby;
        if (submission.ReplyTo is { } parent)
        {
            return isPrivate
                ? await _room.Replies.WhisperAsync(session, submission.To ?? "", submission.ToId, text, parent, submission.Key)
                : await _room.Replies.SayAsync(session, where, text, parent, submission.Key);
        }

        return isPrivate
            ? await _room.WhisperAsync(session, submission.To ?? "", submission.ToId, text, submission.Key)
            : await _room.SayAsync(session, where, text, action: false, submission.Key);
    }
}
