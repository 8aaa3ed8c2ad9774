using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.Tests;

/// <summary>A tab does not come to a position that another tab without its list has, because their polls could not be told apart.</summary>
public class YieldingTests
{
    private static readonly Person s_bob = new("bob", "bob", "1");

    // Regression: both tabs polled from 13, the server hid nothing there, and the original client died of the leave of a user whom its
    // list did not contain any more.
    [Fact]
    public async Task A_tab_waits_until_the_other_has_polled_from_the_position_that_both_would_have()
    {
        (OneMailbox one, long tab) = await SharedAsync();
        Task<MailRead> read = await one.ParkAsync(tab);
        await one.AssertGivesAsync(13, [13, 14]);
        Assert.Equal((long[])[12], await MailOf(read));
        one.Put(15, new Spoken(RoomName.Lobby, s_bob, "ho", Action: false, Own: false));
        await one.AssertGivesAsync(13, [15]);
        await one.AssertGivesAsync(15, [15]);
    }

    [Fact]
    public async Task It_waits_for_each_tab_that_is_there()
    {
        (OneMailbox one, long tab) = await SharedAsync(others: 2);
        Task<MailRead> read = await one.ParkAsync(tab);
        await one.AssertGivesAsync(13, [13, 14]);
        await Eventually.BeTrueAsync(() => one.Office.Parked == 1);
        Assert.False(read.IsCompleted);
        await one.AssertGivesAsync(13, [13, 14]);
        Assert.Equal((long[])[12], await MailOf(read));
    }

    [Fact]
    public async Task More_mail_ends_the_wait()
    {
        (OneMailbox one, long tab) = await SharedAsync();
        Task<MailRead> read = await one.ParkAsync(tab);
        one.Put(15, new Spoken(RoomName.Lobby, s_bob, "ho", Action: false, Own: false));
        Assert.Equal((long[])[12, 15], await MailOf(read));
        await one.AssertGivesAsync(13, [13, 14, 15]);
    }

    // Then nothing is hidden there: a join shown twice is better than one that is missing.
    [Fact]
    public async Task It_does_not_wait_long_for_a_tab_that_was_closed()
    {
        (OneMailbox one, long tab) = await SharedAsync();
        Task<MailRead> read = await one.ParkAsync(tab);
        one.Clock.Advance(TimeSpan.FromSeconds(2) - TimeSpan.FromTicks(1));
        Assert.False(read.IsCompleted);
        one.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal((long[])[12], await MailOf(read));
        await one.AssertGivesAsync(tab, [12]);
        await one.AssertGivesAsync(13, [13, 14]);
        one.AssertNothingLeft();
    }

    [Fact]
    public async Task Repeated_polls_do_not_prolong_the_wait()
    {
        (OneMailbox one, long tab) = await SharedAsync();
        Assert.Equal(MailStatus.Timeout, await one.StatusAsync(tab));
        one.Clock.Advance(TimeSpan.FromSeconds(1));
        Task<MailRead> read = await one.ParkAsync(tab, TimeSpan.FromMilliseconds(500));
        one.Clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(MailStatus.Timeout, (await read.WithinAsync()).Status);
        read = await one.ParkAsync(tab);
        one.Clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal((long[])[12], await MailOf(read));
        one.AssertNothingLeft();
    }

    [Fact]
    public async Task The_end_of_the_session_ends_the_wait()
    {
        (OneMailbox one, long tab) = await SharedAsync();
        Task<MailRead> read = await one.ParkAsync(tab);
        one.Box.Close(CloseReason.Kicked, keepMail: true);
        Assert.Equal((long[])[12], await MailOf(read));
    }

    [Fact]
    public async Task A_stop_ends_the_wait_and_nothing_is_lost()
    {
        (OneMailbox one, long tab) = await SharedAsync();
        Task<MailRead> read = await one.ParkAsync(tab);
        one.Office.StopAdmitting();
        Assert.Equal(MailStatus.Stopping, (await read.WithinAsync()).Status);
        await one.AssertGivesAsync(tab, [12]);
    }

    [Fact]
    public async Task A_tab_does_not_wait_if_nothing_is_hidden_from_it_there()
    {
        (OneMailbox one, long tab) = await SharedAsync(listTo: 12);
        await one.AssertGivesAsync(tab, [12, 13, 14]);
        (one, _) = await SharedAsync();
        await one.AssertGivesAsync(7, [12, 13, 14]);
    }

    private static async Task<long[]> MailOf(Task<MailRead> read) => [.. (await read.WithinAsync()).Mail.Select(mail => mail.Sequence)];

    /// <summary>
    /// One tab starts with a stand-in for 10, which is returned. The others get the message at 12 and will poll from 13. Then come a join
    /// at 13 and a leave at 14, which are on the first one's list.
    /// </summary>
    private static async Task<(OneMailbox One, long Tab)> SharedAsync(int others = 1, long listTo = 14)
    {
        var one = new OneMailbox();
        Assert.Equal(9, one.Box.OpenList(9));
        long tab = one.Box.OpenList(9);
        Assert.True(tab < 0);
        one.Put(12, new Spoken(RoomName.Lobby, s_bob, "hi", Action: false, Own: false));
        for (int i = 0; i < others; i++)
            await one.AssertGivesAsync(9 - i, [12]);
        one.Put(13, new UserEntered(RoomName.Lobby, s_bob));
        one.Put(14, new UserLeft([RoomName.Lobby], s_bob, "normal", Gone: true));
        one.Box.Hide(tab, listTo);
        return (one, tab);
    }
}
