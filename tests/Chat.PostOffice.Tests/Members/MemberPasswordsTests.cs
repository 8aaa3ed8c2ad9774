using System.ComponentModel.DataAnnotations;
using ErlChat.Members;
using Microsoft.Extensions.Options;

namespace ErlChat.Tests;

/// <summary>Passwords of members: checked, chosen, changed and taken back, also when somebody else does the same at that moment.</summary>
public class MemberPasswordsTests
{
    private const string Good = "correct horse";
    private readonly AwayCredentials _store = new();
    private readonly PlainHashing _hashing = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly MemberOptions _options = new();

    private MemberPasswords Passwords => new(_store, _hashing, Options.Create(_options), _clock);

    [Fact]
    public async Task A_password_is_right_or_wrong()
    {
        await SetAsync(Good);
        Assert.Equal(PasswordResult.Accepted, await CheckAsync("ada", Good));
        Assert.Equal(PasswordResult.Wrong, await CheckAsync("ada", Good + "!"));
        Assert.Equal(PasswordResult.Wrong, await CheckAsync("ada", ""));
    }

    /// <summary>The time that the hash takes tells nobody who is a member: it is computed, and the database asked, in any case.</summary>
    [Fact]
    public async Task Nothing_tells_a_stranger_whether_there_is_such_a_member()
    {
        await SetAsync(Good);
        _hashing.Asked.Clear();
        int finds = _store.Finds;
        Assert.Equal(PasswordResult.Wrong, await CheckAsync("ada", "wrong"));
        Assert.Equal((1, 1), (_hashing.Asked.Count, _store.Finds - finds));
        Assert.Equal(PasswordResult.Wrong, await CheckAsync(null, "wrong"));
        Assert.Equal(PasswordResult.Wrong, await CheckAsync("without a password", "wrong"));
        Assert.Equal((3, 3), (_hashing.Asked.Count, _store.Finds - finds));
        Assert.Equal([true, false, false], _hashing.Asked.Select(asked => asked.HasHash));
        Assert.Equal(3, _hashing.Asked.Select(asked => asked.Who).Distinct().Count());
    }

    /// <summary>Who logs in with an account elsewhere has no password, and can be erased all the same.</summary>
    [Fact]
    public async Task What_cannot_be_undone_is_confirmed_with_the_password_if_there_is_one()
    {
        await SetAsync(Good);
        int finds = _store.Finds;
        Assert.Equal(PasswordResult.Accepted, await ConfirmAsync("without a password", ""));
        Assert.Equal(PasswordResult.Wrong, await ConfirmAsync("ada", ""));

        // Once each.
        Assert.Equal(2, _store.Finds - finds);
        Assert.Equal(PasswordResult.Accepted, await ConfirmAsync("ada", Good));
        _store.IsAway = true;
        Assert.Equal(PasswordResult.Unavailable, await ConfirmAsync("without a password", ""));

        async Task<PasswordResult> ConfirmAsync(string userId, string password) =>
            (await Passwords.ConfirmAsync(userId, "nick", "host", password)).Result;
    }

    [Fact]
    public void Tries_are_counted_by_person_and_address_however_a_nick_that_is_nobodys_is_spelled()
    {
        Assert.Equal(Guesser.Of(null, "Bob", "a"), Guesser.Of(null, "bOB", "a"));
        Assert.Equal(Guesser.Of(null, "Bob", "a"), Guesser.Of(null, "  Bob\t", "a"));
        Assert.Equal(Guesser.Of("ada", "Ada", "a"), Guesser.Of("ada", "ada2", "a"));
        Assert.NotEqual(Guesser.Of("ada", "Ada", "a"), Guesser.Of("ada", "Ada", "b"));
        Assert.NotEqual(Guesser.Of(null, "Bob", "a"), Guesser.Of("Bob", "Bob", "a"));
        Assert.Equal(64, Guesser.Of(null, new string('x', 100_000), "a").Person.Length);
    }

    [Theory]
    [InlineData("seven77", PasswordResult.TooShort)]
    [InlineData("", PasswordResult.TooShort)]
    [InlineData("👩👩👩👩👩👩👩", PasswordResult.TooShort)]
    [InlineData("LovelaceAda", PasswordResult.IsNick)]
    [InlineData(" lovelaceada ", PasswordResult.IsNick)]
    [InlineData("eight888", PasswordResult.Accepted)]
    [InlineData("👩👩👩👩👩👩👩👩", PasswordResult.Accepted)]
    [InlineData("\ud800\ud800\ud800\ud800\ud800\ud800\ud800\ud800", PasswordResult.Accepted)]
    public async Task A_new_password_has_a_length_and_is_not_the_nick(string password, PasswordResult result)
    {
        Assert.Equal(result, (await Passwords.SetFirstAsync("ada", "LovelaceAda", "host", password)).Result);
        Assert.Equal(result == PasswordResult.Accepted, await _store.FindPasswordAsync("ada", default) is not null);
        Assert.Equal(result == PasswordResult.Accepted ? 1 : 0, _hashing.Asked.Count);
    }

