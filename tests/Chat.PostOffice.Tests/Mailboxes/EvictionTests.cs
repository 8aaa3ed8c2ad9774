using ErlChat.Mailboxes;
using ErlChat.Sessions;

namespace ErlChat.Tests;

/// <summary>Which mailboxes count as idle.</summary>
public class EvictionTests
{
    // Invariant 6: a session with a parked waiter is not idle, however long it has been parked.
    [Fact]
    public async Task A_parked_reader_is_not_idle()
    {
        var one = new OneMailbox();
        Task<MailRead> read = await one.ParkAsync(0, TimeSpan.FromDays(1));
        one.Clock.Advance(one.Options.IdleLimit * 10);
        Assert.Empty(one.Office.EvictIdle());
        Assert.False(one.Box.IsClosed);
        one.Put(1);
        Assert.Equal(MailStatus.Mail, (await read.WithinAsync()).Status);
    }

    // Invariant 6: a wake took the reader off the list, but left the mailbox as old as the wait was long. A sweep that came before the woken
    // reader had its turn threw out a session that had been reading all the time.
    [Fact]
    public async Task A_reader_that_has_just_been_woken_is_not_idle()
    {
        for (int i = 0; i < 100; i++)
        {
            var one = new OneMailbox();
            Task<MailRead> read = await one.ParkAsync(0, TimeSpan.FromDays(1));
            one.Clock.Advance(one.Options.IdleLimit);
            one.Put(1);
            Assert.Empty(one.Office.EvictIdle());
            Assert.Equal(MailStatus.Mail, (await read.WithinAsync()).Status);
        }
    }

    // Invariant 6: with the decision the mailbox is closed; a reader that comes behind it cannot park.
    [Fact]
    public async Task An_idle_mailbox_is_closed_with_the_decision()
    {
        var one = new OneMailbox();
        one.Clock.Advance(one.Options.IdleLimit - TimeSpan.FromTicks(1));
        Assert.Empty(one.Office.EvictIdle());
        one.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal([OneMailbox.Owner], one.Office.EvictIdle());
        MailRead read = await one.ReadAsync(0).WithinAsync();
        Assert.Equal((MailStatus.Closed, CloseReason.Timeout), (read.Status, read.Reason));
        one.AssertNothingLeft();
    }

    [Fact]
    public async Task The_end_of_a_poll_counts_as_a_call()
    {
        var one = new OneMailbox();
        Task<MailRead> read = await one.ParkAsync(0, TimeSpan.FromSeconds(50));
        one.Clock.Advance(TimeSpan.FromSeconds(50));
        await read.WithinAsync();
        one.Clock.Advance(one.Options.IdleLimit - TimeSpan.FromTicks(1));
        Assert.Empty(one.Office.EvictIdle());
        one.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Single(one.Office.EvictIdle());
    }

    [Fact]
    public void A_call_of_another_kind_counts_too()
    {
        var one = new OneMailbox();
        one.Clock.Advance(one.Options.IdleLimit);
        one.Box.Touch();
        Assert.Empty(one.Office.EvictIdle());
    }

    [Fact]
    public void An_evicted_session_is_named_until_the_log_has_its_end()
    {
        var one = new OneMailbox();
        one.Clock.Advance(one.Options.IdleLimit);
        Assert.Single(one.Office.EvictIdle());
        Assert.Single(one.Office.EvictIdle());
        one.Office.Delete(OneMailbox.Owner, CloseReason.Timeout, keepMail: false);
        Assert.Empty(one.Office.EvictIdle());
    }

    [Fact]
    public void A_session_that_left_is_not_evicted_as_well()
    {
        var one = new OneMailbox();
        one.Office.Delete(OneMailbox.Owner, CloseReason.Left, keepMail: false);
        one.Clock.Advance(one.Options.IdleLimit);
        Assert.Empty(one.Office.EvictIdle());
    }
}
