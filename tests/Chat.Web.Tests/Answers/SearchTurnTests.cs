using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace ErlChat.Web.Tests.Answers;

/// <summary>Searches at the door: one at a time for a session, and what is given up is said. S19.</summary>
public class SearchTurnTests
{
    [Fact]
    public async Task A_search_that_takes_too_long_is_refused()
    {
        var history = new SlowHistory { Fails = true };
        await using ChatServerHost server = await StartAsync(history);
        CometClient alice = await server.LoginAsync("alice");
        CometAnswer answer = await alice.GetAsync("/chat/search/?q=word");
        Assert.Equal((HttpStatusCode.OK, "too_slow"), (answer.Status, answer.Error));
    }

    // 20 searches of one client at once made others' wait for seconds.
    [Fact]
    public async Task A_session_searches_one_thing_at_a_time_and_may_not_let_any_number_wait()
    {
        var history = new SlowHistory();
        await using ChatServerHost server = await StartAsync(history);
        CometClient alice = await server.LoginAsync("alice"), bob = await server.LoginAsync("bob");
        Task<CometAnswer>[] hers = [.. Enumerable.Range(0, 8).Select(_ => alice.GetAsync("/chat/search/?q=word"))];
        await Eventually.BeTrueAsync(() => hers.Count(one => one.IsCompleted) == 3);
        Assert.Equal(1, history.Searching);
        Task<CometAnswer> his = bob.GetAsync("/chat/search/?q=word");
        await Eventually.BeTrueAsync(() => history.Searching == 2);
        history.Finish.SetResult();
        Assert.True((await his).IsOk);
        CometAnswer[] answers = await Task.WhenAll(hers);
        Assert.Equal(5, answers.Count(answer => answer.IsOk));
        Assert.All(answers.Where(answer => !answer.IsOk), answer => Assert.Equal(("rate_limited", 1), (answer.Error, answer.Json.GetProperty("retry_after").GetInt32())));
        Assert.Equal(2, history.MostSearching);
    }

    private static Task<ChatServerHost> StartAsync(SlowHistory history) =>
        ChatServerHost.StartAsync(null, builder => builder.Services.AddSingleton<IChatHistory>(history), ChatServerHost.NoLimits);

    private sealed class SlowHistory : IChatHistory
    {
        private int _searching;

        internal bool Fails { get; init; }

        internal TaskCompletionSource Finish { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal int Searching => Volatile.Read(ref _searching);

        internal int MostSearching { get; private set; }

        public void Add(string room, Mail mail)
        {
        }

        public void AddPrivate(SessionKey reader, Mail mail)
        {
        }

        public void Forget(string room)
        {
        }

        public void Forget(SessionKey reader)
        {
        }

        public ValueTask<MailPage> ReadAsync(string room, long before, PageSize size, CancellationToken cancellationToken) => new(new MailPage([], false));

        public ValueTask<MailPage> ReadPrivateAsync(SessionKey reader, Correspondent with, long before, PageSize size, CancellationToken cancellationToken) =>
            new(new MailPage([], false));

        public async ValueTask<MailPage> SearchAsync(SearchQuery query, SearchScope scope, long before, PageSize size, CancellationToken cancellationToken)
        {
            if (Fails)
                throw new SearchTooSlowException();
            MostSearching = Math.Max(MostSearching, Interlocked.Increment(ref _searching));
            await Finish.Task;
            Interlocked.Decrement(ref _searching);
            return new MailPage([], false);
        }
    }
}
