using ErlChat.Sessions;
using ErlChat.Web.Answers;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Tests.Answers;

/// <summary>The bounds of unread bytes by themselves.</summary>
public class UnreadAnswersTests
{
    private readonly ManualTimeProvider _clock = new();

    // With one request waiting, everybody else of the address was refused, and on the lane cut off.
    [Fact]
    public async Task Who_waits_stands_in_nobodys_way()
    {
        UnreadAnswers unread = New();
        IDisposable first = Assert.IsType<IDisposable>(unread.TryHold(Reader(1, "school"), 60), exactMatch: false);
        ValueTask<IDisposable?> waiting = unread.HoldAsync(Reader(1, "school"), 60, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        Assert.NotNull(unread.TryHold(Reader(1, "school"), 30));
        Assert.NotNull(unread.TryHold(Reader(2, "school"), 30));
        first.Dispose();
        first.Dispose();
        Assert.NotNull(await waiting);
        Assert.Null(unread.TryHold(Reader(1, "school"), 30));
        Assert.Equal((1, 0), (unread.Refused, unread.Waiting));
    }

    [Fact]
    public async Task Patience_has_an_end_and_so_has_the_queue()
    {
        UnreadAnswers unread = New();
        Assert.NotNull(unread.TryHold(Reader(1, "school"), 100));
        Task<IDisposable?>[] waiting = [.. Enumerable.Range(0, 5).Select(_ => unread.HoldAsync(Reader(1, "school"), 100, default).AsTask())];
        Assert.Null(await waiting[4]);
        Assert.Equal(4, unread.Waiting);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.All(await Task.WhenAll(waiting), Assert.Null);
        Assert.Equal((5, 0), (unread.Refused, unread.Waiting));
    }

    // A notice of more than 64 KiB, and bounds of 16 KiB: the framework's limiter threw.
    [Fact]
    public void What_is_longer_than_a_bound_takes_all_of_it()
    {
        UnreadAnswers unread = New();
        IDisposable? all = unread.TryHold(Reader(1, "school"), 1000);
        Assert.NotNull(all);
        Assert.Null(unread.TryHold(Reader(1, "school"), 1));
        all.Dispose();
        Assert.NotNull(unread.TryHold(Reader(1, "school"), 100));
    }

    [Fact]
    public void Addresses_and_the_server_have_bounds_too()
    {
        UnreadAnswers unread = New();
        Assert.NotNull(unread.TryHold(Reader(1, "school"), 100));
        Assert.NotNull(unread.TryHold(Reader(2, "school"), 100));
        Assert.Null(unread.TryHold(Reader(3, "school"), 1));
        Assert.NotNull(unread.TryHold(Reader(4, "home"), 100));
        Assert.NotNull(unread.TryHold(new AnswerReader(default, "office"), 100));
        Assert.Null(unread.TryHold(Reader(5, "ship"), 1));
    }

    private static AnswerReader Reader(int session, string address) => new(SessionKey.Of($"session{session}"), address);

    private UnreadAnswers New() => new(
        Options.Create(new AnswerOptions { MaxUnreadPerSession = 100, MaxUnreadPerAddress = 200, MaxUnreadTotal = 400, SendTimeout = TimeSpan.FromSeconds(10) }),
        _clock);
}
