using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;
using ErlChat.Settings;

namespace ErlChat.Tests;

/// <summary>Joins and leaves that a list of the lobby has shown are not sent again (docs/comet.md, clause 5).</summary>
public class HidingTests
{
    private static readonly Person s_bob = new("bob", "bob", "1");

    [Fact]
    public async Task Joins_and_leaves_on_the_list_are_hidden_from_a_reader_that_starts_there()
    {
        var one = Filled();
        one.Box.Hide(10, 14);
        await one.AssertGivesAsync(10, [12, 15, 16]);
    }

    [Fact]
    public async Task They_are_sent_to_a_reader_that_asks_for_everything()
    {
        var one = Filled();
        one.Box.Hide(10, 14);
        await one.AssertGivesAsync(10, [11, 12, 13, 14, 15, 16], hideListed: false);
    }

    [Fact]
    public async Task They_are_sent_to_a_reader_from_before_the_list()
    {
        var one = Filled();
        one.Box.Hide(10, 14);
        await one.AssertGivesAsync(9, [11, 12, 13, 14, 15, 16]);
    }

    // Regression: a mailbox remembered what to hide for the whole session, even after no reader could reach it any more.
    [Fact]
    public void Lists_that_no_reader_can_reach_are_forgotten()
    {
        var hidden = new HiddenMembers(4);
        hidden.Open(10);
        hidden.Add(hidden.TakeStart()!.Value, 20);
        hidden.Polled(10);
        hidden.Given(10, 15);
        hidden.Given(16, 25);
        Assert.False(hidden.IsEmpty);
        Assert.Equal(20, hidden.ShownTo(16));
        hidden.Forget(16);
        Assert.Equal(20, hidden.ShownTo(16));
        hidden.Forget(17);
        Assert.True(hidden.IsEmpty);
    }

    // Regression: clients that do not use the server's hiding lost permits, because the rest of a long answer counted as a repeated
    // request.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Mail_that_is_given_back_counts_as_new(bool hideListed)
    {
        var one = Filled();
        await one.AssertGivesAsync(10, [11, 12, 13, 14, 15, 16], hideListed);
        Assert.False(one.Box.IsNext(13));
        one.Box.GiveBack(10, hideListed, 16, 12);
        Assert.True(one.Box.IsNext(13));
    }

    // Another tab of the same session whose cursor is inside the range was never shown that list. It would see a user leave whose join it
    // never saw.
    [Fact]
    public async Task They_are_sent_to_another_reader_whose_cursor_is_inside_the_range()
    {
        var one = Filled();
        one.Box.Hide(10, 14);
        await one.AssertGivesAsync(13, [13, 14, 15, 16]);
    }

    [Fact]
    public async Task They_stay_hidden_when_the_same_reader_asks_again()
    {
        var one = Filled();
        one.Box.Hide(10, 14);
        await one.AssertGivesAsync(10, [12, 15, 16]);
        await one.AssertGivesAsync(10, [12, 15, 16]);
    }

    // The mail that is sent ends before the list does: 12 is sent, 13 and 14 are on the list, and the next poll is from 13.
    [Fact]
    public async Task They_stay_hidden_when_the_same_reader_continues()
    {
        var one = new OneMailbox();
        one.Put(12, new Spoken(RoomName.Lobby, s_bob, "hi", Action: false, Own: false));
        one.Put(13, new UserEntered(RoomName.Lobby, s_bob));
        one.Put(14, new UserLeft([RoomName.Lobby], s_bob, "normal", Gone: true));
        one.Box.Hide(10, 14);
        await one.AssertGivesAsync(10, [12]);
        one.Put(15, new Spoken(RoomName.Lobby, s_bob, "ho", Action: false, Own: false));
        await one.AssertGivesAsync(13, [15]);
        await one.AssertGivesAsync(13, [15]);
        await one.AssertGivesAsync(12, [12, 13, 14, 15]);
    }

    // Both tabs poll from 13 next, and only one has the list. It waits for the other (YieldingTests), but not for long. Then a join shown
    // twice is better than one that is missing.
    [Fact]
    public async Task They_are_sent_again_when_another_reader_may_poll_from_the_same_position()
    {
        var one = new OneMailbox();
        one.Box.OpenList(10);
        one.Put(12, new Spoken(RoomName.Lobby, s_bob, "hi", Action: false, Own: false));
        await one.AssertGivesAsync(5, [12]);
        one.Put(13, new UserEntered(RoomName.Lobby, s_bob));
        one.Box.Hide(10, 13);
        Task<MailRead> read = await one.ParkAsync(10);
        one.Clock.Advance(TimeSpan.FromSeconds(2));
        await read.WithinAsync();
        await one.AssertGivesAsync(10, [12]);
        await one.AssertGivesAsync(13, [13]);
    }

    [Fact]
    public async Task A_reader_does_not_start_where_another_reader_may_be()
    {
        var one = Filled();
        await one.AssertGivesAsync(15, [15, 16]);
        Assert.True(one.Box.OpenList(16) < 0);
        Assert.True(one.Box.OpenList(17) < 0);
        Assert.Equal(18, one.Box.OpenList(18));
        Assert.True(one.Box.OpenList(18) < 0);
        Assert.Equal(19, one.Box.OpenList(19));
    }

    [Fact]
    public async Task A_reader_that_polls_has_its_list_and_a_later_list_is_for_another_tab()
    {
        var one = Filled(starts: [9, 10, 11]);
        one.Box.Hide(one.Box.TakeListStart()!.Value, 11);
        await one.AssertGivesAsync(10, [12, 13, 14, 15, 16]);
        Assert.Equal(11, one.Box.TakeListStart());
        one.Box.Hide(11, 14);
        await one.AssertGivesAsync(10, [12, 13, 14, 15, 16]);
        await one.AssertGivesAsync(11, [12, 15, 16]);
    }

