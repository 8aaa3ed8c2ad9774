using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Submissions;

namespace ErlChat.Testing;

/// <summary>A logged-in user with a position in the mail.</summary>
/// <remarks>Not thread-safe: for one test with one reader.</remarks>
public sealed class TestSession
{
    private readonly TestChat _chat;

    internal TestSession(TestChat chat, SessionKey key, string token, Person who, long joinedAt)
    {
        _chat = chat;
        Key = key;
        Token = token;
        Who = who;
        Cursor = joinedAt + 1;
        Box = chat.Office.Find(key) ?? throw new InvalidOperationException("The session has no mailbox.");
    }

    public SessionKey Key { get; }

    public string Token { get; }

    public Person Who { get; }

    public string Nick => Who.Nick;

    /// <summary>Its mailbox, even after the post office has removed it.</summary>
    public Mailbox Box { get; }

    /// <summary>The first sequence that has not been read.</summary>
    public long Cursor { get; set; }

    /// <summary>Submits a text.</summary>
    public Task<Outcome?> SubmitAsync(string text, string? room = null, string? to = null, string? key = null) =>
        _chat.Submissions.SubmitAsync(new Submission(Key, text) { Room = room, To = to, Key = key }).WithinAsync();

    /// <summary>Begins a poll from <see cref="Cursor"/>, which may park.</summary>
    public Task<MailRead> PollAsync(TimeSpan? patience = null, CancellationToken aborted = default) =>
        _chat.ReadAsync(this, Cursor, patience, aborted);

    /// <summary>
    /// Reads all mail from <see cref="Cursor"/> on, and moves the cursor after it. Empty if there is none; fails for any other result.
    /// </summary>
    public async Task<IReadOnlyList<Mail>> DrainAsync()
    {
        MailRead read = await _chat.ReadAsync(this, Cursor, TimeSpan.Zero).WithinAsync();
        switch (read.Status)
        {
            case MailStatus.Mail:
                Cursor = read.Mail[^1].Sequence + 1;
                return read.Mail;
            case MailStatus.Timeout:
                return [];
            default:
                throw new InvalidOperationException($"{Nick} wanted mail, and the mailbox is {read.Status} ({read.Reason}).");
        }
    }

    /// <summary>The contents of the mail from <see cref="DrainAsync"/>.</summary>
    public async Task<IReadOnlyList<MailContent>> ContentsAsync() => [.. (await DrainAsync()).Select(mail => mail.Content)];

    /// <summary>Submits a text. Returns the server's notices that follow.</summary>
    public async Task<IReadOnlyList<string>> AskAsync(string text, string? room = null)
    {
        await DrainAsync();
        await SubmitAsync(text, room);
        return [.. (await ContentsAsync()).OfType<Notice>().Select(notice => notice.Text)];
    }

    public override string ToString() => Nick;
}
