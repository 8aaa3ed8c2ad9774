using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>The room as doors see it: logging in, lists, leaving, looking.</summary>
public class ChatRoomTests
{
    [Fact]
    public async Task A_login_gives_a_secret_that_the_state_does_not_hold()
    {
        await using TestChat chat = await TestChat.StartAsync();
        JoinResult joined = await chat.Room.JoinAsync(new JoinRequest("  alice ", "192.0.2.1")).WithinAsync();
        Assert.Equal("alice", Assert.IsType<JoinAccepted>(joined.Outcome).Who.Nick);
        Assert.Equal(43, joined.Token!.Length);
        Assert.Equal(SessionKey.Of(joined.Token), joined.Session);
        Assert.DoesNotContain(joined.Token, Plain.Of(chat.Room.Find(joined.Session)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_refusal_that_applies_is_the_one_given()
    {
        await using TestChat chat = await TestChat.StartAsync(options => options.MaxSessionsPerHost = 1);
        TestSession admin = await chat.LoginAdminAsync("boss");
        await chat.LoginAsync("bob", "192.0.2.1");
        await chat.LoginAsync("carol", "192.0.2.2");
        await admin.SubmitAsync("/admin ban carol reason 60");
        Assert.Equal(new Refused(Refusal.HostBanned, TimeSpan.FromSeconds(60)), await JoinAsync("!!", "192.0.2.2"));
        Assert.Equal(new Refused(Refusal.HostFull), await JoinAsync("!!", "192.0.2.1"));
        Assert.Equal(new Refused(Refusal.NickInvalid), await JoinAsync("!!", "192.0.2.3"));
        Assert.Equal(new Refused(Refusal.NickInvalid), await JoinAsync(null, "192.0.2.3"));
        Assert.Equal(new Refused(Refusal.NickTaken), await JoinAsync("BOB", "192.0.2.3"));
        Assert.Equal(new Refused(Refusal.NickTaken), await JoinAsync("Server", "192.0.2.3"));
        chat.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.IsType<JoinAccepted>(await JoinAsync("carol", "192.0.2.2"));

        async Task<Outcome> JoinAsync(string? nick, string host)
        {
            JoinResult result = await chat.Room.JoinAsync(new JoinRequest(nick, host)).WithinAsync();
            Assert.Equal(result.Outcome is JoinAccepted, result.Token is not null);
            return result.Outcome;
        }
    }

    [Fact]
    public async Task A_free_name_becomes_a_nick_that_is_free()
    {
        await using TestChat chat = await TestChat.StartAsync();
        var names = new List<string>();
        foreach (string name in (string[])["Jörg Müller", "Jrg Mller!", "🙂", "✓"])
        {
            JoinResult result = await chat.Room.JoinAsync(new JoinRequest(null, "192.0.2.1") { Name = name, Home = null }).WithinAsync();
            Person who = Assert.IsType<JoinAccepted>(result.Outcome).Who;
            Assert.Equal(name, who.Name);
            names.Add(who.Nick);
        }

        Assert.Equal(["JrgMller", "JrgMller2", "user", "user2"], names);
    }

    // Clause 5 of the comet wire: the original's client shows such a one twice, or dies of it.
    [Fact]
    public async Task Who_comes_or_goes_between_a_start_and_its_list_is_on_the_list_and_not_told_again()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAsync("alice"), gone = await chat.LoginAsync("gone");
        alice.Cursor = chat.Room.StartReading(alice.Box).From;
        await chat.LoginAsync("came");
        await chat.Room.LeaveAsync(gone.Key).WithinAsync();
        await alice.SubmitAsync("words");
        var list = Assert.IsType<PeopleListed>(await chat.Room.ListAsync(alice.Box).WithinAsync());
        Assert.Equal(["alice", "came"], list.People.Select(who => who.Nick));
        await chat.LoginAsync("later");
        IReadOnlyList<MailContent> told = await alice.ContentsAsync();
        Assert.IsType<Spoken>(told[0]);
        Assert.Equal("later", Assert.IsType<UserEntered>(told[1]).Who.Nick);
        Assert.Equal(2, told.Count);
    }

    [Fact]
    public async Task A_parked_poll_is_not_woken_for_what_the_list_shows()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        alice.Cursor = chat.Room.StartReading(alice.Box).From;
        await chat.LoginAsync("came");
        await chat.Room.ListAsync(alice.Box).WithinAsync();
        Task<MailRead> poll = alice.PollAsync();
        Assert.False(poll.IsCompleted);
        await chat.LoginAsync("later");
        Assert.Equal("later", Assert.IsType<UserEntered>(Assert.Single((await poll.WithinAsync()).Mail).Content).Who.Nick);
    }

    [Fact]
    public async Task A_list_without_a_start_hides_nothing_and_is_no_entry()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        await chat.LoginAsync("bob");
        long head = chat.Office.Head;
        Assert.Equal(2, Assert.IsType<PeopleListed>(await chat.Room.ListAsync(alice.Box).WithinAsync()).People.Count);
        Assert.Equal(head, chat.Office.Head);
        Assert.Single(await alice.DrainAsync());
    }

