namespace ErlChat.Tests;

/// <summary>What the chat room offers to doors that are not the comet wire's.</summary>
public class DoorTests
{
    [Fact]
    public async Task A_blank_text_is_said_when_the_door_says_so()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession ann = await chat.LoginAsync("ann");
        Assert.Null(await chat.Room.SubmitAsync(new Submission(ann.Key, " \n ")).WithinAsync());
        Assert.IsType<Accepted>(await chat.Room.SubmitAsync(new Submission(ann.Key, " \n ") { AllowBlank = true }).WithinAsync());
        Assert.Null(await chat.Room.SubmitAsync(new Submission(ann.Key, "") { AllowBlank = true }).WithinAsync());
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
        Assert.Equal(Refusal.RateLimited, Assert.IsType<Refused>(await chat.Room.SubmitAsync(quiet).WithinAsync()).Why);
        Assert.Empty(await ann.ContentsAsync());
        Assert.Equal(head, chat.Office.Head);
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
