using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Rooms;
using ErlChat.Submissions;

namespace ErlChat.Tests;

/// <summary>What the chat room offers to doors that are not the comet wire's.</summary>
public class DoorTests
{
    [Fact]
    public async Task A_blank_text_is_said_when_the_door_says_so()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession ann = await chat.LoginAsync("ann");
        Assert.Null(await chat.Submissions.SubmitAsync(new Submission(ann.Key, " \n ")).WithinAsync());
        Assert.IsType<Accepted>(await chat.Submissions.SubmitAsync(new Submission(ann.Key, " \n ") { AllowBlank = true }).WithinAsync());
        Assert.Null(await chat.Submissions.SubmitAsync(new Submission(ann.Key, "") { AllowBlank = true }).WithinAsync());
        Assert.Equal(" \n ", Assert.IsType<Spoken>(Assert.Single(await ann.ContentsAsync())).Text);
    }

    [Fact]
    public async Task A_sender_over_the_rate_limit_is_told_by_mail_unless_the_door_does_not_want_it()
    {
        await using TestChat chat = await TestChat.StartAsync(options => options.RateLimitCount = 1);
        TestSession ann = await chat.LoginAsync("ann");
        await chat.SayAsync(ann, "one");
        await ann.DrainAsync();
        long head = chat.Office.Head;
        var quiet = new Submission(ann.Key, "two") { TellRateLimit = false };
        Assert.Equal(Refusal.RateLimited, Assert.IsType<Refused>(await chat.Submissions.SubmitAsync(quiet).WithinAsync()).Why);
        Assert.Empty(await ann.ContentsAsync());
        Assert.Equal(head, chat.Office.Head);
    }

    // The commands of a session that has ended cost it nothing, and each went into the log.
    [Fact]
    public async Task A_session_that_has_ended_is_not_admitted()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession ann = await chat.LoginAsync("ann");
        Mailbox box = chat.Office.Find(ann.Key)!;
        Assert.Null(chat.Room.Admit(box));
        await chat.Room.LeaveAsync(ann.Key).WithinAsync();
        Assert.Equal(Refusal.BadSession, chat.Room.Admit(box)!.Why);
    }

    // A program that sends the password as a name had it shown to everybody, and kept.
    [Fact]
    public async Task What_looks_like_the_password_is_no_name()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession ann = await chat.LoginAsync("ann");
        long head = chat.Office.Head;
        Assert.Equal(Refusal.BadRoomName, Assert.IsType<Refused>(await chat.Room.EnterAsync(ann.Key, "/auth secret").WithinAsync()).Why);
        JoinResult named = await chat.Room.JoinAsync(new JoinRequest(null, "192.0.2.9") { Name = "/auth secret", Home = null }).WithinAsync();
        Assert.Equal(Refusal.NickInvalid, Assert.IsType<Refused>(named.Outcome).Why);
        Assert.Equal(head, chat.Office.Head);
        JoinResult wanted = await chat.Room.JoinAsync(new JoinRequest(null, "192.0.2.9") { Name = "bob", WantedUserId = "/auth secret", Home = null }).WithinAsync();
        Assert.NotEqual("/auth secret", Assert.IsType<JoinAccepted>(wanted.Outcome).Who.UserId);
    }

    [Fact]
    public async Task A_door_can_ask_whether_a_host_may_log_in_at_all()
    {
        await using TestChat chat = await TestChat.StartAsync(options => options.MaxSessionsPerHost = 2);
        Assert.Null(chat.Room.HostRefusal("192.0.2.7"));
        Assert.Null(chat.Room.HostRefusal("192.0.2.7", coming: 1));
        Assert.Equal(Refusal.HostFull, chat.Room.HostRefusal("192.0.2.7", coming: 2)!.Why);
        await chat.LoginAsync("ann", "192.0.2.7");
        Assert.Equal(Refusal.HostFull, chat.Room.HostRefusal("192.0.2.7", coming: 1)!.Why);

        TestSession admin = await chat.LoginAdminAsync("root");
        await admin.SubmitAsync("/admin ban ann out 60");
        Refused banned = chat.Room.HostRefusal("192.0.2.7")!;
        Assert.Equal((Refusal.HostBanned, TimeSpan.FromSeconds(60)), (banned.Why, banned.Wait));
        Assert.Null(chat.Room.HostRefusal("192.0.2.8"));
    }
}
