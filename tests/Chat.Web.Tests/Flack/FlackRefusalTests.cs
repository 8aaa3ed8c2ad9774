using ErlChat.Outcomes;
using ErlChat.Protocol.Flack;
using ErlChat.Web.Flack;

namespace ErlChat.Web.Tests.Flack;

/// <summary>The table from refusals to ends.</summary>
public sealed class FlackRefusalTests
{
    [Fact]
    public void Every_refusal_has_its_end()
    {
        string[] ends = [.. Enum.GetValues<Refusal>().Select(why => $"{why}: {Describe(FlackRefusals.EndOf(why, FlackError.NotJoinedToLeave))}")];
        Assert.Equal(
            [
                "BadSession: 1008 removed", "HostBanned: 1008 removed", "HostFull: 1008 removed", "NickInvalid: CHAT_PROTOCOL-001", "NickTaken: 1008 looks alike",
                "TooLong: CHAT_PROTOCOL-001", "RateLimited: 1008 flood", "NotInRoom: CHAT_PROTOCOL-008", "NoSuchUser: 1011 bug", "Muted: goes on",
                "BadRoomName: CHAT_PROTOCOL-001", "NoSuchRoom: 1011 bug", "AlreadyInRoom: CHAT_PROTOCOL-006", "HomeRoom: 1011 bug", "TooManyRooms: 1008 full",
                "NotAdmin: 1011 bug", "NotYourself: 1011 bug", "NotBanned: 1011 bug", "BadKey: 1011 bug", "Unavailable: 1013 unavailable",
                "Stopping: 1001 stopping", "Secret: goes on", "WrongPassword: 1011 bug", "AdministrationOff: 1011 bug",
                "BadText: CHAT_PROTOCOL-001", "LooksAlike: 1008 looks alike",
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
