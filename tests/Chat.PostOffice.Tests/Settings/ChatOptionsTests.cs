using System.ComponentModel.DataAnnotations;
using ErlChat.Settings;

namespace ErlChat.Tests;

public class ChatOptionsTests
{
    private static readonly ChatOptionsRules s_rules = new();

    [Fact]
    public void The_defaults_are_valid_and_match_the_contract()
    {
        var options = new ChatOptions();
        Assert.Empty(Annotations(options));
        Assert.True(s_rules.Validate(null, options).Succeeded);
        Assert.Equal(
            ("00:00:25", "00:00:05", "00:02:40", "00:00:05", 32, 16, 2000, 10, "00:00:03", 4),
            ($"{options.PollTimeout}", $"{options.PollJitter}", $"{options.IdleLimit}", $"{options.CheckIdle}", options.MaxSessionsPerHost,
                options.MaxNickLength, options.MaxMessageLength, options.RateLimitCount, $"{options.RateLimitWindow}",
                options.MaxWaitsPerSession));
    }

    [Fact]
    public void Every_option_has_a_range_and_its_default_is_within()
    {
        foreach (System.Reflection.PropertyInfo property in typeof(ChatOptions).GetProperties())
        {
            bool isChoice = property.PropertyType.IsEnum && property.IsDefined(typeof(EnumDataTypeAttribute), inherit: false);
            Assert.True(isChoice || property.IsDefined(typeof(RangeAttribute), inherit: false), property.Name);
        }
    }

    [Fact]
    public void Everything_out_of_range_is_reported_at_once()
    {
        var options = new ChatOptions
        {
            PollTimeout = TimeSpan.FromMilliseconds(49),
            StopTimeout = TimeSpan.FromSeconds(1),
            PollJitter = TimeSpan.FromTicks(-1),
            IdleLimit = TimeSpan.FromDays(1) + TimeSpan.FromTicks(1),
            CheckIdle = TimeSpan.Zero,
            GuestLifetime = TimeSpan.FromTicks(-1),
            Guests = (GuestPolicy)9,
            Registration = (RegistrationPolicy)9,
            MemberLifetime = TimeSpan.FromTicks(-1),
            MaxMembers = -1,
            MaxSessionsPerMember = 0,
            MaxOfflineSessions = -1,
            MaxOfflineSessionsPerHost = -1,
            MaxSessionsPerHost = 0,
            MaxNickLength = 65,
            MaxNickBytes = 63,
            MaxMessageLength = 20_001,
            MaxMessageBytes = 63,
            MaxMarksPerLetter = 0,
            RateLimitCount = 0,
            RateLimitWindow = TimeSpan.FromHours(2),
            MaxWaitsPerSession = 65,
            MaxMailboxItems = 0,
            StandbyMailboxItems = 0,
            RecentMailItems = -1,
            HeadWait = TimeSpan.FromTicks(-1),
            SessionWait = TimeSpan.FromTicks(-1),
            MaxSessionWaits = -1,
            MaxMailboxBytes = 4095,
            MaxMailboxBytesTotal = 4095,
            SearchTimeout = TimeSpan.Zero,
            KeepAcknowledged = -1,
            KeepAddresses = TimeSpan.Zero,
            CheckPrivacy = TimeSpan.Zero,
            MaxExports = 0,
            ExportPause = TimeSpan.FromTicks(-1),
            MaxRooms = 0,
            MaxRoomsPerSession = 0,
            MaxInvitationsPerRoom = 0,
            MaxModeratorsPerRoom = 0,
            MaxLinksPerRoom = 0,
            RoomLinkLifetime = TimeSpan.FromSeconds(59),
            EditWindow = TimeSpan.FromTicks(-1),
            MaxPinsPerRoom = 0,
            TypingLifetime = TimeSpan.FromTicks(-1),
            MaxTypingAudience = 0,
            AwayAfter = TimeSpan.FromTicks(-1),
            MaxAwayAudience = 0,
            ReactionGather = TimeSpan.FromTicks(-1),
            MaxReactionsPerEntry = 0,
            MaxEmojisPerMessage = 0,
            MaxReactionsPerMessage = 0,
            MaxIgnoredPerPerson = 0,
            HistoryPerRoom = -1,
            HistoryBytesPerRoom = 4095,
            HistoryBytesTotal = 4095,
        };
        Assert.Equal(typeof(ChatOptions).GetProperties().Select(property => property.Name).Order(), Annotations(options).Order());
    }

    [Fact]
    public void The_ends_of_the_ranges_are_allowed()
    {
        Assert.Empty(Annotations(new ChatOptions
        {
            PollTimeout = TimeSpan.FromMilliseconds(50),
            PollJitter = TimeSpan.Zero,
            MaxMailboxBytes = 4096,
            HistoryPerRoom = 0,
        }));
        Assert.Empty(Annotations(new ChatOptions
        {
            PollTimeout = TimeSpan.FromMinutes(10),
            IdleLimit = TimeSpan.FromDays(1),
            MaxMailboxBytes = 64 * 1024 * 1024,
        }));
    }

    [Fact]
    public void A_session_between_two_polls_must_not_be_idle()
    {
        var options = new ChatOptions { IdleLimit = TimeSpan.FromSeconds(35) };
        Assert.Contains("Chat:IdleLimit (00:00:35)", Assert.Single(s_rules.Validate(null, options).Failures!), StringComparison.Ordinal);
        options.IdleLimit += TimeSpan.FromTicks(1);
        Assert.True(s_rules.Validate(null, options).Succeeded);
    }

    [Fact]
    public void Every_rule_that_is_broken_is_reported_at_once()
    {
        var options = new ChatOptions { PollJitter = TimeSpan.FromSeconds(50), IdleLimit = TimeSpan.FromSeconds(60), MaxMailboxItems = 10 };
        string[] failures = [.. s_rules.Validate(null, options).Failures!];
        Assert.Equal(3, failures.Length);
        Assert.Contains("Chat:PollJitter", failures[0], StringComparison.Ordinal);
        Assert.Contains("Chat:IdleLimit", failures[1], StringComparison.Ordinal);
        Assert.Contains("Chat:KeepAcknowledged", failures[2], StringComparison.Ordinal);
    }

    // Regression: adding the times overflowed, and the exception hid the annotations' errors.
    [Fact]
    public void Times_far_out_of_range_are_failures_and_not_exceptions()
    {
        var options = new ChatOptions { PollTimeout = TimeSpan.MaxValue };
        Assert.False(s_rules.Validate(null, options).Succeeded);
        Assert.Equal([nameof(ChatOptions.PollTimeout)], Annotations(options));
    }

    private static List<string> Annotations(ChatOptions options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return [.. results.SelectMany(result => result.MemberNames)];
    }
}