    [Fact]
    public void A_new_password_has_at_most_128_characters_however_many_bytes_these_take()
    {
        Assert.Null(Passwords.FaultOf(new string('x', 128), "ada"));
        Assert.Null(Passwords.FaultOf(string.Concat(Enumerable.Repeat("👩", 128)), "ada"));
        Assert.Equal(PasswordResult.TooLong, Passwords.FaultOf(new string('x', 129), "ada"));
        Assert.Equal(PasswordResult.TooLong, Passwords.FaultOf(string.Concat(Enumerable.Repeat("👩", 129)), "ada"));
        Assert.Equal(PasswordResult.TooLong, Passwords.FaultOf(new string('x', 10_000_000), "ada"));
    }

    [Fact]
    public void The_shortest_length_is_an_option()
    {
        _options.MinPasswordLength = 12;
        Assert.Equal(PasswordResult.TooShort, Passwords.FaultOf("eleven chars"[..11], "ada"));
        Assert.Null(Passwords.FaultOf("twelve chars", "ada"));
    }

    [Fact]
    public void Every_option_has_a_range_and_its_default_is_within()
    {
        foreach (System.Reflection.PropertyInfo property in typeof(MemberOptions).GetProperties())
            Assert.True(property.IsDefined(typeof(RangeAttribute), inherit: false), property.Name);
        Assert.True(Validator.TryValidateObject(_options, new ValidationContext(_options), null, validateAllProperties: true));
        Assert.Equal((8, TimeSpan.FromDays(1), 5, 20, 20, 120, 100, TimeSpan.FromSeconds(10)), (
            _options.MinPasswordLength, _options.ResetLinkLifetime, _options.PasswordTriesPerGuesser, _options.PasswordTriesPerPerson,
            _options.PasswordTriesPerAddress, _options.PasswordTriesPerServer, _options.PasswordTriesWaiting,
            _options.PasswordTryPatience));
    }

    [Fact]
    public async Task A_first_password_that_came_to_nothing_is_taken_back()
    {
        PasswordAnswer set = await SetAsync(Good);
        await Passwords.TakeBackAsync("ada", set);
        Assert.Null(await _store.FindPasswordAsync("ada", default));
    }

    /// <summary>A guest becomes a member on two devices at once; the entry of the first is accepted, that of the second refused.</summary>
    [Fact]
    public async Task Of_two_first_passwords_the_one_whose_entry_is_accepted_stays()
    {
        await SetAsync(Good);
        PasswordAnswer second = await SetAsync("another horse");
        await Passwords.TakeBackAsync("ada", second);
        Assert.Equal(PasswordResult.Accepted, await CheckAsync("ada", Good));
        Assert.Equal(PasswordResult.Wrong, await CheckAsync("ada", "another horse"));

        PasswordAnswer refused = await SetAsync("third horse");
        await SetAsync("fourth horse");
        await Passwords.TakeBackAsync("ada", refused);
        Assert.Equal(PasswordResult.Accepted, await CheckAsync("ada", "fourth horse"));
    }

    [Fact]
    public async Task What_was_refused_takes_nothing_back()
    {
        await SetAsync(Good);
        await Passwords.TakeBackAsync("ada", await SetAsync("short"));
        Assert.Equal(PasswordResult.Accepted, await CheckAsync("ada", Good));
    }

    [Fact]
    public async Task A_password_is_changed_by_who_knows_it()
    {
        await SetAsync(Good);
        DateTimeOffset first = (await _store.FindPasswordAsync("ada", default))!.ChangedAt;
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(PasswordResult.Wrong, await ChangeAsync("wrong", "battery staple"));
        Assert.Equal(PasswordResult.TooShort, await ChangeAsync(Good, "short"));
        Assert.Equal(PasswordResult.Accepted, await CheckAsync("ada", Good));
        Assert.Equal(PasswordResult.Accepted, await ChangeAsync(Good, "battery staple"));
        Assert.Equal(PasswordResult.Accepted, await CheckAsync("ada", "battery staple"));
        Assert.Equal(PasswordResult.Wrong, await CheckAsync("ada", Good));
        Assert.Equal(first.AddHours(1), (await _store.FindPasswordAsync("ada", default))!.ChangedAt);
    }

    [Fact]
    public async Task A_change_fails_if_another_came_first()
    {
        await SetAsync(Good);
        _hashing.Meanwhile = () => ReplaceAsync("#the other's choice");
        Assert.Equal(PasswordResult.Wrong, await ChangeAsync(Good, "battery staple"));
        Assert.Equal("#the other's choice", (await _store.FindPasswordAsync("ada", default))!.Hash);
    }

