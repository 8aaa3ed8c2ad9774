using ErlChat.Outcomes;
using ErlChat.Protocol.Flack;
using ErlChat.Web.Flack;

namespace ErlChat.Web.Tests.Flack;

/// <summary>The table that maps refusals to the way a connection ends.</summary>
public sealed class FlackRefusalTests
{
    [Fact]
    public void Every_refusal_maps_to_an_end()
    {
        string[] ends = [.. Enum.GetValues<Refusal>()
            .Select(why => $"{why}: {Describe(FlackRefusals.EndOf(why, FlackError.NotJoinedToLeave))}")];
        Assert.Equal(
            [
                "BadSession: 1008 removed", "HostBanned: 1008 removed", "HostFull: 1008 removed", "NickInvalid: CHAT_PROTOCOL-001",
                "NickTaken: 1008 looks alike",
                "TooLong: CHAT_PROTOCOL-001", "RateLimited: 1008 flood", "NotInRoom: CHAT_PROTOCOL-008", "NoSuchUser: 1011 bug",
                "Muted: goes on",
                "BadRoomName: CHAT_PROTOCOL-001", "NoSuchRoom: 1011 bug", "AlreadyInRoom: CHAT_PROTOCOL-006", "HomeRoom: 1011 bug",
                "TooManyRooms: 1008 full",
                "NotAdmin: 1011 bug", "NotYourself: 1011 bug", "NotBanned: 1011 bug", "BadKey: 1011 bug", "Unavailable: 1013 unavailable",
                "Stopping: 1001 stopping", "Secret: goes on", "WrongPassword: 1011 bug", "AdministrationOff: 1011 bug",
                "BadText: CHAT_PROTOCOL-001", "LooksAlike: 1008 looks alike", "AlreadyMember: 1011 bug", "NotMember: 1011 bug",
                "TooManyMembers: 1011 bug", "RegistrationClosed: 1011 bug", "InvitationNeeded: 1011 bug",
                "NoGuests: 1008 removed", "BadPassword: 1011 bug",
                "NoSuchDevice: 1011 bug", "BadLink: 1011 bug", "NameNotFree: 1008 looks alike", "RoomLocked: goes on",
                "RoomArchived: goes on", "SlowMode: goes on", "NotModerator: 1011 bug", "NotOwner: 1011 bug",
                "TooManyInvitations: 1011 bug", "TooManyModerators: 1011 bug", "TooManyLinks: 1011 bug", "TooManyIgnored: 1011 bug",
                "NickTooLong: 1011 bug", "NickMixed: 1011 bug", "NoSuchMessage: 1011 bug", "TooOld: 1011 bug",
                "BadEmoji: 1011 bug", "TooManyReactions: 1011 bug",
            ],
            ends);
    }

    private static string Describe(FlackEnd? end) => end switch
    {
        null => "goes on",
        { LastWord: ProtocolErrorRecord error } => error.Code,
        _ => $"{end.Status} {end.Why}",
    };
}
