using ErlChat.Mailboxes;
using ErlChat.Postings;

namespace ErlChat.Tests;

/// <summary>Reading: what there is, from where, and what a reader is told when its place is gone.</summary>
public class MailboxTests
{
    [Fact]
    public async Task Mail_that_is_there_is_read_at_once_and_nothing_is_registered_for_it()
    {
        var one = new OneMailbox();
        one.Put(3, 5);
        Task<MailRead> read = one.ReadAsync(1);
        Assert.True(read.IsCompletedSuccessfully);
        Assert.Equal([3, 5], (await read).Mail.Select(mail => mail.Sequence));
        one.AssertNothingLeft();
    }

    [Fact]
    public async Task A_mail_wakes_every_reader_parked_below_it()
    {
        var one = new OneMailbox();
        Task<MailRead>[] reads = [await one.ParkAsync(0), await one.ParkAsync(0), await one.ParkAsync(0)];
        one.Put(7);
        foreach (MailRead read in await Task.WhenAll(reads).WithinAsync())
            Assert.Equal(7, Assert.Single(read.Mail).Sequence);
        one.AssertNothingLeft();
    }

    [Fact]
    public async Task A_read_gives_what_is_from_its_cursor_on_ascending()
    {
        var one = new OneMailbox();
        one.Put(2, 4, 9, 12);
        await one.AssertGivesAsync(3, [4, 9, 12]);
        await one.AssertGivesAsync(4, [4, 9, 12]);
        await one.AssertGivesAsync(10, [12]);
    }

    // Invariant 3: an answer that never arrived is read again with the same cursor, and is the same.
    [Fact]
    public async Task The_same_cursor_again_gives_the_same_mail()
    {
        var one = new OneMailbox(options => options.KeepAcknowledged = 0);
        one.Put(1, 2, 3);
        MailRead first = await one.ReadAsync(2).WithinAsync();
        MailRead again = await one.ReadAsync(2).WithinAsync();
        Assert.Equal<Mail>(first.Mail, again.Mail);
    }

    // Invariant 3: an aborted wait loses nothing, although mail came while nobody listened.
    [Fact]
    public async Task Mail_that_came_after_an_abort_is_read_by_the_next_poll()
    {
        var one = new OneMailbox();
        using var abort = new CancellationTokenSource();
        Task<MailRead> read = await one.ParkAsync(1, aborted: abort.Token);
        await abort.CancelAsync();
        Assert.Equal(MailStatus.Aborted, (await read.WithinAsync()).Status);
        one.Put(1);
        await one.AssertGivesAsync(1, [1]);
    }

    // Invariant 3: the cursor, and nothing else, acknowledges.
    [Fact]
    public async Task A_cursor_acknowledges_what_is_below_it_but_a_few_are_kept_for_slower_tabs()
    {
        var one = new OneMailbox(options => options.KeepAcknowledged = 2);
        one.Put(1, 2, 3, 4, 5, 6);
        await one.AssertGivesAsync(5, [5, 6]);
        await one.AssertGivesAsync(3, [3, 4, 5, 6]);
        Assert.Equal(MailStatus.Resync, await one.StatusAsync(2));
    }

    [Fact]
    public async Task A_slower_tab_does_not_take_back_what_a_faster_one_acknowledged()
    {
        var one = new OneMailbox(options => options.KeepAcknowledged = 1);
        one.Put(1, 2, 3, 4);
        await one.AssertGivesAsync(4, [4]);
        await one.AssertGivesAsync(3, [3, 4]);
        await one.AssertGivesAsync(3, [3, 4]);
    }

    // Invariant 2: the bound by count ends in resync, not in a shorter list.
    [Fact]
    public async Task A_reader_below_what_the_bound_by_count_left_must_resync()
    {
        var one = new OneMailbox(options => options.MaxMailboxItems = 3);
        one.Put(10, 20, 30, 40);
        Assert.Equal(MailStatus.Resync, await one.StatusAsync(10));
        await one.AssertGivesAsync(11, [20, 30, 40]);
    }

