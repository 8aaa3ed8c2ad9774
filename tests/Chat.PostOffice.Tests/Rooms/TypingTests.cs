using ErlChat.Outcomes;

namespace ErlChat.Tests;

/// <summary>What it costs to say that one types.</summary>
public class TypingTests
{
    // People press keys all the time. Only one call in a few seconds has readers, and only that one may list them.
    [Fact]
    public async Task A_call_that_comes_too_soon_lists_no_readers()
    {
        await using TestChat chat = await new TestChatBuilder()
            .WithoutLimits().With(options => options.MaxTypingAudience = 1000).StartAsync();
        TestSession ann = await chat.LoginAsync("ann");
        for (int i = 0; i < 200; i++)
            await chat.LoginAsync($"u{i}");
        long first = Tell(), soon = Tell();
        chat.Clock.Advance(chat.Options.TypingLifetime);
        long later = Tell();
        Assert.True(soon < 1000, $"{first}, {soon}, {later} bytes");
        Assert.True(later > 5000, $"{first}, {soon}, {later} bytes");

        // A call that is refused is not one of them.
        chat.Clock.Advance(chat.Options.TypingLifetime);
        Assert.Equal(Refusal.NotInRoom, chat.Room.Typing.Tell(ann.Box, "den", "", on: true)?.Why);
        Assert.Equal(Refusal.NoSuchUser, chat.Room.Typing.Tell(ann.Box, null, "nobody", on: true)?.Why);
        Assert.True(Tell() > 5000);

        long Tell()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Null(chat.Room.Typing.Tell(ann.Box, "lobby", "", on: true));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
