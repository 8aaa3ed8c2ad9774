using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Submissions;

namespace ErlChat.Tests;

/// <summary>
/// Clients of 2009 and a server that crashes again and again. The clients keep their list, their cursor and a cookie jar. The only tab of a
/// session may never be told that a user has left whom it was never shown, and may never be shown a user twice, although lists are not
/// entries in the log.
/// </summary>
public sealed class ListsOverRestartsTests : IAsyncDisposable
{
    private readonly SqliteParts _parts = new();

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    [Fact]
    public async Task Nobody_is_shown_twice_nor_leaves_unseen_whatever_is_lost() => await Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        TestChat chat = await _parts.StartChatAsync(change: options => options.MaxSessionsPerHost = 1000);
        var passing = new List<SessionKey>();
        var visits = new List<Visit>();
        for (int i = 0; i < 6; i++)
            visits.Add(new Visit((await chat.LoginAsync($"visitor{i}")).Key, tabs: 1 + i % 2));
        int crashes = 0;
        for (int step = 0; step < 4000; step++)
        {
            switch (random.Next(10))
            {
                case 0 or 1:
                    passing.Add((await chat.LoginAsync($"p{step}")).Key);
                    break;
                case 2 or 3 when passing.Count > 0:
                    SessionKey gone = passing[random.Next(passing.Count)];
                    passing.Remove(gone);
                    await chat.Room.LeaveAsync(gone).WithinAsync();
                    break;
                case 4:
                    Visit speaker = visits[random.Next(visits.Count)];
                    await chat.Submissions.SubmitAsync(new Submission(speaker.Session, $"{step}")).WithinAsync();
                    break;
                case 5 when random.Next(40) == 0 && visits.All(visit => visit.Tabs.All(tab => tab.IsSettled)):
                    await _parts.StopAsync(chat, crash: true);
                    chat = await _parts.StartChatAsync(change: options => options.MaxSessionsPerHost = 1000);
                    crashes++;
                    break;
                default:
                    Visit visit = visits[random.Next(visits.Count)];
                    await visit.Tabs[random.Next(visit.Tabs.Length)].GoOnAsync(chat, random);
                    break;
            }
        }

        await _parts.StopAsync(chat);
        Console.WriteLine($"{Seeds.Variable}={seed}: {crashes} crashes.");
        Assert.True(crashes > 0);

        // Tabs that come to the same cursor cannot be told apart, by nobody; they are here to disturb the others.
        Tab[] only = [.. visits.Where(visit => visit.Tabs.Length == 1).Select(visit => visit.Tabs[0])];
        Assert.Equal("", string.Join("; ", only.SelectMany(tab => new[] { tab.Death, tab.Twice }).OfType<string>()));
        Assert.All(only, tab => Assert.True(tab.Told > 0));
    });

    /// <summary>A browser: a session, its tabs, and what it keeps.</summary>
    private sealed class Visit
    {
        internal Visit(SessionKey session, int tabs) =>
            (Session, Tabs) = (session, [.. Enumerable.Range(0, tabs).Select(i => new Tab(this, tabs == 1, i))]);

        internal SessionKey Session { get; }

        internal Tab[] Tabs { get; }

        internal ShownList[] Jar { get; set; } = [];
    }

    private sealed class Tab(Visit visit, bool isOnly, int number)
    {
        private readonly List<string> _users = [];
        private long? _cursor;
        private bool _hasList;
        private bool _hasPolled;

        internal string? Death { get; private set; }

        internal string? Twice { get; private set; }

        internal int Told { get; private set; }

        /// <summary>It has polled, so the server knows that its list came.</summary>
        private bool IsReading => _hasPolled;

        /// <summary>Not between its start and its list.</summary>
        internal bool IsSettled => _cursor is null || _hasList;

        /// <summary>The next of its calls, whose answer may be lost. As the server does for each, it brings the jar along and takes the
        /// new one home.</summary>
        internal async Task GoOnAsync(TestChat chat, Random random)
        {
            Mailbox box = chat.Office.Find(visit.Session)!;
            box.Recall(visit.Jar);
            bool isLost = random.Next(5) == 0;
            if (_cursor is null)
                Start(chat, box);
            else if (!_hasList)
                await ListAsync(chat, box, isLost);
            else
                await PollAsync(chat, box, isLost);

            // A page that is loaded again begins anew. The only tab is not: nobody could tell it from a second one.
            if (!isOnly && IsSettled && random.Next(30) == 0)
                Forget();
        }

        private void Start(TestChat chat, Mailbox box)
        {
            // Nothing in the asking for a list says whose it is: of tabs that load at the same time, one may be taken for the other.
            if (!visit.Tabs.All(tab => tab.IsReading || tab._cursor is null))
                return;
            _cursor = chat.Room.StartReading(box).From;
            _hasPolled = false;
            visit.Jar = [.. box.ShownLists()];
        }

        private async Task ListAsync(TestChat chat, Mailbox box, bool isLost)
        {
            var list = (PeopleListed)await chat.Room.ListAsync(box).WithinAsync();
            if (isLost && isOnly)
                return;
            visit.Jar = [.. box.ShownLists()];
            _users.AddRange(list.People.Select(who => who.Nick));
            _hasList = true;
        }

        private async Task PollAsync(TestChat chat, Mailbox box, bool isLost)
        {
            MailRead read = await box.ReadAsync(_cursor!.Value, hideListed: true, TimeSpan.Zero, CancellationToken.None).WithinAsync();
            _hasPolled = true;
            if (isLost || read.Status == MailStatus.Timeout)
                return;
            if (read.Status == MailStatus.Resync)
            {
                Forget();
                return;
            }

            Assert.Equal(MailStatus.Mail, read.Status);
            foreach (Mail mail in read.Mail)
                Show(mail);
            _cursor = read.Mail[^1].Sequence + 1;
            Assert.True(_cursor <= chat.Office.Head + 1);
        }

        private void Show(Mail mail)
        {
            Told++;
            switch (mail.Content)
            {
                case UserEntered entered:
                    if (_users.Contains(entered.Who.Nick))
                        Twice ??= $"{number}: {mail.Sequence} {entered.Who.Nick} twice, polled {_cursor}";
                    _users.Add(entered.Who.Nick);
                    break;
                case UserLeft left:
                    if (_users.RemoveAll(nick => nick == left.Who.Nick) == 0)
                        Death ??= $"{number}: {mail.Sequence} {left.Who.Nick} left unseen, polled {_cursor}";
                    break;
            }
        }

        private void Forget()
        {
            _cursor = null;
            _hasList = false;
            _users.Clear();
        }
    }
}
