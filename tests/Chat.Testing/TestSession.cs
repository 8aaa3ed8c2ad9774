using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Submissions;

namespace ErlChat.Testing;

/// <summary>A logged-in person with a place in its mail.</summary>
/// <remarks>One test, one reader: not thread-safe.</remarks>
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

    /// <summary>Its mailbox, kept although the post office may forget it.</summary>
    public Mailbox Box { get; }

    /// <summary>The first sequence not read yet.</summary>
    public long Cursor { get; set; }

    /// <summary>Types and sends something.</summary>
    public Task<Outcome?> SubmitAsync(string text, string? room = null, string? to = null, string? key = null) =>
        _chat.Submissions.SubmitAsync(new Submission(Key, text) { Room = room, To = to, Key = key }).WithinAsync();

    /// <summary>Begins a poll from <see cref="Cursor"/>, which may park.</summary>
    public Task<MailRead> PollAsync(TimeSpan? patience = null, CancellationToken aborted = default) => _chat.ReadAsync(this, Cursor, patience, aborted);

    /// <summary>All that is there from <see cref="Cursor"/> on, and moves it behind that. Nothing when nothing is there; fails for anything but mail.</summary>
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

    /// <summary>The contents of <see cref="DrainAsync"/>.</summary>
    public async Task<IReadOnlyList<MailContent>> ContentsAsync() => [.. (await DrainAsync()).Select(mail => mail.Content)];

    /// <summary>Sends, and gives the server's words that came since.</summary>
    public async Task<IReadOnlyList<string>> AskAsync(string text, string? room = null)
    {
        await DrainAsync();
        await SubmitAsync(text, room);
        return [.. (await ContentsAsync()).OfType<Notice>().Select(notice => notice.Text)];
    }

    public override string ToString() => Nick;
}
