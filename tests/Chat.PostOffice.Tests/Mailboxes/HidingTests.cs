using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;
using ErlChat.Settings;

namespace ErlChat.Tests;

/// <summary>Joins and leaves that a list of the lobby has shown are not told again (comet wire, clause 5).</summary>
public class HidingTests
{
    private static readonly Person s_bob = new("bob", "bob", "1");

    [Fact]
    public async Task Joins_and_leaves_on_the_list_are_not_told_to_a_reader_who_starts_from_there()
    {
        var one = Filled();
        one.Box.Hide(10, 14);
        await one.AssertGivesAsync(10, [12, 15, 16]);
    }

    [Fact]
    public async Task They_are_told_to_a_reader_that_asks_for_everything()
    {
        var one = Filled();
        one.Box.Hide(10, 14);
        await one.AssertGivesAsync(10, [11, 12, 13, 14, 15, 16], hideListed: false);
    }

    [Fact]
    public async Task They_are_told_to_a_reader_from_before_the_list()
    {
        var one = Filled();
        one.Box.Hide(10, 14);
        await one.AssertGivesAsync(9, [11, 12, 13, 14, 15, 16]);
    }

    // What a mailbox remembers to hide stayed for as long as the session, though nobody could ask for it any more.
    [Fact]
    public void Nothing_is_kept_of_lists_that_nobody_can_reach()
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

    // Clients that hide nothing by the server lost permits by it: the rest of a long answer counted as asked for again.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_given_back_is_new_again(bool hideListed)
    {
        var one = Filled();
        await one.AssertGivesAsync(10, [11, 12, 13, 14, 15, 16], hideListed);
        Assert.False(one.Box.IsNext(13));
        one.Box.GiveBack(10, hideListed, 16, 12);
        Assert.True(one.Box.IsNext(13));
    }

    // A tab of the same session whose cursor happens to lie within: it was never shown that list, and would see somebody leave whom it never saw come.
    [Fact]
    public async Task They_are_told_to_another_reader_whose_cursor_lies_within()
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

    // The mail that is shown ends before the list does: 12 is given, 13 and 14 are on the list, and the next poll is from 13.
    [Fact]
    public async Task They_stay_hidden_when_the_same_reader_reads_on()
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

    // Both tabs poll from 13 next, and only one has the list. A join told twice is a smaller evil than one never told.
    [Fact]
    public async Task They_are_told_again_when_another_reader_may_poll_from_the_same_place()
    {
        var one = new OneMailbox();
        one.Box.OpenList(10);
        one.Put(12, new Spoken(RoomName.Lobby, s_bob, "hi", Action: false, Own: false));
        await one.AssertGivesAsync(5, [12]);
        one.Put(13, new UserEntered(RoomName.Lobby, s_bob));
        one.Box.Hide(10, 13);
        await one.AssertGivesAsync(10, [12]);
        await one.AssertGivesAsync(13, [13]);
    }

    [Fact]
    public async Task A_place_where_another_reader_may_stand_is_no_place_to_start()
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
    public async Task Who_polls_has_its_list_and_a_later_one_is_another_tabs()
    {
        var one = Filled(starts: [9, 10, 11]);
        one.Box.Hide(one.Box.TakeListStart()!.Value, 11);
        await one.AssertGivesAsync(10, [12, 13, 14, 15, 16]);
        Assert.Equal(11, one.Box.TakeListStart());
        one.Box.Hide(11, 14);
        await one.AssertGivesAsync(10, [12, 13, 14, 15, 16]);
        await one.AssertGivesAsync(11, [12, 15, 16]);
    }

    // Tabs that start together ask for their lists in any order; nothing in the asking says whose it is.
    [Fact]
    public async Task A_list_counts_for_every_start_that_has_none_yet()
    {
        var one = Filled(starts: [9, 10]);
        one.Box.Hide(one.Box.TakeListStart()!.Value, 11);
        await one.AssertGivesAsync(9, [12, 13, 14, 15, 16]);
        one.Box.Hide(one.Box.TakeListStart()!.Value, 14);
        await one.AssertGivesAsync(9, [12, 13, 14, 15, 16]);
        await one.AssertGivesAsync(10, [12, 15, 16]);
    }

    [Fact]
    public async Task Coming_and_going_in_another_room_is_not_on_the_lobbys_list()
    {
        var one = new OneMailbox();
        one.Put(11, new UserEntered("den", s_bob));
        one.Put(12, new UserLeft(["den"], s_bob, "normal", Gone: false));
        one.Put(13, new UserLeft(["den", "LOBBY"], s_bob, "normal", Gone: true));
        one.Box.Hide(10, 20);
        await one.AssertGivesAsync(10, [11, 12]);
    }

    [Fact]
    public async Task Two_tabs_may_each_have_a_list_of_their_own()
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
    public void The_place_where_a_list_starts_is_taken_once()
    {
        var one = new OneMailbox();
        Assert.Null(one.Box.TakeListStart());
        one.Box.OpenList(5);
        one.Box.OpenList(6);
        Assert.Equal(5, one.Box.TakeListStart());
        Assert.Equal(6, one.Box.TakeListStart());
        Assert.Null(one.Box.TakeListStart());
    }

    // The answer with the list was lost: asked again, it hid nothing more, and whoever came meanwhile was shown twice.
    [Fact]
    public async Task A_list_that_is_asked_for_again_before_the_first_poll_is_the_same_readers()
    {
        var one = Filled(starts: [10]);
        one.Box.Hide(one.Box.TakeListStart()!.Value, 11);
        one.Box.Hide(one.Box.TakeListStart()!.Value, 14);
        await one.AssertGivesAsync(10, [12, 15, 16]);
        Assert.Null(one.Box.TakeListStart());
    }

    // After a restart nobody knows who stood where; a client brings along what it was shown, and reads on where it was.
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

    // It was taken for free while nobody had polled yet; the reader from before the restart then came to it, and was kept from what only the new one's list showed.
    [Fact]
    public void After_a_restart_the_place_behind_the_newest_mail_may_be_an_older_readers()
    {
        var one = new OneMailbox();
        one.Office.Create(OneMailbox.Owner, floor: 0, joined: 5, restored: true);
        Mailbox box = one.Office.Find(OneMailbox.Owner)!;
        one.Put(12, new UserEntered(RoomName.Lobby, s_bob));
        Assert.InRange(box.OpenList(13), 2, 5);
        Assert.Equal(14, box.OpenList(14));
    }

    [Fact]
    public async Task Of_several_readers_nobody_knows_which_reads_on_from_there()
    {
        var one = Filled();
        one.Box.Recall([new ShownList(10, 10, 14, IsOnly: false)]);
        await one.AssertGivesAsync(10, [12, 15, 16]);
        one = Filled();
        one.Box.Recall([new ShownList(10, 10, 14, IsOnly: false)]);
        await one.AssertGivesAsync(13, [13, 14, 15, 16]);
    }

    /// <summary>Joins at 11, 13, leaves at 14, words at 12, 15 and a join behind the list at 16.</summary>
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