    // Invariant 2: the bound by bytes ends in resync too.
    [Fact]
    public async Task A_reader_below_what_the_bound_by_bytes_left_must_resync()
    {
        var one = new OneMailbox(options => options.MaxMailboxBytes = 4096);
        var thousand = new Notice(new string('x', 1000), null);
        one.Put(1, thousand);
        await one.AssertGivesAsync(1, [1]);
        one.Put(2, thousand);
        Assert.Equal(MailStatus.Resync, await one.StatusAsync(1));
        await one.AssertGivesAsync(2, [2]);
    }

    // Sent to resync, it would come back to the same place and never get past this mail.
    [Fact]
    public async Task A_reader_parked_when_a_mail_over_the_bound_comes_is_given_it()
    {
        var one = new OneMailbox(options => options.MaxMailboxBytes = 4096);
        Task<MailRead> read = await one.ParkAsync(1);
        one.Put(1, new Notice(new string('x', 5000), null));
        Assert.Equal(1, Assert.Single((await read.WithinAsync()).Mail).Sequence);
        one.AssertNothingLeft();
    }

    // Invariant 2: from the future.
    [Fact]
    public async Task A_cursor_of_the_future_must_resync_but_the_next_one_may_park()
    {
        var one = new OneMailbox();
        one.Put(5);
        Assert.Equal(MailStatus.Resync, await one.StatusAsync(7));
        Assert.Equal(MailStatus.Resync, await one.StatusAsync(long.MaxValue));
        Assert.Equal(MailStatus.Timeout, await one.StatusAsync(6));
    }

    // Dropped for its weight, it sent its readers to resync, and from there to the same place again.
    [Fact]
    public async Task A_mail_above_the_bound_by_bytes_is_read_all_the_same()
    {
        var one = new OneMailbox(options => options.MaxMailboxBytes = 4096);
        one.Put(5);
        one.Put(6, new Notice(new string('x', 5000), null));
        Assert.Equal(MailStatus.Resync, await one.StatusAsync(5));
        MailRead read = await one.ReadAsync(6).WithinAsync();
        Assert.Equal(6, Assert.Single(read.Mail).Sequence);
    }

    [Fact]
    public async Task The_future_begins_behind_the_log_not_behind_the_mailbox()
    {
        var one = new OneMailbox();
        one.Put(5);
        one.Office.AdvanceHead(100);
        Assert.Equal(MailStatus.Timeout, await one.StatusAsync(101));
        Assert.Equal(MailStatus.Resync, await one.StatusAsync(102));
    }

    [Fact]
    public async Task Mail_posted_before_the_head_follows_can_be_acknowledged_already()
    {
        var one = new OneMailbox();
        one.Office.Send(OneMailbox.Owner, new Mail(5, default, new Notice("x", null)));
        Assert.Equal(MailStatus.Timeout, await one.StatusAsync(6));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public async Task A_negative_cursor_must_resync(long cursor)
    {
        var one = new OneMailbox();
        one.Put(1);
        Assert.Equal(MailStatus.Resync, await one.StatusAsync(cursor));
    }

    [Fact]
    public async Task A_cursor_below_the_floor_that_a_mailbox_began_with_must_resync()
    {
        var one = new OneMailbox(floor: 50);
        one.Office.AdvanceHead(60);
        Assert.Equal(MailStatus.Resync, await one.StatusAsync(49));
        Assert.Equal(MailStatus.Timeout, await one.StatusAsync(50));
    }

    // Invariant 1: sequences in a mailbox rise strictly, whatever is posted.
    [Fact]
    public async Task A_mail_that_is_not_newer_than_the_last_is_ignored()
    {
        var one = new OneMailbox();
        one.Put(5);
        one.Put(5, new Notice("again", null));
        one.Put(4);
        one.Put(6);
        MailRead read = await one.ReadAsync(1).WithinAsync();
        Assert.Equal([5, 6], read.Mail.Select(mail => mail.Sequence));
        Assert.Equal("x", Assert.IsType<Notice>(read.Mail[0].Content).Text);
        Assert.Equal(2, one.Office.Sent);
    }
}
