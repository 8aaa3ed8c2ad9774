using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Web.Admin;

namespace ErlChat.Web.Tests.Admin;

/// <summary>
/// Which try is checked next, and which ones wait. There are budgets per session, address and server, and no user can use them up for an
/// administrator.
/// </summary>
public class PasswordTriesTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void A_session_uses_up_its_tries_and_then_waits()
    {
        using PasswordTries tries = New();
        SessionKey guesser = Key(1);
        for (int i = 0; i < 5; i++)
        {
            PasswordTry one = tries.Add(guesser, "host", "x");
            Assert.Same(one, tries.Next(out _));
        }

        AdminCheck refused = Answer(tries.Add(guesser, "host", "x"));
        Assert.Equal(new AdminCheck(AdminLogin.TooManyTries, TimeSpan.FromSeconds(12)), refused);
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
        Assert.Equal(new AdminCheck(AdminLogin.TooManyTries, TimeSpan.FromSeconds(12)), Answer(tries.Add(guesser, "host", "x")));
        tries.Charge(guesser);
        Assert.Equal(new AdminCheck(AdminLogin.TooManyTries, TimeSpan.FromSeconds(24)), Answer(tries.Add(guesser, "host", "x")));

        // The others at its address do not pay for it.
        Assert.NotNull(Looked(tries, Key(2), "host"));
    }

    [Fact]
    public void A_session_that_has_tried_on_another_node_waits_behind_one_that_has_not()
    {
        using PasswordTries tries = New();
        tries.Charge(Key(1));
        PasswordTry guesser = tries.Add(Key(1), "host", "x");
        PasswordTry administrator = tries.Add(Key(2), "host", "x");
        Assert.Same(administrator, tries.Next(out _));
        Assert.Same(guesser, tries.Next(out _));
    }

    [Fact]
    public void A_session_has_one_try_waiting_at_a_time()
    {
        using PasswordTries tries = New();
        PasswordTry first = tries.Add(Key(1), "host", "x");
        Assert.Equal(new AdminCheck(AdminLogin.TooManyTries, TimeSpan.FromSeconds(1)), Answer(tries.Add(Key(1), "host", "y")));
        Assert.Same(first, tries.Next(out _));
    }

    /// <summary>Previously, five wrong passwords from anyone locked out a real administrator behind the same address.</summary>
    [Fact]
    public void Guessers_at_the_same_address_do_not_lock_out_a_session_with_fewer_tries()
    {
        using PasswordTries tries = New();
        for (int i = 0; i < 20; i++)
            Assert.NotNull(Looked(tries, Key(i % 10), "school"));
        PasswordTry[] guessers = [.. Enumerable.Range(0, 10).Select(i => tries.Add(Key(i), "school", "x"))];
        PasswordTry administrator = tries.Add(Key(100), "school", "right");
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
                    administrator = tries.Add(Key(100), "school", "right");
                PasswordTry guess = tries.Add(Key(i), "school", "x");
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
            PasswordTry first = tries.Add(Key(1), "school", "x"), second = tries.Add(Key(2), "school", "x");
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
            tries.Add(Key(i), $"zombie{i % 6}", "x");
        PasswordTry administrator = tries.Add(Key(100), "home", "right");
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
        PasswordTry[] all = [.. Enumerable.Range(10, 8).Select(i => tries.Add(Key(i), "school", "x"))];
        int looked = 0;
        for (int second = 0; second < 10; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            looked += tries.Next(out _) is null ? 0 : 1;
        }

        Assert.Equal(3, looked);
        Assert.Equal(5, all.Count(one => one.Task.IsCompleted));
        Assert.All(all.Where(one => one.Task.IsCompleted), one => Assert.Equal(AdminLogin.TooManyTries, Answer(one).Login));
        Assert.Equal(0, tries.Count);

        // All five tries are still available.
        _clock.Advance(TimeSpan.FromMinutes(1));
        for (int i = 0; i < 5; i++)
            Assert.NotNull(Looked(tries, all[^1].Session, "school"));
    }

    [Fact]
    public void When_too_many_tries_wait_the_fullest_address_loses_its_oldest()
    {
        using PasswordTries tries = New(options => options.AdminTriesWaiting = 3);
        PasswordTry first = tries.Add(Key(1), "zombie", "x"), other = tries.Add(Key(2), "home", "x");
        PasswordTry newest = tries.Add(Key(3), "zombie", "x");
        PasswordTry late = tries.Add(Key(4), "office", "x");
        Assert.Equal(AdminLogin.TooManyTries, Answer(first).Login);
        Assert.All([newest, other, late], one => Assert.False(one.Task.IsCompleted));
        Assert.Equal(3, tries.Count);
    }

    [Fact]
    public void After_closing_all_waiting_tries_are_answered()
    {
        using PasswordTries tries = New();
        PasswordTry waiting = tries.Add(Key(1), "host", "x");
        tries.Close();
        Assert.Equal(AdminLogin.Unavailable, Answer(waiting).Login);
        Assert.Equal(AdminLogin.Unavailable, Answer(tries.Add(Key(2), "host", "x")).Login);
    }

    private static SessionKey Key(int number) => SessionKey.Of($"session{number}");

    private static AdminCheck Answer(PasswordTry one)
    {
        Assert.True(one.Task.IsCompletedSuccessfully);
        return one.Task.GetAwaiter().GetResult();
    }

    private static PasswordTry? Looked(PasswordTries tries, SessionKey session, string host)
    {
        PasswordTry added = tries.Add(session, host, "x");
        PasswordTry? next = tries.Next(out _);
        Assert.True(next is null || next == added);
        return next;
    }

    private PasswordTries New(Action<AdminOptions>? change = null)
    {
        var options = new AdminOptions();
        change?.Invoke(options);
        return new PasswordTries(options, _clock);
    }
}
