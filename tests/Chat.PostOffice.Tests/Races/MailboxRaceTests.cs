using ErlChat.Mailboxes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.Tests;

/// <summary>
/// Pairs of things that happen to one mailbox at the same time. Polls would last minutes while the tests' deadline is seconds, so that a lost
/// wake is seen, and not covered up by the poll after it.
/// </summary>
public class MailboxRaceTests
{
    private const int Rounds = 4000;

    // Invariant 4: no mail comes between looking and parking.
    [Fact]
    public Task Mail_that_comes_while_a_reader_parks_is_read() => RaceAsync(async (racers, random) =>
    {
        var one = new OneMailbox();
        Task<MailRead> read = null!;
        racers.Meet(random, () => read = one.ReadAsync(1), () => one.Put(1));
        Assert.Equal(MailStatus.Mail, (await read.WithinAsync()).Status);
        return one;
    });

    // Invariants 3 and 5: whichever is first, the wait ends once and the mail stays.
    [Fact]
    public Task Mail_that_comes_with_the_time_out_is_not_lost() => RaceAsync(async (racers, random) =>
    {
        var one = new OneMailbox();
        Task<MailRead> read = one.ReadAsync(1);
        racers.Meet(random, () => one.Clock.Advance(one.Options.PollTimeout), () => one.Put(1));
        MailStatus status = (await read.WithinAsync()).Status;
        Assert.True(status is MailStatus.Mail or MailStatus.Timeout, status.ToString());
        await one.AssertGivesAsync(1, [1]);
        return one;
    });

    [Fact]
    public Task Mail_that_comes_with_the_abort_is_not_lost() => RaceAsync(async (racers, random) =>
    {
        var one = new OneMailbox();
        using var abort = new CancellationTokenSource();
        Task<MailRead> read = one.ReadAsync(1, aborted: abort.Token);
        racers.Meet(random, abort.Cancel, () => one.Put(1));
        MailStatus status = (await read.WithinAsync()).Status;
        Assert.True(status is MailStatus.Mail or MailStatus.Aborted, status.ToString());
        Assert.Equal(0, Registrations.On(abort));
        await one.AssertGivesAsync(1, [1]);
        return one;
    });

    [Fact]
    public Task A_reader_that_goes_away_while_it_parks_is_not_left_parked() => RaceAsync(async (racers, random) =>
    {
        var one = new OneMailbox();
        using var abort = new CancellationTokenSource();
        Task<MailRead> read = null!;
        racers.Meet(random, () => read = one.ReadAsync(1, aborted: abort.Token), abort.Cancel);
        Assert.Equal(MailStatus.Aborted, (await read.WithinAsync()).Status);
        return one;
    });

    [Fact]
    public Task Mail_that_comes_while_one_reader_supersedes_another_is_read_by_the_one_that_stays() => RaceAsync(async (racers, random) =>
    {
        var one = new OneMailbox(options => options.MaxWaitsPerSession = 1);
        Task<MailRead> first = one.ReadAsync(1);
        Task<MailRead> second = null!;
        racers.Meet(random, () => second = one.ReadAsync(1), () => one.Put(1));
        MailStatus status = (await first.WithinAsync()).Status;
        Assert.True(status is MailStatus.Mail or MailStatus.Superseded, status.ToString());
        Assert.Equal(MailStatus.Mail, (await second.WithinAsync()).Status);
        return one;
    });

    [Fact]
    public Task Readers_that_park_together_over_the_cap_leave_exactly_the_cap() => RaceAsync(async (racers, random) =>
    {
        var one = new OneMailbox(options => options.MaxWaitsPerSession = 1);
        Task<MailRead> first = null!, second = null!;
        racers.Meet(random, () => first = one.ReadAsync(1), () => second = one.ReadAsync(1));
        Assert.Equal(MailStatus.Superseded, (await (await Task.WhenAny(first, second).WithinAsync())).Status);
        Assert.Equal(1, one.Box.Parked);
        one.Put(1);
        MailRead[] reads = await Task.WhenAll(first, second).WithinAsync();
        Assert.Single(reads, read => read.Status == MailStatus.Mail);
        return one;
    });