    // A list was an entry, and people saw nobody while the log could take none. It is a read, and reads need no log.
    [Fact]
    public async Task A_list_is_given_though_the_log_takes_nothing()
    {
        var log = new FakeLog();
        await using TestChat chat = await new TestChatBuilder().WithLog(log).StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        alice.Cursor = chat.Room.StartReading(alice.Box).From;
        await chat.LoginAsync("came");
        log.Taking = Taking.RefusingLater;
        Assert.Equal(["came", "alice"], Assert.IsType<PeopleListed>(await chat.Room.ListAsync(alice.Box).WithinAsync()).People.Select(who => who.Nick));
        Assert.Empty(await alice.DrainAsync());
        log.Taking = Taking.Well;
    }

    [Fact]
    public async Task A_list_for_somebody_who_is_gone_is_refused()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        await chat.Room.LeaveAsync(alice.Key).WithinAsync();
        Assert.Equal(new Refused(Refusal.BadSession), await chat.Room.ListAsync(alice.Box).WithinAsync());
    }

    // Invariant 9; the original's parked poll hung on to its time-out.
    [Fact]
    public async Task A_leave_ends_the_leavers_parked_poll_and_is_told_to_the_others()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAsync("alice"), bob = await chat.LoginAsync("bob");
        await alice.DrainAsync();
        Task<MailRead> poll = alice.PollAsync();
        Assert.IsType<Accepted>(await chat.Room.LeaveAsync(alice.Key).WithinAsync());
        MailRead read = await poll.WithinAsync();
        Assert.Equal((MailStatus.Closed, CloseReason.Left), (read.Status, read.Reason));
        Assert.Equal(MailStatus.Closed, (await alice.PollAsync().WithinAsync()).Status);
        Assert.Equal(new UserLeft(["lobby"], alice.Who, "normal", Gone: true), Assert.Single(await bob.ContentsAsync()), Plain.Same);
        Assert.Equal(new Refused(Refusal.BadSession), await chat.Room.LeaveAsync(alice.Key).WithinAsync());
    }

    // Invariant 9; the original lost the notice when nothing was parked.
    [Theory]
    [InlineData("/admin kick bob out", CloseReason.Kicked, true)]
    [InlineData("/admin kick bob out", CloseReason.Kicked, false)]
    [InlineData("/admin ban bob out 60", CloseReason.Banned, true)]
    [InlineData("/admin ban bob out 60", CloseReason.Banned, false)]
    public async Task Who_is_thrown_out_reads_why_and_then_finds_the_session_ended(string command, CloseReason reason, bool parked)
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession admin = await chat.LoginAdminAsync("boss"), bob = await chat.LoginAsync("bob");
        Task<MailRead>? poll = parked ? bob.PollAsync() : null;
        await admin.SubmitAsync(command);
        MailRead read = await (poll ?? bob.PollAsync()).WithinAsync();
        Assert.StartsWith($"You have been {reason.ToString().ToLowerInvariant()} from the chat room", Assert.IsType<Notice>(read.Mail[^1].Content).Text, StringComparison.Ordinal);
        bob.Cursor = read.Mail[^1].Sequence + 1;
        MailRead then = await bob.PollAsync().WithinAsync();
        Assert.Equal((MailStatus.Closed, reason), (then.Status, then.Reason));
        Assert.Null(chat.Room.Find(bob.Key));
    }

    [Fact]
    public async Task Looking_shows_people_rooms_and_history()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAsync("alice"), bob = await chat.LoginAsync("bob");
        await chat.Room.EnterAsync(alice.Key, "Zoo").WithinAsync();
        await chat.Room.EnterAsync(alice.Key, "den").WithinAsync();
        await alice.SubmitAsync("one", room: "den");
        await alice.SubmitAsync("/topic news", room: "den");
        await bob.SubmitAsync("two");
        Assert.Equal([new RoomView("den", "news", 1), new RoomView("lobby", "", 2), new RoomView("Zoo", "", 1)], chat.Room.Rooms());
        Assert.Equal(new RoomView("den", "news", 1), chat.Room.FindRoom("DEN"));
        Assert.Null(chat.Room.FindRoom("nowhere"));
        Assert.Equal(["bob", "alice"], (await chat.Room.PeopleAsync("lobby").WithinAsync())!.People.Select(who => who.Nick));
        Assert.Null(await chat.Room.PeopleAsync("nowhere").WithinAsync());
        Assert.Equal(["lobby", "Zoo", "den"], chat.Room.FindNick("ALICE")!.Rooms);
        Assert.Equal(2, chat.Room.SessionCount);
        Assert.Equal(2, (await chat.Room.HistoryAsync(alice.Key, "den", long.MaxValue, 10, default))!.Count);
        Assert.Null(await chat.Room.HistoryAsync(bob.Key, "den", long.MaxValue, 10, default));
        Assert.Null(await chat.Room.HistoryAsync(default, "den", long.MaxValue, 10, default));
        await chat.Room.PartAsync(alice.Key, "den").WithinAsync();
        await chat.Room.EnterAsync(bob.Key, "den").WithinAsync();
        Assert.Empty((await chat.Room.HistoryAsync(bob.Key, "den", long.MaxValue, 10, default))!);
    }

    // For a poll interval its mailbox can be found, and anybody with the old cookie could write into the log with each call.
    [Fact]
    public async Task Who_has_left_cannot_leave_again_and_the_log_hears_nothing_of_it()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        Assert.IsType<Accepted>(await chat.Room.LeaveAsync(alice.Key).WithinAsync());
        long head = chat.Office.Head;
        Assert.Equal(new Refused(Refusal.BadSession), await chat.Room.LeaveAsync(alice.Key).WithinAsync());
        Assert.Equal(head, chat.Office.Head);
    }

    [Fact]
    public async Task A_history_holds_so_much_and_is_read_backwards_from_a_place()
    {
        await using TestChat chat = await new TestChatBuilder().WithoutLimits().With(options => options.HistoryPerRoom = 5).StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        for (int i = 0; i < 8; i++)
            await alice.SubmitAsync($"{i}");
        IReadOnlyList<Mail> all = await ReadAsync(long.MaxValue, 100);
        Assert.Equal(["3", "4", "5", "6", "7"], all.Select(Text));
        Assert.Equal(["4", "5"], (await ReadAsync(all[3].Sequence, 2)).Select(Text));
        Assert.Empty(await ReadAsync(all[0].Sequence, 2));

        async Task<IReadOnlyList<Mail>> ReadAsync(long before, int limit) => (await chat.Room.HistoryAsync(alice.Key, "LOBBY", before, limit, default))!;
        static string Text(Mail mail) => ((Spoken)mail.Content).Text;
    }
}
