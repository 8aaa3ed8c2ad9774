using CsCheck;
using ErlChat.Limits;
using ErlChat.Outcomes;
using ErlChat.Postings;

namespace ErlChat.Tests;

/// <summary>The token bucket of a session: ten at once, refilled evenly over three seconds (docs/comet.md, clause 9).</summary>
public class RateLimitTests
{
    private const string TooFast = "You are sending messages too fast. Please wait a few seconds and try again.";

    [Fact]
    public async Task Ten_messages_are_sent_at_once_and_the_next_is_told_how_long_to_wait()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        await SayAsync(alice, 10);
        Assert.Equal(new Refused(Refusal.RateLimited, TimeSpan.FromSeconds(0.3)), await alice.SubmitAsync("eleventh"));
        chat.Clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(TimeSpan.FromSeconds(0.2), Assert.IsType<Refused>(await alice.SubmitAsync("eleventh")).Wait);
        chat.Clock.Advance(TimeSpan.FromSeconds(0.2));
        await SayAsync(alice, 1);
        Assert.IsType<Refused>(await alice.SubmitAsync("twelfth"));
    }

    [Fact]
    public async Task The_bucket_is_full_again_after_its_window_and_never_more_than_full()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        foreach (int seconds in (int[])[0, 3, 300])
        {
            chat.Clock.Advance(TimeSpan.FromSeconds(seconds));
            await SayAsync(alice, 10);
            Assert.IsType<Refused>(await alice.SubmitAsync("one too many"));
        }
    }

    // The original refused a steady pace within the limit.
    [Fact]
    public async Task A_steady_pace_within_the_limit_is_never_refused()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        for (int i = 0; i < 300; i++)
        {
            await SayAsync(alice, 1);
            chat.Clock.Advance(TimeSpan.FromSeconds(0.3));
        }
    }

    // Regression: the bucket used floating point, and rounding sometimes refused a sender who had waited exactly as long as told.
    [Fact]
    public Task Waiting_as_long_as_told_is_always_enough() => Property.HoldsAsync(
        Gen.Select(Gen.Int[1, 19], Gen.Int[10, 4999], Gen.Double[0, 1].Array[0, 200]),
        20,
        one => WaitAsToldAsync(one.Item1, TimeSpan.FromMilliseconds(one.Item2), one.Item3));

    private static async Task WaitAsToldAsync(int count, TimeSpan window, double[] pauses)
    {
        // A wait is enough for the limit that refused, but then another one may refuse. At these rates, that of the address did.
        await using TestChat chat = await new TestChatBuilder().WithLimits(LimitOptions.Off())
            .With(options => (options.RateLimitCount, options.RateLimitWindow) = (count, window))
            .StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        long longest = window.Ticks / count * 3 / 2;
        foreach (double pause in pauses)
        {
            if (await alice.SubmitAsync("x") is Refused { Wait: { } wait })
            {
                chat.Clock.Advance(wait);
                await SayAsync(alice, 1);
            }

            chat.Clock.Advance(TimeSpan.FromTicks((long)(pause * longest)));
        }
    }

    [Fact]
    public async Task Commands_count_too()
    {
        await using TestChat chat = await TestChat.StartAsync(options => options.RateLimitCount = 2);
        TestSession alice = await chat.LoginAsync("alice");
        Assert.Null(await alice.SubmitAsync("/help"));
        Assert.Null(await alice.SubmitAsync("/nonsense"));
        Assert.Equal(Refusal.RateLimited, Assert.IsType<Refused>(await alice.SubmitAsync("/help")).Why);
    }

    [Fact]
    public async Task A_run_of_refusals_gives_one_notice()
    {
        await using TestChat chat = await TestChat.StartAsync(options => options.RateLimitCount = 1);
        TestSession alice = await chat.LoginAsync("alice");
        for (int spell = 0; spell < 3; spell++)
        {
            await SayAsync(alice, 1);
            for (int i = 0; i < 5; i++)
                Assert.IsType<Refused>(await alice.SubmitAsync("x"));
            Assert.Equal(TooFast, Assert.IsType<Notice>((await alice.ContentsAsync())[^1]).Text);
            chat.Clock.Advance(TimeSpan.FromSeconds(3));
        }

        Assert.Empty(await alice.DrainAsync());
    }

    [Fact]
    public async Task Each_session_has_its_own_bucket()
    {
        await using TestChat chat = await TestChat.StartAsync(options => options.RateLimitCount = 1);
        TestSession alice = await chat.LoginAsync("alice"), bob = await chat.LoginAsync("bob");
        await SayAsync(alice, 1);
        Assert.IsType<Refused>(await alice.SubmitAsync("x"));
        await SayAsync(bob, 1);
    }

    private static async Task SayAsync(TestSession session, int times)
    {
        for (int i = 0; i < times; i++)
            Assert.IsType<Accepted>(await session.SubmitAsync("x"));
    }
}