    // Tabs that start together ask for their lists in any order, and the request does not say which tab it comes from.
    [Fact]
    public async Task A_list_counts_for_every_start_without_a_list()
    {
        var one = Filled(starts: [9, 10]);
        one.Box.Hide(one.Box.TakeListStart()!.Value, 11);
        await one.AssertGivesAsync(9, [12, 13, 14, 15, 16]);
        one.Box.Hide(one.Box.TakeListStart()!.Value, 14);
        await one.AssertGivesAsync(9, [12, 13, 14, 15, 16]);
        await one.AssertGivesAsync(10, [12, 15, 16]);
    }

    [Fact]
    public async Task Joins_and_leaves_of_another_room_are_not_on_the_lobbys_list()
    {
        var one = new OneMailbox();
        one.Put(11, new UserEntered("den", s_bob));
        one.Put(12, new UserLeft(["den"], s_bob, "normal", Gone: false));
        one.Put(13, new UserLeft(["den", "LOBBY"], s_bob, "normal", Gone: true));
        one.Box.Hide(10, 20);
        await one.AssertGivesAsync(10, [11, 12]);
    }

    [Fact]
    public async Task Two_tabs_may_each_have_their_own_list()
    {
        var one = Filled();
        one.Box.Hide(10, 11);
        one.Box.Hide(12, 13);
        await one.AssertGivesAsync(10, [12, 13, 14, 15, 16]);
        await one.AssertGivesAsync(12, [12, 14, 15, 16]);
    }

    [Fact]
    public async Task As_many_lists_are_remembered_as_there_may_be_tabs()
    {
        var one = Filled(options => options.MaxWaitsPerSession = 2);
        one.Box.Hide(10, 11);
        one.Box.Hide(12, 13);
        one.Box.Hide(14, 14);
        await one.AssertGivesAsync(10, [11, 12, 13, 14, 15, 16]);
        await one.AssertGivesAsync(12, [12, 14, 15, 16]);
        await one.AssertGivesAsync(14, [15, 16]);
    }

    [Fact]
    public void The_start_of_a_list_is_taken_once()
    {
        var one = new OneMailbox();
        Assert.Null(one.Box.TakeListStart());
        one.Box.OpenList(5);
        one.Box.OpenList(6);
        Assert.Equal(5, one.Box.TakeListStart());
        Assert.Equal(6, one.Box.TakeListStart());
        Assert.Null(one.Box.TakeListStart());
    }

    // Regression: if the answer with the list was lost and the client asked again, the new list hid nothing, so joins in between were shown
    // twice.
    [Fact]
    public async Task A_list_requested_again_before_the_first_poll_is_for_the_same_reader()
    {
        var one = Filled(starts: [10]);
        one.Box.Hide(one.Box.TakeListStart()!.Value, 11);
        one.Box.Hide(one.Box.TakeListStart()!.Value, 14);
        await one.AssertGivesAsync(10, [12, 15, 16]);
        Assert.Null(one.Box.TakeListStart());
    }

    // After a restart the server does not know the readers' positions. A client brings along what it was shown, and continues where it was.
    [Theory]
    [InlineData(10, new long[] { 12, 15, 16 })]
    [InlineData(13, new long[] { 15, 16 })]
    [InlineData(14, new long[] { 14, 15, 16 })]
    public async Task What_a_reader_brings_along_hides_the_same_as_before(long cursor, long[] told)
    {
        var one = Filled();
        one.Box.Recall([new ShownList(10, 10, 14, IsOnly: true)]);
        await one.AssertGivesAsync(cursor, told);
    }

    // Regression: the position counted as free while no reader had polled yet. Then the reader from before the restart reached it, and
    // missed what only the new reader's list showed.
    [Fact]
    public void After_a_restart_an_older_reader_may_be_just_after_the_newest_mail()
    {
        var one = new OneMailbox();
        one.Office.Create(OneMailbox.Owner, floor: 0, joined: 5, restored: true);
        Mailbox box = one.Office.Find(OneMailbox.Owner)!;
        one.Put(12, new UserEntered(RoomName.Lobby, s_bob));
        Assert.InRange(box.OpenList(13), 2, 5);
        Assert.Equal(14, box.OpenList(14));
    }

    [Fact]
    public async Task With_several_readers_it_is_unknown_which_one_continues_there()
    {
        var one = Filled();
        one.Box.Recall([new ShownList(10, 10, 14, IsOnly: false)]);
        await one.AssertGivesAsync(10, [12, 15, 16]);
        one = Filled();
        one.Box.Recall([new ShownList(10, 10, 14, IsOnly: false)]);
        await one.AssertGivesAsync(13, [13, 14, 15, 16]);
    }

    /// <summary>Joins at 11 and 13, a leave at 14, messages at 12 and 15, and a join after the list at 16.</summary>
    private static OneMailbox Filled(Action<ChatOptions>? change = null, params long[] starts)
    {
        var one = new OneMailbox(change);
        foreach (long start in starts)
            Assert.Equal(start, one.Box.OpenList(start));
        one.Put(11, new UserEntered(RoomName.Lobby, s_bob));
        one.Put(12, new Spoken(RoomName.Lobby, s_bob, "hi", Action: false, Own: false));
        one.Put(13, new UserEntered(RoomName.Lobby, s_bob));
        one.Put(14, new UserLeft([RoomName.Lobby], s_bob, "normal", Gone: true));
        one.Put(15, new Spoken(RoomName.Lobby, s_bob, "ho", Action: false, Own: false));
        one.Put(16, new UserEntered(RoomName.Lobby, s_bob));
        return one;
    }
}
