using ErlChat.Delivery;
using ErlChat.Mailboxes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Settings;

namespace ErlChat.Tests;

/// <summary>A post office with one mailbox, without a chat around it; the test is the log reader.</summary>
internal sealed class OneMailbox
{
    internal static readonly SessionKey Owner = SessionKey.Of("owner");

    internal OneMailbox(Action<ChatOptions>? change = null, TimeProvider? time = null, long floor = 0)
    {
        change?.Invoke(Options);
        Time = time ?? new ManualTimeProvider();
        Office = new PostOffice(Microsoft.Extensions.Options.Options.Create(Options), Time);
        Office.Create(Owner, floor);
        Box = Office.Find(Owner)!;
    }

    internal ChatOptions Options { get; } = new();

    internal TimeProvider Time { get; }

    internal ManualTimeProvider Clock => (ManualTimeProvider)Time;

    internal PostOffice Office { get; }

    internal Mailbox Box { get; }

    /// <summary>Delivers mail for each of these sequences, as the chat room does: post, then head.</summary>
    internal void Put(params ReadOnlySpan<long> sequences)
    {
        foreach (long sequence in sequences)
            Put(sequence, new Notice("x", null));
    }

    internal void Put(long sequence, MailContent content)
    {
        Office.Send(Owner, new Mail(sequence, Time.GetUtcNow(), content));
        Office.AdvanceHead(sequence);
    }

    internal Task<MailRead> ReadAsync(long cursor, TimeSpan? patience = null, bool hideListed = true, CancellationToken aborted = default) =>
        Box.ReadAsync(cursor, hideListed, patience ?? Options.PollTimeout, aborted).AsTask();

    /// <summary>Begins a read that must park.</summary>
    internal async Task<Task<MailRead>> ParkAsync(long cursor, TimeSpan? patience = null, CancellationToken aborted = default)
    {
        long before = Office.Parked;
        Task<MailRead> read = ReadAsync(cursor, patience, aborted: aborted);
        await Eventually.BeTrueAsync(() => Office.Parked == before + 1);
        Assert.False(read.IsCompleted);
        return read;
    }

    /// <summary>A read from here gives the mail with these sequences, at once.</summary>
    internal async Task AssertGivesAsync(long cursor, long[] sequences, bool hideListed = true)
    {
        Task<MailRead> read = ReadAsync(cursor, hideListed: hideListed);
        Assert.True(read.IsCompleted);
        Assert.Equal(MailStatus.Mail, (await read).Status);
        Assert.Equal(sequences, (await read).Mail.Select(mail => mail.Sequence));
    }

    internal async Task<MailStatus> StatusAsync(long cursor) => (await ReadAsync(cursor, TimeSpan.Zero).WithinAsync()).Status;

    /// <summary>Nobody is parked, and nothing that a parked reader registers is left over.</summary>
    internal void AssertNothingLeft()
    {
        Assert.Equal(0, Box.Parked);
        Assert.Equal(0, Office.Parked);
        Assert.Equal(0, Clock.Timers);
    }
}
