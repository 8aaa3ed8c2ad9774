using ErlChat.Delivery;
using ErlChat.Mailboxes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Settings;
using Microsoft.Extensions.Options;

namespace ErlChat.Interleavings;

/// <summary>
/// What happens to one mailbox at the same time. Each ends by itself, or a wake was lost, which Coyote reports as a deadlock: nothing has a
/// time limit. A status that may not be is an exception.
/// </summary>
public static class MailboxScenarios
{
    private static readonly SessionKey s_owner = SessionKey.Of("owner");

    /// <summary>Invariant 4: no mail comes between looking and parking.</summary>
    public static async Task MailWhileAReaderParks()
    {
        var one = new Box();
        Task<MailStatus> read = one.ReadInBackground(new Waiter());
        await Task.Run(() => one.Put(1));
        one.Check(await read, MailStatus.Mail);
    }

    /// <summary>The fence in <see cref="Waiter"/>: either the leaver finds the mailbox, or the reader finds that it has left.</summary>
    public static async Task AReaderLeavesWhileItParks()
    {
        var one = new Box();
        var waiter = new Waiter();
        Task<MailStatus> read = one.ReadInBackground(waiter);
        await Task.Run(waiter.Leave);
        one.Check(await read, MailStatus.Aborted);
    }

    /// <summary>Invariant 3: whichever is first, the wait ends once and the mail stays.</summary>
    public static async Task MailWithTheTimeout()
    {
        var one = new Box();
        var waiter = new Waiter();
        Task<MailStatus> read = one.ReadInBackground(waiter);
        Task expire = Task.Run(waiter.Expire);
        await Task.Run(() => one.Put(1));
        await expire;
        one.Check(await read, MailStatus.Mail, MailStatus.Timeout);
        one.Check(await one.ReadInBackground(waiter), MailStatus.Mail);
    }

    /// <summary>Two readers, mail, an abort, a timeout and the end of the session; both reads end once, and nobody stays parked.</summary>
    public static async Task EverythingAtOnce()
    {
        var one = new Box();
        Waiter first = new(), second = new();
        Task<MailStatus> read = one.ReadInBackground(first), other = one.ReadInBackground(second);
        Task[] all =
        [
            Task.Run(() => one.Put(1)),
            Task.Run(first.Expire),
            Task.Run(second.Leave),
            Task.Run(() => one.Mailbox.Close(CloseReason.Left, keepMail: true)),
        ];
        foreach (Task task in all)
            await task;
        one.Check(await read, MailStatus.Mail, MailStatus.Timeout, MailStatus.Closed);
        one.Check(await other, MailStatus.Mail, MailStatus.Aborted, MailStatus.Closed);
        one.CheckNobodyIsParked();
    }

    /// <summary>Invariant 10: a stop finds whoever parks, or whoever parks finds the stop.</summary>
    public static async Task AStopWhileAReaderParks()
    {
        var one = new Box();
        Task<MailStatus> read = one.ReadInBackground(new Waiter());
        await Task.Run(one.Office.StopAdmitting);
        one.Check(await read, MailStatus.Stopping);
        one.CheckNobodyIsParked();
    }

    /// <summary>A fault that only some orders show, under the domain's own lock: whoever explores the others must find it.</summary>
    public static async Task ALostUpdate()
    {
        var gate = new Lock();
        int count = 0;
        Task one = Task.Run(Add);
        await Task.Run(Add);
        await one;
        if (count != 2)
            throw new InvalidOperationException("An update was lost.");

        void Add()
        {
            int before;
            lock (gate)
                before = count;
            lock (gate)
                count = before + 1;
        }
    }

    private sealed class Box
    {
        internal Box()
        {
            Office = new PostOffice(Options.Create(new ChatOptions()), TimeProvider.System);
            Office.Create(s_owner, floor: 0);
            Mailbox = Office.Find(s_owner)!;
        }

        internal PostOffice Office { get; }

        internal Mailbox Mailbox { get; }

        internal Task<MailStatus> ReadInBackground(Waiter waiter) =>
            Task.Run(() => Reads.AwaitAsync(Mailbox.ReadAsync(1, hideListed: true, waiter)));

        /// <summary>Delivers mail as the chat room does: post, then head.</summary>
        internal void Put(long sequence)
        {
            Office.Send(s_owner, new Mail(sequence, default, new Notice("x", null)));
            Office.AdvanceHead(sequence);
        }

        internal void Check(MailStatus found, params ReadOnlySpan<MailStatus> possible)
        {
            if (!possible.Contains(found))
                throw new InvalidOperationException($"A read ended with {found}.");
        }

        internal void CheckNobodyIsParked()
        {
            if (Mailbox.Parked + Office.Parked > 0)
                throw new InvalidOperationException($"{Mailbox.Parked} are parked, and {Office.Parked} are counted.");
        }
    }
}
