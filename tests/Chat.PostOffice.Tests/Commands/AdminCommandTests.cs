using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Rooms;
using ErlChat.State;
using ErlChat.Texts;

namespace ErlChat.Tests;

/// <summary>The administrators' commands.</summary>
public class AdminCommandTests : IAsyncLifetime
{
    private const string Unknown = "Unknown admin command. Type /admin help.";
    private TestChat _chat = null!;
    private TestSession _admin = null!;
    private TestSession _bob = null!;

    public async ValueTask InitializeAsync()
    {
        _chat = await new TestChatBuilder().WithoutLimits().StartAsync();
        _admin = await _chat.LoginAdminAsync("boss");
        _bob = await _chat.LoginAsync("bob", "192.0.2.7");
    }

    public async ValueTask DisposeAsync()
    {
        await _chat.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Help_lists_the_commands() => await AnswersAsync(
        "/admin help",
        "Admin Help: (/admin logout) (/admin info user) (/admin kick user reason) (/admin ban user reason seconds) (/admin bans) "
        + "(/admin unban host) (/admin mute user seconds) (/admin announce text) (/admin log page) (/admin grant user) "
        + "(/admin revoke user)");

    [Theory]
    [InlineData("/admin")]
    [InlineData("/admin nonsense")]
    [InlineData("/admin help more")]
    [InlineData("/admin logout more")]
    [InlineData("/admin info")]
    [InlineData("/admin info bob more")]
    [InlineData("/admin kick bob")]
    [InlineData("/admin kick bob two words")]
    [InlineData("/admin kick bob \"open")]
    [InlineData("/admin ban bob reason")]
    [InlineData("/admin ban bob reason 60 more")]
    [InlineData("/admin bans more")]
    [InlineData("/admin unban")]
    [InlineData("/admin unban 192.0.2.7 more")]
    [InlineData("/admin mute bob")]
    [InlineData("/admin mute bob 60 more")]
    [InlineData("/admin mute bob 60 person")]
    [InlineData("/admin ban bob reason 60 person more")]
    [InlineData("/admin log x")]
    [InlineData("/admin log -1")]
    [InlineData("/admin log 1 2")]
    public async Task An_unknown_admin_command_or_one_with_the_wrong_number_of_words_is_rejected(string text)
    {
        await AnswersAsync(text, Unknown);
        Assert.NotNull(_chat.Room.Find(_bob.Key));
    }

    [Fact]
    public async Task Logging_out_is_announced_and_not_answered()
    {
        await AnswersAsync("/admin logout");
        Assert.Equal(new AdminChanged(_admin.Who, LoggedIn: false), Assert.Single(await _bob.ContentsAsync()));
        await AnswersAsync("/admin help", "Invalid command or format.");
    }

    [Fact]
    public async Task Info_is_answered_as_text_and_as_a_page()
    {
        await _admin.SubmitAsync("/admin info BOB");
        var notice = Assert.IsType<Notice>((await _admin.ContentsAsync())[^1]);
        Assert.Equal("Nick: bob\nIP address: 192.0.2.7\nLast action: Fri, 20 Nov 2026 07:00:00 GMT", notice.Text);
        Assert.Equal("<info bob>", notice.Html);
        await AnswersAsync("/admin info nobody", "Unknown user.");
    }

    [Fact]
    public async Task A_kick_is_not_answered_unless_it_fails()
    {
        await AnswersAsync("/admin kick nobody reason", "Unable to kick: user not found.");
        await AnswersAsync("/admin kick BOSS reason", "Sorry, you can't kick yourself!");
        await AnswersAsync("/admin kick bob \"out \\\"you\\\" go\"");
        Assert.Equal(
            "You have been kicked from the chat room. Reason: out \"you\" go",
            Assert.IsType<Notice>((await _bob.ContentsAsync())[^1]).Text);
        await _chat.LoginAsync("bob", "192.0.2.7");
    }

    // Regression: kicks and bans with such a reason did nothing, and the administrator was not told why. Names of unknown users were logged
    // before they were looked up.
    [Theory]
    [InlineData("/admin kick bob \"/auth secret\"")]
    [InlineData("/admin ban bob \"/auth secret\" 60")]
    [InlineData("/admin kick \"/auth secret\" reason")]
    [InlineData("/admin ban \"/auth secret\" reason 60")]
    [InlineData("/admin mute \"/auth secret\" 60")]
    [InlineData("/admin unban \"/auth secret\"")]
    public async Task A_command_that_looks_like_the_password_is_not_run_and_the_user_is_told_why(string command)
    {
        await AnswersAsync(command, AuthText.NotSent);
        Assert.NotNull(_chat.Room.Find(_bob.Key));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("+5")]
    [InlineData("5abc")]
    [InlineData("1.5")]
    [InlineData("\"\"")]
    [InlineData("\" 5\"")]
    [InlineData("315360001")]
    [InlineData("99999999999999999999")]
    public async Task A_ban_is_a_whole_number_of_seconds_from_one_to_ten_years(string seconds)
    {
        await AnswersAsync($"/admin ban bob reason {seconds}", "Unable to ban: invalid time specified.");
        if (seconds != "0")
            await AnswersAsync($"/admin mute bob {seconds}", "Unable to mute: invalid time specified.");
        Assert.NotNull(_chat.Room.Find(_bob.Key));
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("007", 7)]
    [InlineData("315360000", 315360000)]
    public async Task A_ban_within_the_limits_takes_effect(string seconds, long length)
    {
        await AnswersAsync($"/admin ban bob reason {seconds}");
        (Ban ban, TimeSpan left) = Assert.Single(_chat.Room.ActiveBans());
        Assert.Equal(
            new Ban("192.0.2.7", "bob", "reason", _chat.Clock.UtcNow.AddSeconds(length)) { UserId = _bob.Who.UserId }, ban);
        Assert.Equal(length, left.TotalSeconds);
        var refused = (await _chat.Room.JoinAsync(new JoinRequest("bob", "192.0.2.7")).WithinAsync()).Outcome;
        Assert.Equal(new Refused(Refusal.HostBanned, TimeSpan.FromSeconds(length)), refused);
    }

    [Fact]
    public async Task A_ban_that_fails_says_why()
    {
        await AnswersAsync("/admin ban nobody reason 60", "Unable to ban: user not found.");
        await AnswersAsync("/admin ban boss reason 60", "Sorry, you can't ban yourself!");
        await AnswersAsync("/admin ban nobody reason never", "Unable to ban: invalid time specified.");
    }

    [Fact]
    public async Task Bans_are_listed_until_they_expire()
    {
        await AnswersAsync("/admin bans", "There are no bans.");
        await _chat.LoginAsync("carol", "192.0.2.8");
        await AnswersAsync("/admin ban bob \"bad boy\" 100000");
        await AnswersAsync("/admin ban carol rude 59");
        await _admin.SubmitAsync("/admin bans");
        var notice = Assert.IsType<Notice>((await _admin.ContentsAsync())[^1]);
        Assert.Equal(
            "192.0.2.7 (bob): bad boy. Time Remaining: 1 days, 3 hours, 46 minutes, 40 seconds\n"
            + "192.0.2.8 (carol): rude. Time Remaining: 59 seconds",
            notice.Text);
        Assert.Equal("<bans 192.0.2.7=1 days, 3 hours, 46 minutes, 40 seconds;192.0.2.8=59 seconds>", notice.Html);
        _chat.Clock.Advance(TimeSpan.FromSeconds(59));
        await AnswersAsync("/admin bans", "192.0.2.7 (bob): bad boy. Time Remaining: 1 days, 3 hours, 45 minutes, 41 seconds");
    }

    // In the original, a word ended at the first dot, so addresses had to be quoted.
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("192.0.2.7", "\"192.0.2.7\"")]
    [InlineData("2001:db8:1:2::/64", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2::/64", "2001:DB8:1:2:3:4:5:6")]
    [InlineData("2001:db8:1:2::/64", "\"2001:db8:1:2::\"")]
    [InlineData("192.0.2.7", "::ffff:192.0.2.7")]
    public async Task A_ban_is_lifted_by_address_quoted_or_not(string banned, string typed)
    {
        await _chat.LoginAsync("eve", banned);
        await AnswersAsync("/admin ban eve reason 60");
        await AnswersAsync($"/admin unban {typed}", "Removed ban.");
        await AnswersAsync($"/admin unban {typed}", "Unable to unban: Invalid host.");
        await _chat.LoginAsync("eve", banned);
    }

    [Fact]
    public async Task The_ban_of_a_host_that_is_not_banned_cannot_be_lifted() =>
        await AnswersAsync("/admin unban nowhere", "Unable to unban: Invalid host.");

    [Fact]
    public async Task A_user_is_muted_and_unmuted()
    {
        await AnswersAsync("/admin mute nobody 60", "Unable to mute: user not found.");
        await AnswersAsync("/admin mute boss 60", "Sorry, you can't mute yourself!");
        await AnswersAsync("/admin mute bob 60", "bob may not speak for 1 minutes, 0 seconds.");
        Assert.Equal(Refusal.Muted, Assert.IsType<Refused>(await _bob.SubmitAsync("x")).Why);
        await AnswersAsync("/admin mute bob 0", "bob may speak again.");
        Assert.IsType<Accepted>(await _bob.SubmitAsync("x"));
    }

    [Fact]
    public async Task With_the_word_person_a_ban_is_of_the_person_alone_and_is_listed_and_lifted_by_nick()
    {
        await AnswersAsync("/admin ban bob rude 60 person");
        await AnswersAsync("/admin bans", "bob: rude. Time Remaining: 1 minutes, 0 seconds");
        await _chat.LoginAsync("carl", "192.0.2.7");
        var refused = (await _chat.Room.JoinAsync(new JoinRequest("BOB", "192.0.2.8")).WithinAsync()).Outcome;
        Assert.Equal(new Refused(Refusal.HostBanned, TimeSpan.FromSeconds(60)), refused);
        await AnswersAsync("/admin unban Bob", "Removed ban.");
        await AnswersAsync("/admin unban Bob", "Unable to unban: Invalid host.");
        await _chat.LoginAsync("bob", "192.0.2.8");
    }

    [Theory]
    [InlineData("/admin ban bob rude 60")]
    [InlineData("/admin ban bob rude 60 address")]
    public async Task Otherwise_a_ban_is_of_the_person_and_of_the_address_as_the_command_of_2009(string command)
    {
        await AnswersAsync(command);
        foreach ((string nick, string host) in new[] { ("bob", "192.0.2.8"), ("carl", "192.0.2.7") })
        {
            Outcome outcome = (await _chat.Room.JoinAsync(new JoinRequest(nick, host)).WithinAsync()).Outcome;
            Assert.Equal(Refusal.HostBanned, Assert.IsType<Refused>(outcome).Why);
        }

        await AnswersAsync("/admin unban 192.0.2.7", "Removed ban.");
        await _chat.LoginAsync("bob", "192.0.2.7");
    }

    [Fact]
    public async Task A_mute_is_of_the_address_only_if_asked()
    {
        await AnswersAsync("/admin mute bob 60", "bob may not speak for 1 minutes, 0 seconds.");
        TestSession carl = await _chat.LoginAsync("carl", "192.0.2.7");
        Assert.IsType<Accepted>(await carl.SubmitAsync("x"));
        await AnswersAsync("/admin mute bob 60 address", "bob may not speak for 1 minutes, 0 seconds.");
        TestSession dora = await _chat.LoginAsync("dora", "192.0.2.7");
        Assert.Equal(Refusal.Muted, Assert.IsType<Refused>(await dora.SubmitAsync("x")).Why);
    }

    [Fact]
    public async Task The_log_lists_the_newest_acts_first_in_pages()
    {
        string boss = $"boss ({_admin.Who.UserId})", bob = $"bob ({_bob.Who.UserId})";
        string first = $"Fri, 20 Nov 2026 07:00:00 GMT: {boss} banned {bob}, until Fri, 20 Nov 2026 07:01:00 GMT: bad boy\n"
            + $"Fri, 20 Nov 2026 07:00:00 GMT: {boss} muted {bob} and the address, until Fri, 20 Nov 2026 07:01:00 GMT\n"
            + $"Fri, 20 Nov 2026 07:00:00 GMT: {boss} became an administrator\n";
        await AnswersAsync("/admin mute bob 60 address", "bob may not speak for 1 minutes, 0 seconds.");
        await AnswersAsync("/admin ban bob \"bad boy\" 60 person");
        await _admin.SubmitAsync("/admin log");
        Assert.Equal(new Notice(first + "Page 1 of 1", "<acts 3 1/1>"), (await _admin.ContentsAsync())[^1]);
        await AnswersAsync("/admin log 2", "There is no page 2. The last one is 1.");
        await AnswersAsync("/admin log 0", "There is no page 0. The last one is 1.");
        for (int i = 0; i < 20; i++)
            await _admin.SubmitAsync($"/admin announce number {i}");
        await _admin.DrainAsync();
        await AnswersAsync("/admin log 2", first + "Page 2 of 2");
    }

    private async Task AnswersAsync(string text, params string[] answers) => Assert.Equal(answers, await _admin.AskAsync(text));
}
