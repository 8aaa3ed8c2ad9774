using ErlChat.Interleavings;
using Microsoft.Coyote;
using Microsoft.Coyote.Logging;
using Microsoft.Coyote.SystematicTesting;

namespace ErlChat.Tests;

/// <summary>
/// Mailboxes and waiters under a scheduler that decides, before each access to a field and at each lock, which thread goes on (Coyote,
/// docs/adr/0014). A fault that threads find once in a million rounds is found in some dozens here, and again with the same seed.
/// </summary>
/// <remarks>Orders of accesses are tried, not what a processor makes of them: for that there are the race tests, on real threads.</remarks>
public class MailboxInterleavingTests
{
    private const int Orders = 100;

    [Fact]
    public void Mail_that_comes_while_a_reader_parks_is_read() => AssertHolds(MailboxScenarios.MailWhileAReaderParks);

    [Fact]
    public void A_reader_that_leaves_while_it_parks_is_not_left_parked() => AssertHolds(MailboxScenarios.AReaderLeavesWhileItParks);

    [Fact]
    public void Mail_that_comes_with_the_timeout_is_not_lost() => AssertHolds(MailboxScenarios.MailWithTheTimeout);

    [Fact]
    public void Whatever_comes_at_once_each_read_ends_once() => AssertHolds(MailboxScenarios.EverythingAtOnce);

    [Fact]
    public void A_stop_ends_whoever_parks() => AssertHolds(MailboxScenarios.AStopWhileAReaderParks);

    /// <summary>Without it, tests that explore nothing would pass.</summary>
    [Fact]
    public void A_fault_that_only_some_orders_show_is_found() =>
        Assert.Equal(1, Explore(MailboxScenarios.ALostUpdate, seed: 1).NumOfFoundBugs);

    private static void AssertHolds(Func<Task> scenario) => Seeds.Run(seed =>
    {
        TestReport report = Explore(scenario, seed);
        Assert.True(report.NumOfFoundBugs == 0, string.Join('\n', report.BugReports));
        Assert.Empty(report.UncontrolledInvocations);
    });

    private static TestReport Explore(Func<Task> scenario, int seed)
    {
        Configuration how = Configuration.Create()
            .WithTestingIterations(Orders)
            .WithRandomGeneratorSeed(unchecked((uint)seed))
            .WithMemoryAccessRaceCheckingEnabled(true)
            .WithVerbosityEnabled(VerbosityLevel.None)
            .WithTelemetryEnabled(false);
        using var engine = TestingEngine.Create(how, scenario);
        engine.Run();
        return engine.TestReport;
    }
}