    [Fact]
    public async Task A_change_succeeds_if_a_login_has_renewed_the_hash_in_the_meantime()
    {
        await SetAsync(Good);
        _hashing.Meanwhile = () => _store.RenewHashAsync("ada", "#" + Good, "renewed").AsTask();
        Assert.Equal(PasswordResult.Accepted, await ChangeAsync(Good, "battery staple"));
        Assert.Equal("#battery staple", (await _store.FindPasswordAsync("ada", default))!.Hash);
    }

    /// <summary>A check may wait for ten seconds. Who changes a password because somebody else knows it must not let that one in.</summary>
    [Fact]
    public async Task A_password_that_is_changed_while_it_is_checked_does_not_let_anybody_in()
    {
        await SetAsync(Good);
        _hashing.Meanwhile = () => ReplaceAsync("#new");
        Assert.Equal(PasswordResult.Wrong, await CheckAsync("ada", Good));
        await SetAsync(Good);
        _hashing.Meanwhile = () => _store.EraseAsync("ada").AsTask();
        Assert.Equal(PasswordResult.Wrong, await CheckAsync("ada", Good));
    }

    [Fact]
    public async Task A_login_renews_a_hash_that_is_weaker_than_those_of_today()
    {
        await _store.ReplacePasswordAsync("ada", null, new StoredPassword("weak#" + Good, _clock.GetUtcNow()));
        Assert.Equal(PasswordResult.Wrong, await CheckAsync("ada", "wrong"));
        Assert.Equal("weak#" + Good, (await _store.FindPasswordAsync("ada", default))!.Hash);
        Assert.Equal(PasswordResult.Accepted, await CheckAsync("ada", Good));
        Assert.Equal("#" + Good, (await _store.FindPasswordAsync("ada", default))!.Hash);
        Assert.Equal(PasswordResult.Accepted, await CheckAsync("ada", Good));
    }

    [Fact]
    public async Task Without_the_database_everything_is_unavailable_and_nothing_changes()
    {
        PasswordAnswer set = await SetAsync(Good);
        _store.IsAway = true;
        Assert.Equal(PasswordResult.Unavailable, await CheckAsync("ada", Good));
        Assert.Equal(PasswordResult.Unavailable, (await Passwords.SetFirstAsync("ada", "ada", "host", "battery staple")).Result);
        Assert.Equal(PasswordResult.Unavailable, await ChangeAsync(Good, "battery staple"));
        await Passwords.TakeBackAsync("ada", set);
        _store.IsAway = false;
        Assert.Equal(PasswordResult.Accepted, await CheckAsync("ada", Good));

        _hashing.Meanwhile = () => Task.FromResult(_store.IsAway = true);
        Assert.Equal(PasswordResult.Unavailable, await CheckAsync("ada", Good));
    }

    [Theory]
    [InlineData(HashEnd.TooManyTries, PasswordResult.TooManyTries)]
    [InlineData(HashEnd.Unavailable, PasswordResult.Unavailable)]
    public async Task What_could_not_be_hashed_is_refused_with_the_time_to_wait(HashEnd end, PasswordResult result)
    {
        await SetAsync(Good);
        _hashing.Answer = new HashAnswer(end, Wait: TimeSpan.FromSeconds(12));
        var refused = new PasswordAnswer(result, TimeSpan.FromSeconds(12));
        Assert.Equal(refused, await Passwords.CheckAsync("ada", "ada", "host", Good));
        Assert.Equal(refused, await Passwords.SetFirstAsync("ada", "ada", "host", "battery staple"));
        Assert.Equal(refused, await Passwords.ChangeAsync("ada", "ada", "host", Good, "battery staple"));
        _hashing.Answer = null;
        Assert.Equal(PasswordResult.Accepted, await CheckAsync("ada", Good));
    }

    private Task<PasswordAnswer> SetAsync(string password) => Passwords.SetFirstAsync("ada", "ada", "host", password).WithinAsync();

    private async Task<PasswordResult> CheckAsync(string? userId, string password) =>
        (await Passwords.CheckAsync(userId, userId ?? "nobody", "host", password).WithinAsync()).Result;

    private async Task<PasswordResult> ChangeAsync(string password, string next) =>
        (await Passwords.ChangeAsync("ada", "ada", "host", password, next).WithinAsync()).Result;

    private async Task ReplaceAsync(string hash)
    {
        StoredPassword there = (await _store.FindPasswordAsync("ada", default))!;
        await _store.ReplacePasswordAsync("ada", there.Hash, new StoredPassword(hash, there.ChangedAt.AddSeconds(1)));
    }
}
