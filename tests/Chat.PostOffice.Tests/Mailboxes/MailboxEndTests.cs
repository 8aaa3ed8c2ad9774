using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.Tests;

/// <summary>The end: sessions that leave, are thrown out or fall asleep, and the server that stops.</summary>
public class MailboxEndTests
{
    // Invariant 9: leaving ends the session's parked waits, with the reason.
    [Fact]
    public async Task Closing_answers_everybody_who_is_parked_with_the_reason()
    {
        var one = new OneMailbox();
        Task<MailRead>[] reads = [await one.ParkAsync(1), await one.ParkAsync(1)];
        one.Box.Close(CloseReason.Left, keepMail: false);
        foreach (MailRead read in await Task.WhenAll(reads).WithinAsync())
            Assert.Equal((MailStatus.Closed, CloseReason.Left), (read.Status, read.Reason));
        one.AssertNothingLeft();
    }

    // Invariant 9: the notice is read by a session that had nothing parked, and then the reason.
    [Fact]
    public async Task Kept_mail_is_read_by_the_next_poll_and_then_the_mailbox_is_closed()
    {
        var one = new OneMailbox();
        one.Put(1, new Notice("You have been kicked", null));
        one.Box.Close(CloseReason.Kicked, keepMail: true);
        await one.AssertGivesAsync(1, [1]);
        await one.AssertGivesAsync(1, [1]);
        MailRead then = await one.ReadAsync(2).WithinAsync();
        Assert.Equal((MailStatus.Closed, CloseReason.Kicked), (then.Status, then.Reason));
        one.AssertNothingLeft();
    }

    // Invariant 9: whoever is parked reads the notice first; closing right behind it does not take it away.
    [Fact]
    public async Task A_parked_reader_gets_the_notice_that_was_posted_before_the_close()
    {
        var one = new OneMailbox();
        Task<MailRead> read = await one.ParkAsync(1);
        one.Put(1, new Notice("You have been kicked", null));
        one.Box.Close(CloseReason.Kicked, keepMail: true);
        Assert.Equal(MailStatus.Mail, (await read.WithinAsync()).Status);
        Assert.Equal(MailStatus.Closed, await one.StatusAsync(2));
    }

    [Fact]
    public async Task Without_kept_mail_a_closed_mailbox_is_only_closed_whatever_the_cursor()
    {
        var one = new OneMailbox();
        one.Put(1, 2);
        one.Box.Close(CloseReason.Left, keepMail: false);
        foreach (long cursor in (long[])[-5, 0, 1, 3, 99])
            Assert.Equal(MailStatus.Closed, await one.StatusAsync(cursor));
    }

    [Fact]
    public async Task A_closed_mailbox_takes_no_mail()
    {
        var one = new OneMailbox();
        one.Box.Close(CloseReason.Left, keepMail: true);
        one.Put(1);
        Assert.Equal(0, one.Office.Sent);
        Assert.Equal(MailStatus.Closed, await one.StatusAsync(1));
    }

    [Fact]
    public void The_first_reason_stays()
    {
        var one = new OneMailbox();
        Assert.Null(one.Box.ClosedFor);
        Assert.False(one.Box.IsClosed);
        one.Box.Close(CloseReason.Banned, keepMail: true);
        one.Box.Close(CloseReason.Left, keepMail: true);
        Assert.Equal(CloseReason.Banned, one.Box.ClosedFor);
        Assert.True(one.Box.IsClosed);
    }

    // Invariant 9: the tombstone is there for a poll interval, and no longer.
    [Fact]
    public async Task A_tombstone_is_forgotten_after_the_longest_poll()
    {
        var one = new OneMailbox();
        one.Office.Delete(OneMailbox.Owner, CloseReason.Kicked, keepMail: true);
        one.Clock.Advance(one.Options.PollTimeout + one.Options.PollJitter);
        one.Office.ForgetClosed();
        Assert.NotNull(one.Office.Find(OneMailbox.Owner));
        Assert.Equal(MailStatus.Closed, await one.StatusAsync(0));
        one.Clock.Advance(TimeSpan.FromTicks(1));
        one.Office.ForgetClosed();
        Assert.Null(one.Office.Find(OneMailbox.Owner));
        Assert.Equal(0, one.Office.Count);
    }

