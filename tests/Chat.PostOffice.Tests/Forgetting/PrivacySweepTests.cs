using ErlChat.Forgetting;
using ErlChat.Log;
using ErlChat.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace ErlChat.Tests;

/// <summary>When addresses are forgotten.</summary>
public class PrivacySweepTests
{
    [Fact]
    public async Task Addresses_are_forgotten_in_time_and_with_few_entries()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession amy = await chat.LoginAsync("amy");
        using PrivacySweep sweep = Sweep(chat);
        string address = chat.Room.Find(amy.Key)!.Host;
        long head = chat.Office.Head;

        // Exactly when they are due, an entry for each login would be written.
        chat.Clock.Advance(TimeSpan.FromDays(30) + TimeSpan.FromHours(1));
        await sweep.SweepAsync(CancellationToken.None).WithinAsync();
        Assert.Equal(address, chat.Room.Find(amy.Key)!.Host);
        Assert.Equal(head, chat.Office.Head);

        chat.Clock.Advance(TimeSpan.FromDays(1));
        TestSession bob = await chat.LoginAsync("bob");
        head = chat.Office.Head;
        for (int i = 0; i < 3; i++)
            await sweep.SweepAsync(CancellationToken.None).WithinAsync();
        Assert.True(HostAddress.IsForgotten(chat.Room.Find(amy.Key)!.Host));
        Assert.False(HostAddress.IsForgotten(chat.Room.Find(bob.Key)!.Host));
        Assert.Equal(head + 1, chat.Office.Head);
    }

    // Otherwise a snapshot would never come in a chat where nobody does anything.
    [Fact]
    public async Task Work_that_waits_for_a_snapshot_gets_an_entry_and_other_work_does_not()
    {
        await using TestChat chat = await TestChat.StartAsync();
        await chat.LoginAsync("amy");
        var stored = new Stored();
        using PrivacySweep sweep = Sweep(chat, stored);
        long head = chat.Office.Head;
        foreach ((PrivacyStep step, bool hasOld, int entries) in new[]
        {
            (PrivacyStep.NeedsSnapshot, false, 1),
            (PrivacyStep.Working, true, 0),
            (PrivacyStep.Idle, true, 1),
            (PrivacyStep.Idle, false, 0),
        })
        {
            (stored.Step, stored.HasOld) = (step, hasOld);
            await sweep.SweepAsync(CancellationToken.None).WithinAsync();
            Assert.Equal(head += entries, chat.Office.Head);
        }
    }

    private static PrivacySweep Sweep(TestChat chat, IStoredPrivacy? stored = null) => new(
        chat.Room,
        Microsoft.Extensions.Options.Options.Create(chat.Options),
        chat.Clock,
        NullLogger<PrivacySweep>.Instance,
        stored);

    private sealed class Stored : IStoredPrivacy
    {
        internal PrivacyStep Step { get; set; }

        internal bool HasOld { get; set; }

        public ValueTask<bool> HasAddressesAsync(DateTimeOffset before, CancellationToken cancellationToken) => new(HasOld);

        public ValueTask<PrivacyStep> StepAsync(Func<long, Erased, bool> wasErased, CancellationToken cancellationToken) =>
            new(Step);
    }
}
