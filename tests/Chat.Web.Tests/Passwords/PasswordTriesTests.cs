using ErlChat.Sessions;
using ErlChat.Web.Admin;
using ErlChat.Web.Passwords;
using Microsoft.Extensions.Caching.Memory;

namespace ErlChat.Web.Tests.Passwords;

/// <summary>
/// Which try is checked next, and which ones wait. There are budgets per session, address and server, and no user can use them up for an
/// administrator.
/// </summary>
public sealed class PasswordTriesTests : IDisposable
{
    private static readonly Action s_nothing = static () => { };

    private readonly ManualTimeProvider _clock = new();
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = 1000 });

    public void Dispose() => _cache.Dispose();

    [Fact]
    public void A_session_uses_up_its_tries_and_then_waits()
    {
        using PasswordTries tries = New();
        SessionKey guesser = Key(1);
        for (int i = 0; i < 5; i++)
        {
            PasswordTry one = tries.Add(guesser, "host", s_nothing);
            Assert.Same(one, tries.Next(out _));
        }

        TryAnswer refused = Answer(tries.Add(guesser, "host", s_nothing));
        Assert.Equal(new TryAnswer(TryEnd.TooMany, TimeSpan.FromSeconds(12)), refused);
        _clock.Advance(TimeSpan.FromSeconds(12));
        Assert.NotNull(Looked(tries, guesser, "host"));
    }

    [Fact]
    public void What_a_session_has_tried_on_other_nodes_counts_and_is_owed()
    {
        using PasswordTries tries = New();
        SessionKey guesser = Key(1);
        Assert.NotNull(Looked(tries, guesser, "host"));
        for (int i = 0; i < 4; i++)
            tries.Charge(guesser);
        Assert.Equal(new TryAnswer(TryEnd.TooMany, TimeSpan.FromSeconds(12)), Answer(tries.Add(guesser, "host", s_nothing)));
        tries.Charge(guesser);
        Assert.Equal(new TryAnswer(TryEnd.TooMany, TimeSpan.FromSeconds(24)), Answer(tries.Add(guesser, "host", s_nothing)));

        // The others at its address do not pay for it.
        Assert.NotNull(Looked(tries, Key(2), "host"));
    }

    [Fact]
    public void A_session_that_has_tried_on_another_node_waits_behind_one_that_has_not()
    {
        using PasswordTries tries = New();
        tries.Charge(Key(1));
        PasswordTry guesser = tries.Add(Key(1), "host", s_nothing);
        PasswordTry administrator = tries.Add(Key(2), "host", s_nothing);
        Assert.Same(administrator, tries.Next(out _));
        Assert.Same(guesser, tries.Next(out _));
    }

    [Fact]
    public void A_session_has_one_try_waiting_at_a_time()
    {
        using PasswordTries tries = New();
        PasswordTry first = tries.Add(Key(1), "host", s_nothing);
        Assert.Equal(new TryAnswer(TryEnd.TooMany, TimeSpan.FromSeconds(1)), Answer(tries.Add(Key(1), "host", s_nothing)));
        Assert.Same(first, tries.Next(out _));
    }

    /// <summary>Previously, five wrong passwords from anyone locked out a real administrator behind the same address.</summary>
    [Fact]
    public void Guessers_at_the_same_address_do_not_lock_out_a_session_with_fewer_tries()
    {
        using PasswordTries tries = New();
        for (int i = 0; i < 20; i++)
            Assert.NotNull(Looked(tries, Key(i % 10), "school"));
        PasswordTry[] guessers = [.. Enumerable.Range(0, 10).Select(i => tries.Add(Key(i), "school", s_nothing))];
        PasswordTry administrator = tries.Add(Key(100), "school", s_nothing);
        Assert.Null(tries.Next(out TimeSpan pause));
        _clock.Advance(pause);
        Assert.Same(administrator, tries.Next(out _));
        Assert.Null(tries.Next(out _));
        Assert.All(guessers, one => Assert.False(one.Task.IsCompleted));
    }

    /// <summary>
    /// Previously, the newest of equals went first. One of six sessions of an address that tried every 18 s was always newer than the
    /// administrator.
    /// </summary>
    [Fact]
    public void Guessers_that_let_their_budget_refill_lock_nobody_out()
    {
        using PasswordTries tries = New();
        PasswordTry? administrator = null;
        for (int round = 0; round < 40; round++)
        {
            for (int i = 0; i < 6; i++)
            {
                _clock.Advance(TimeSpan.FromSeconds(3));
                if (round == 39 && i == 0)
                    administrator = tries.Add(Key(100), "school", s_nothing);
                PasswordTry guess = tries.Add(Key(i), "school", s_nothing);
                PasswordTry? next = tries.Next(out _);
                if (round < 39)
                    Assert.Same(guess, next);
                else if (i == 0)
                    Assert.Same(administrator, next);
            }
        }
    }

    [Fact]
    public void Among_equals_the_next_try_is_chosen_at_random()
    {
        int newest = 0;
        for (int i = 0; i < 60; i++)
        {
            using PasswordTries tries = New();
            PasswordTry first = tries.Add(Key(1), "school", s_nothing), second = tries.Add(Key(2), "school", s_nothing);
            PasswordTry next = tries.Next(out _)!;
            newest += next == second ? 1 : 0;
            Assert.Same(next == second ? first : second, tries.Next(out _));
            Assert.Null(tries.Next(out TimeSpan pause));
            Assert.Equal(Timeout.InfiniteTimeSpan, pause);
        }

        Assert.InRange(newest, 1, 59);
    }

    [Fact]
    public void The_address_with_fewer_tries_goes_first_when_the_server_has_none_left()
    {
        using PasswordTries tries = New();
        for (int i = 0; i < 60; i++)
            Assert.NotNull(Looked(tries, Key(i), $"zombie{i % 6}"));
        for (int i = 60; i < 90; i++)
            tries.Add(Key(i), $"zombie{i % 6}", s_nothing);
        PasswordTry administrator = tries.Add(Key(100), "home", s_nothing);
        Assert.Null(tries.Next(out TimeSpan pause));
        Assert.Equal(TimeSpan.FromSeconds(1), pause);
        _clock.Advance(pause);
        Assert.Same(administrator, tries.Next(out _));
    }

    [Fact]
    public void A_session_that_waited_too_long_is_refused_without_using_a_try()
    {
        using PasswordTries tries = New();
        for (int i = 0; i < 20; i++)
            Assert.NotNull(Looked(tries, Key(i % 4), "school"));
        PasswordTry[] all = [.. Enumerable.Range(10, 8).Select(i => tries.Add(Key(i), "school", s_nothing))];
        int looked = 0;
        for (int second = 0; second < 10; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            looked += tries.Next(out _) is null ? 0 : 1;
        }

        Assert.Equal(3, looked);
        Assert.Equal(5, all.Count(one => one.Task.IsCompleted));
        Assert.All(all.Where(one => one.Task.IsCompleted), one => Assert.Equal(TryEnd.TooMany, Answer(one).End));
        Assert.Equal(0, tries.Count);

        // All five tries are still available.
        _clock.Advance(TimeSpan.FromMinutes(1));
        for (int i = 0; i < 5; i++)
            Assert.NotNull(Looked(tries, all[^1].Trier, "school"));
    }

    [Fact]
    public void When_too_many_tries_wait_the_fullest_address_loses_its_oldest()
    {
        using PasswordTries tries = New(options => options.AdminTriesWaiting = 3);
        PasswordTry first = tries.Add(Key(1), "zombie", s_nothing), other = tries.Add(Key(2), "home", s_nothing);
        PasswordTry newest = tries.Add(Key(3), "zombie", s_nothing);
        PasswordTry late = tries.Add(Key(4), "office", s_nothing);
        Assert.Equal(TryEnd.TooMany, Answer(first).End);
        Assert.All([newest, other, late], one => Assert.False(one.Task.IsCompleted));
        Assert.Equal(3, tries.Count);
    }

    /// <summary>Guessers with many addresses share what a person's password may be tried, and others do not notice.</summary>
    [Fact]
    public void The_tries_of_a_persons_password_are_limited_whatever_addresses_they_come_from()
    {
        using PasswordTries tries = NewForPersons(3);
        SessionKey ada = Key(500);
        for (int i = 0; i < 3; i++)
            Assert.NotNull(Looked(tries, Key(i), $"zombie{i}", ada));
        PasswordTry guess = tries.Add(Key(3), "zombie3", s_nothing, ada);
        Assert.Null(tries.Next(out TimeSpan pause));
        Assert.Equal(TimeSpan.FromSeconds(20), pause);
        PasswordTry other = tries.Add(Key(4), "zombie3", s_nothing, Key(501));
        Assert.Same(other, tries.Next(out _));
        Assert.False(guess.Task.IsCompleted);
    }

    /// <summary>Otherwise anybody with some addresses could keep a member out of the chat for as long as they like.</summary>
    [Fact]
    public void Guessers_do_not_lock_out_a_person_who_has_logged_in_from_that_address_before()
    {
        using PasswordTries tries = NewForPersons(3);
        SessionKey ada = Key(500), adaAtHome = Key(100);
        Assert.NotNull(Looked(tries, adaAtHome, "home", ada));
        tries.Know(adaAtHome);
        for (int i = 0; i < 2; i++)
            Assert.NotNull(Looked(tries, Key(i), $"zombie{i}", ada));
        PasswordTry[] guesses = [.. Enumerable.Range(2, 8).Select(i => tries.Add(Key(i), $"zombie{i}", s_nothing, ada))];
        PasswordTry owner = tries.Add(adaAtHome, "home", s_nothing, ada);
        Assert.Same(owner, tries.Next(out _));
        Assert.Null(tries.Next(out _));
        Assert.All(guesses, one => Assert.False(one.Task.IsCompleted));

        // It does not use up what others may try, and has its own limit.
        for (int i = 0; i < 3; i++)
            Assert.NotNull(Looked(tries, adaAtHome, "home", ada, alone: false));
        Assert.Equal(TryEnd.TooMany, Answer(tries.Add(adaAtHome, "home", s_nothing, ada)).End);
    }

    [Fact]
    public void What_was_tried_of_a_person_on_other_nodes_counts()
    {
        using PasswordTries tries = NewForPersons(3);
        SessionKey ada = Key(500);
        for (int i = 0; i < 3; i++)
            tries.Charge(ada);
        tries.Add(Key(1), "host", s_nothing, ada);
        Assert.Null(tries.Next(out TimeSpan pause));
        Assert.Equal(TimeSpan.FromSeconds(20), pause);
    }

    [Fact]
    public void Triers_without_number_do_not_fill_the_memory()
    {
        using PasswordTries tries = New(options => options.AdminTriesWaiting = 1);
        for (int i = 0; i < PasswordTries.MostRemembered + 2000; i++)
        {
            tries.Add(Key(i), "host", s_nothing);
            Assert.True(tries.Remembered <= PasswordTries.MostRemembered);
        }

        Assert.InRange(tries.Remembered, PasswordTries.MostRemembered / 2, PasswordTries.MostRemembered);
    }

    [Fact]
    public void After_closing_all_waiting_tries_are_answered()
    {
        using PasswordTries tries = New();
        PasswordTry waiting = tries.Add(Key(1), "host", s_nothing);
        tries.Close();
        Assert.Equal(TryEnd.Unavailable, Answer(waiting).End);
        Assert.Equal(TryEnd.Unavailable, Answer(tries.Add(Key(2), "host", s_nothing)).End);
    }

    private static SessionKey Key(int number) => SessionKey.Of($"session{number}");

    private static TryAnswer Answer(PasswordTry one)
    {
        Assert.True(one.Task.IsCompletedSuccessfully);
        return one.Task.GetAwaiter().GetResult();
    }

    /// <param name="alone">Whether nobody else waits whose turn it could be.</param>
    private static PasswordTry? Looked(
        PasswordTries tries, SessionKey session, string host, SessionKey? person = null, bool alone = true)
    {
        PasswordTry added = tries.Add(session, host, s_nothing, person);
        PasswordTry? next = tries.Next(out _);
        Assert.True(next is null || next == added || !alone);
        return next;
    }

    private PasswordTries NewForPersons(int tries)
    {
        TryLimits limits = AdminPasswords.LimitsOf(new AdminOptions()) with { PerPerson = tries };
        return new PasswordTries(limits with { Patience = TimeSpan.FromSeconds(30) }, _clock, new KnownTriers(_cache));
    }

    private PasswordTries New(Action<AdminOptions>? change = null)
    {
        var options = new AdminOptions();
        change?.Invoke(options);
        return new PasswordTries(AdminPasswords.LimitsOf(options), _clock);
    }
}
