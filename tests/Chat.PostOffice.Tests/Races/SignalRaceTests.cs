using ErlChat.Mailboxes;
using ErlChat.Names;

namespace ErlChat.Tests;

/// <summary>Signals of typing and mail that come while a reader polls.</summary>
public class SignalRaceTests
{
    /// <summary>Every mail is read once and in order, and the last signal is always heard, whatever comes first.</summary>
    [Fact]
    public Task Signals_lose_no_mail_and_the_last_one_is_heard() => Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        for (int round = 1; round <= 1000; round++)
        {
            var one = new OneMailbox();
            int spin = random.Next(200);
            var signal = new TypingSignal(round, "den", new Person("ann", "ann", "1"), IsOn: true);
            Task signalling = Task.Run(() =>
            {
                Thread.SpinWait(spin);
                var woken = new WakeBatch(Wake.Mail);
                one.Box.Signal(signal, ref woken);
                woken.Send();
            });
            Task posting = Task.Run(() => one.Put(1));
            var waiter = new Waiter { SeenSignal = 0 };
            long cursor = 1;
            while (cursor == 1 || waiter.SeenSignal == 0)
            {
                MailRead read = await one.Box.ReadAsync(cursor, hideListed: false, waiter).AsTask().WithinAsync();
                if (read.Status == MailStatus.Typing)
                {
                    Assert.Same(signal, read.Signal);
                    Assert.Equal(0, waiter.SeenSignal);
                    waiter.SeenSignal = read.Signal!.Number;
                }
                else
                {
                    Assert.Equal(1, Assert.Single(read.Mail).Sequence);
                    cursor = 2;
                }
            }

            await Task.WhenAll(signalling, posting).WithinAsync();
        }
    });
}
