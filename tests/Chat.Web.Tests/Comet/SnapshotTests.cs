namespace ErlChat.Web.Tests.Comet;

/// <summary>A poll does not repeat joins and leaves that the list has already shown (docs/comet.md, clause 5).</summary>
public class SnapshotTests
{
    [Fact]
    public async Task Joins_and_leaves_between_start_and_online_are_not_told_again()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob");
        await alice.StartAsync();
        await server.LoginAsync("carol");
        await bob.LeaveAsync();
        CometClient dave = await server.LoginAsync("dave");
        await dave.SendAsync("hi");
        Assert.Equal(["dave", "carol", "alice"], await alice.OnlineAsync());
        await server.LoginAsync("erin");
        Assert.Equal(["chat_msg dave hi", "user_joined_room erin"], (await alice.ReadAsync()).Select(item => item.ToString()));
    }

    [Fact]
    public async Task When_there_is_nothing_else_the_poll_parks()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        CometClient alice = await server.LoginAsync("alice");
        await server.LoginAsync("bob");
        await alice.OnlineAsync();
        Task<CometAnswer> poll = alice.WaitAsync();
        await server.ParkedAsync(1);
        await server.LoginAsync("carol");
        Assert.Equal("user_joined_room carol", (await poll).Items!.Single().ToString());
    }

    /// <summary>
    /// The first poll ends at the message. The next poll asks from the position after it, where the last join that the list contains still
    /// is.
    /// </summary>
    [Fact]
    public async Task A_later_poll_does_not_repeat_what_the_list_showed_after_the_last_message_either()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        CometClient alice = await server.LoginAsync("alice");
        await alice.StartAsync();
        CometClient dave = await server.LoginAsync("dave");
        await dave.SendAsync("hi");
        await server.LoginAsync("erin");
        Assert.Equal(["erin", "dave", "alice"], await alice.OnlineAsync());
        Assert.Equal(["chat_msg dave hi"], (await alice.ReadAsync()).Select(item => item.ToString()));
        Task<CometAnswer> poll = alice.WaitAsync();
        await server.ParkedAsync(1);
        await server.LoginAsync("frank");
        Assert.Equal("user_joined_room frank", (await poll).Items!.Single().ToString());
    }

    [Fact]
    public async Task A_repeated_poll_hides_the_same_items()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        await server.LoginAsync("bob");
        await alice.OnlineAsync();
        await alice.SendAsync("hi");
        string first = (await alice.WaitAsync($"?msg_id={alice.Cursor}")).Body;
        Assert.DoesNotContain("bob", first, StringComparison.Ordinal);
        Assert.Equal(first, (await alice.WaitAsync($"?msg_id={alice.Cursor}")).Body);
    }

    [Fact]
    public async Task A_client_that_handles_duplicates_may_ask_for_everything()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        await server.LoginAsync("bob");
        await alice.OnlineAsync();
        Assert.Equal("user_joined_room bob", (await alice.WaitAsync($"?msg_id={alice.Cursor}&joins=all")).Items!.Single().ToString());
    }

    /// <summary>
    /// A second tab has the same cookie. Between two of its polls it may be at exactly the position where the first tab starts. The second
    /// tab was never shown what the first tab's list shows. If those items were hidden from it, the leave of a user it never saw would end
    /// an original client's polling for good.
    /// </summary>
    [Fact]
    public async Task Another_tab_between_two_polls_still_gets_what_this_tabs_list_shows()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient first = await server.LoginAsync("alice");
        await first.SendAsync("hi");
        CometClient second = first.Tab();
        await second.ReadAsync();
        await first.StartAsync();
        CometClient bob = await server.LoginAsync("bob");
        Assert.Equal(["bob", "alice"], await first.OnlineAsync());
        await bob.LeaveAsync();
        Assert.Equal(["user_left_room bob normal"], (await first.ReadAsync()).Select(item => item.ToString()));
        Assert.Equal(["user_joined_room bob", "user_left_room bob normal"], (await second.ReadAsync()).Select(item => item.ToString()));
    }

    /// <summary>When a browser restores two tabs, both call start before either asks for the list.</summary>
    [Fact]
    public async Task Two_tabs_that_start_together_each_get_what_their_own_list_does_not_show()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient first = server.Stranger("alice");
        await first.LoginAsync();
        CometClient second = first.Tab();
        await first.StartAsync();
        await server.LoginAsync("bob");
        await second.StartAsync();
        await server.LoginAsync("carol");
        Assert.Equal(["carol", "bob", "alice"], await first.OnlineAsync());
        await server.LoginAsync("dave");
        Assert.Equal(["dave", "carol", "bob", "alice"], await second.OnlineAsync());
        await first.SendAsync("hi");
        Assert.Equal(["user_joined_room dave", "sent_chat_msg alice hi"], (await first.ReadAsync()).Select(item => item.ToString()));
        Assert.Equal(["sent_chat_msg alice hi"], (await second.ReadAsync()).Select(item => item.ToString()));
    }

    [Fact]
    public async Task A_start_whose_answer_was_lost_does_no_harm()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        await server.LoginAsync("bob");
        await alice.StartAsync();
        await alice.StartAsync();
        await server.LoginAsync("carol");
        Assert.Equal(["carol", "bob", "alice"], await alice.OnlineAsync());
        await server.LoginAsync("dave");
        Assert.Equal(["user_joined_room dave"], (await alice.ReadAsync()).Select(item => item.ToString()));
    }
}