    [Fact]
    public void Forgetting_a_tombstone_leaves_a_newer_mailbox_of_the_same_session_alone()
    {
        var one = new OneMailbox();
        one.Office.Delete(OneMailbox.Owner, CloseReason.Left, keepMail: false);
        one.Office.Create(OneMailbox.Owner, floor: 0);
        one.Clock.Advance(TimeSpan.FromHours(1));
        one.Office.ForgetClosed();
        Assert.False(one.Office.Find(OneMailbox.Owner)!.IsClosed);
    }

    [Fact]
    public void Who_comes_again_is_given_the_mailbox_that_is_there_now()
    {
        var one = new OneMailbox();
        Assert.Same(one.Box, one.Office.Find(OneMailbox.Owner, last: null));
        Assert.Same(one.Box, one.Office.Find(OneMailbox.Owner, one.Box));
        Assert.Null(one.Office.Find(SessionKey.Of("nobody"), one.Box));

        one.Office.Create(OneMailbox.Owner, floor: 0);
        Mailbox newer = one.Office.Find(OneMailbox.Owner, one.Box)!;
        Assert.NotSame(one.Box, newer);

        one.Office.Delete(OneMailbox.Owner, CloseReason.Left, keepMail: false);
        Assert.Same(newer, one.Office.Find(OneMailbox.Owner, newer));
        one.Clock.Advance(TimeSpan.FromHours(1));
        one.Office.ForgetClosed();
        Assert.Null(one.Office.Find(OneMailbox.Owner, newer));
    }

    [Fact]
    public void Deleting_a_mailbox_that_is_not_there_does_nothing()
    {
        var one = new OneMailbox();
        one.Office.Delete(SessionKey.Of("nobody"), CloseReason.Left, keepMail: false);
        one.Office.Send(SessionKey.Of("nobody"), new Mail(1, default, new Notice("x", null)));
        one.Office.Enter(SessionKey.Of("nobody"), RoomName.Lobby, quiet: false);
        Assert.Equal(1, one.Office.Count);
        Assert.Equal(0, one.Office.Sent);
    }

    // Invariant 10: parked polls are answered, and none can park behind them.
    [Fact]
    public async Task Stopping_answers_the_parked_and_lets_nobody_park_any_more()
    {
        var one = new OneMailbox();
        Task<MailRead> parked = await one.ParkAsync(1);
        one.Office.StopAdmitting();
        Assert.Equal(MailStatus.Stopping, (await parked.WithinAsync()).Status);
        Task<MailRead> late = one.ReadAsync(1);
        Assert.True(late.IsCompleted);
        Assert.Equal(MailStatus.Stopping, (await late).Status);
        one.AssertNothingLeft();
    }

    // Invariant 10: what is there is still given out; the stop takes nothing away.
    [Fact]
    public async Task Mail_that_is_there_can_be_read_while_stopping()
    {
        var one = new OneMailbox();
        one.Office.StopAdmitting();
        one.Put(1);
        await one.AssertGivesAsync(1, [1]);
    }

    // Invariant 10: 10 000 parked polls in well under 2 s.
    [Fact]
    public async Task Stopping_is_quick_with_ten_thousand_parked()
    {
        var one = new OneMailbox();
        var reads = new List<Task<MailRead>>();
        for (int i = 0; i < 10_000; i++)
        {
            var key = SessionKey.Of($"reader {i}");
            one.Office.Create(key, floor: 0);
            reads.Add(one.Office.Find(key)!.ReadAsync(0, hideListed: true, one.Options.PollTimeout, CancellationToken.None).AsTask());
        }

        Assert.Equal(10_000, one.Office.Parked);
        one.Office.StopAdmitting();
        foreach (MailRead read in await Task.WhenAll(reads).WithinAsync(TimeSpan.FromSeconds(2)))
            Assert.Equal(MailStatus.Stopping, read.Status);
        one.AssertNothingLeft();
    }
}