    // Invariant 9: the notice of a kick is read, and then the end, whenever the reader comes.
    [Fact]
    public Task A_notice_and_the_close_behind_it_are_both_read() => RaceAsync(async (racers, random) =>
    {
        var one = new OneMailbox();
        Task<MailRead> read = null!;
        racers.Meet(
            random,
            () => read = one.ReadAsync(1),
            () =>
            {
                one.Put(1, new Notice("You have been kicked", null));
                one.Box.Close(CloseReason.Kicked, keepMail: true);
            });
        Assert.Equal(MailStatus.Mail, (await read.WithinAsync()).Status);
        Assert.Equal(MailStatus.Closed, (await one.ReadAsync(2).WithinAsync()).Status);
        return one;
    });

    [Fact]
    public Task A_reader_that_parks_while_the_session_ends_finds_it_ended() => RaceAsync(async (racers, random) =>
    {
        var one = new OneMailbox();
        Task<MailRead> read = null!;
        racers.Meet(random, () => read = one.ReadAsync(1), () => one.Box.Close(CloseReason.Left, keepMail: false));
        Assert.Equal(MailStatus.Closed, (await read.WithinAsync()).Status);
        return one;
    });

    // Invariant 10: nobody slips in behind the sweep.
    [Fact]
    public Task A_reader_that_parks_while_the_server_stops_is_answered() => RaceAsync(async (racers, random) =>
    {
        var one = new OneMailbox();
        Task<MailRead> read = null!;
        racers.Meet(random, () => read = one.ReadAsync(1), one.Office.StopAdmitting);
        Assert.Equal(MailStatus.Stopping, (await read.WithinAsync()).Status);
        return one;
    });

    // Invariant 5: everything at once, and each waiter ends once, with one reason.
    [Fact]
    public Task Whatever_comes_together_every_reader_ends() => RaceAsync(
        async (racers, random) =>
        {
            var one = new OneMailbox(options => options.MaxWaitsPerSession = 2);
            using var abort = new CancellationTokenSource();
            Task<MailRead>[] reads = [one.ReadAsync(1), one.ReadAsync(1, aborted: abort.Token), null!];
            racers.Meet(
                random,
                () => reads[2] = one.ReadAsync(1),
                () => one.Put(1),
                abort.Cancel,
                () => one.Clock.Advance(one.Options.PollTimeout),
                random.Next(2) == 0 ? one.Office.StopAdmitting : () => one.Box.Close(CloseReason.Kicked, keepMail: true));
            await Task.WhenAll(reads).WithinAsync();
            return one;
        },
        racers: 5,
        rounds: Rounds / 4);

    // Invariant 6: the sweep takes a session, or leaves it its parked reader; never both, never neither.
    [Fact]
    public Task An_idle_session_that_parks_is_either_evicted_or_parked() => RaceAsync(async (racers, random) =>
    {
        var one = new OneMailbox();
        one.Clock.Advance(one.Options.IdleLimit);
        Task<MailRead> read = null!;
        List<SessionKey> evicted = null!;
        racers.Meet(random, () => read = one.ReadAsync(1), () => evicted = one.Office.EvictIdle());
        if (evicted.Count == 1)
        {
            Assert.Equal(CloseReason.Timeout, (await read.WithinAsync()).Reason);
            return one;
        }

        Assert.False(read.IsCompleted);
        Assert.Empty(one.Office.EvictIdle());
        one.Put(1);
        Assert.Equal(MailStatus.Mail, (await read.WithinAsync()).Status);
        return one;
    });

    private static Task RaceAsync(Func<Racers, Random, Task<OneMailbox>> round, int racers = 2, int rounds = Rounds) => Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        long started = TimeProvider.System.GetTimestamp();
        using var threads = new Racers(racers);
        for (int i = 0; i < rounds && TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(4); i++)
        {
            OneMailbox one = await round(threads, random);
            one.AssertNothingLeft();
        }
    });
}
