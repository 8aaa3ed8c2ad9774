using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Submissions;

namespace ErlChat.Tests;

/// <summary>
/// A client of the comet protocol behind a balancer that sends each request to any node. It keeps what the server gives it in cookies, and
/// nothing else. Fails if it would notice that there are several nodes.
/// </summary>
internal sealed class RoamingClient(Cluster cluster, Func<int> pick, string nick)
{
    private readonly HashSet<string> _online = [];
    private SessionKey _session;
    private IReadOnlyList<ShownList> _cookie = [];

    internal string Nick { get; } = nick;

    internal SessionKey Session => _session;

    /// <summary>The first sequence that has not been read, or a stand-in for it.</summary>
    internal long Cursor { get; private set; }

    /// <summary>The messages that it has read, with their sequences.</summary>
    internal List<(long Sequence, string Text)> Heard { get; } = [];

    /// <summary>The people that its page shows.</summary>
    internal IEnumerable<string> Online => _online.Order(StringComparer.Ordinal);

    /// <summary>Where its reading began, once it has started.</summary>
    internal long Begin { get; private set; }

    internal Task LoginAsync() => LoginAsync(pick());

    internal async Task LoginAsync(int node)
    {
        JoinResult result = await cluster[node].Room.JoinAsync(new JoinRequest(Nick, "192.0.2.1")).WithinAsync();
        Assert.IsType<JoinAccepted>(result.Outcome);
        _session = result.Session;
    }

    internal Task StartAsync() => StartAsync(pick());

    internal async Task StartAsync(int node)
    {
        Mailbox box = await BoxAsync(node);
        Cursor = cluster[node].Room.StartReading(box).From;
        Begin = Cursor > 0 ? Cursor : ShownList.BeginIn(Cursor)!.Value;
        _cookie = box.ShownLists();
    }

    internal Task ListAsync() => ListAsync(pick());

    internal async Task ListAsync(int node)
    {
        Mailbox box = await BoxAsync(node);
        var list = Assert.IsType<PeopleListed>(await cluster[node].Room.ListAsync(box).WithinAsync());
        _cookie = box.ShownLists();
        _online.Clear();
        foreach (Person who in list.People)
            Assert.True(_online.Add(who.Nick));
    }

    internal Task<MailStatus> PollAsync() => PollAsync(pick());

    internal async Task<MailStatus> PollAsync(int node, TimeSpan? patience = null)
    {
        Mailbox box = await BoxAsync(node);
        await cluster[node].Office.CatchUpAsync(Cursor).WithinAsync();
        MailRead read = await box.ReadAsync(
            Cursor, hideListed: true, patience ?? TimeSpan.FromMilliseconds(20), CancellationToken.None).WithinAsync();
        foreach (Mail mail in read.Mail)
        {
            Assert.True(Cursor < 0 || mail.Sequence >= Cursor, $"{Nick} got {mail.Sequence} again at {Cursor}.");
            Cursor = mail.Sequence + 1;
            Take(mail);
        }

        return read.Status;
    }

    internal async Task<Outcome?> SayAsync(string text, string? key = null)
    {
        int node = pick();
        await cluster[node].Room.ArriveAsync(_session, CancellationToken.None);
        return await cluster[node].Submissions.SubmitAsync(new Submission(_session, text) { Key = key }).WithinAsync();
    }

    internal async Task LeaveAsync()
    {
        int node = pick();
        await cluster[node].Room.ArriveAsync(_session, CancellationToken.None);
        Assert.IsType<Accepted>(await cluster[node].Room.LeaveAsync(_session).WithinAsync());
    }

    private void Take(Mail mail)
    {
        switch (mail.Content)
        {
            case Spoken said:
                Heard.Add((mail.Sequence, $"{said.Who.Nick}: {said.Text}"));
                break;
            case UserEntered entered:
                Assert.True(_online.Add(entered.Who.Nick), $"{Nick} saw {entered.Who.Nick} join twice, at {mail.Sequence}.");
                break;
            case UserLeft left:
                Assert.True(_online.Remove(left.Who.Nick), $"{Nick} saw {left.Who.Nick} leave who was not there, at {mail.Sequence}.");
                break;
        }
    }

    /// <summary>What every request does first.</summary>
    private async Task<Mailbox> BoxAsync(int node)
    {
        await cluster[node].Room.ArriveAsync(_session, CancellationToken.None).WithinAsync();
        Mailbox box = Assert.IsType<Mailbox>(cluster[node].Office.Find(_session));
        long newest = _cookie.Count == 0 ? 0 : _cookie.Max(list => Math.Max(list.To, list.Begin - 1));
        Assert.True(await cluster[node].Office.CatchUpAsync(newest + 1).WithinAsync());
        box.Recall([.. _cookie]);
        return box;
    }
}
