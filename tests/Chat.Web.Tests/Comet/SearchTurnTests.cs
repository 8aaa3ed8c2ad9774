using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace ErlChat.Web.Tests.Comet;

/// <summary>Searches over HTTP: each session runs one at a time, and a client is told when its search is given up.</summary>
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

    // Previously, 20 simultaneous searches by one client made others wait for seconds.
    [Fact]
    public async Task A_session_runs_one_search_at_a_time_and_only_a_few_may_wait()
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
        Assert.All(answers.Where(answer => !answer.IsOk), answer => Assert.Equal(
            ("rate_limited", 1), (answer.Error, answer.Json.GetProperty("retry_after").GetInt32())));
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

        public ValueTask<MailPage> ReadAsync(string room, PageStart start, PageSize size, CancellationToken cancellationToken) =>
            new(new MailPage([], false));

        public ValueTask<MailPage> ReadPrivateAsync(
            SessionKey reader, Correspondent with, PageStart start, PageSize size, CancellationToken cancellationToken) =>
            new(new MailPage([], false));

        public ValueTask<AuthorPage> ReadOfAsync(string userId, long before, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<Mail?> FindAsync(long sequence, SessionKey reader, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<ChangesPage> ReadChangesAsync(
            string? room, SessionKey reader, long since, PageSize size, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<IReadOnlyList<EarlierText>> ReadEarlierAsync(long sequence, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<IReadOnlyDictionary<long, MessageReactions>> ReadReactionsAsync(
            IReadOnlyCollection<long> messages, IReadOnlyCollection<string> users, CancellationToken cancellationToken) =>
            new(new Dictionary<long, MessageReactions>());

        public ValueTask<ReactedPage> ReadReactedAsync(
            string? room, SessionKey reader, long since, PageSize size, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<PersonReactions> ReadReactionsOfAsync(string userId, long before, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public async ValueTask<MailPage> SearchAsync(
            SearchQuery query, SearchScope scope, long before, PageSize size, CancellationToken cancellationToken)
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
