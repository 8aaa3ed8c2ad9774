using ErlChat.Load.Measures;

namespace ErlChat.Load.Tests;

/// <summary>Every statement about a server depends on this: each id is checked, not only the number of messages.</summary>
public class TallyTests
{
    // 2 listeners, 2 talkers in turn, 4 messages: 0 and 2 from the first talker, 1 and 3 from the second.
    private static readonly StreamPlan s_oneRoom =
        new() { Listeners = 2, Talkers = 2, Rate = 4, Time = TimeSpan.FromSeconds(1), WarmUp = TimeSpan.Zero };

    // The same with 4 listeners in rooms of 2, where each room has its own talker.
    private static readonly StreamPlan s_twoRooms = s_oneRoom with { Listeners = 4, RoomSize = 2 };

    [Fact]
    public void All_messages_to_all_listeners_are_complete()
    {
        Tally tally = Told(s_oneRoom, (0, 0), (0, 1), (0, 2), (0, 3), (1, 0), (1, 1), (1, 2), (1, 3));
        Assert.Equal((8, 8, 0, 0, 0, 0), Figures(tally));
    }

    [Fact]
    public void A_message_that_did_not_arrive_is_lost() =>
        Assert.Equal((8, 3, 5, 0, 0, 0), Figures(Told(s_oneRoom, (0, 0), (0, 3), (1, 1))));

    // Previously, a repeated message was counted as received, and made up for one that was lost.
    [Fact]
    public void A_repeated_message_does_not_make_up_for_a_lost_one() =>
        Assert.Equal((8, 1, 7, 2, 0, 0), Figures(Told(s_oneRoom, (0, 0), (0, 0), (0, 0))));

    [Fact]
    public void The_order_is_checked_for_each_talker()
    {
        Assert.Equal(0, Told(s_oneRoom, (0, 1), (0, 0), (0, 3), (0, 2)).Reordered);
        Assert.Equal(1, Told(s_oneRoom, (0, 2), (0, 1), (0, 0), (1, 0)).Reordered);
    }

    // Previously, a server without rooms sent everything to everybody, and the tool reported a negative loss.
    [Fact]
    public void A_message_for_another_room_is_astray_and_does_not_make_up_for_a_lost_one() =>
        Assert.Equal((8, 2, 6, 0, 0, 2), Figures(Told(s_twoRooms, (0, 0), (0, 1), (2, 1), (3, 2))));

    private static Tally Told(StreamPlan plan, params (int Listener, int Message)[] deliveries)
    {
        var tally = new Tally(plan);
        foreach ((int listener, int message) in deliveries)
            tally.Add(listener, message);
        return tally;
    }

    private static (long Expected, long Received, long Lost, long Repeated, long Reordered, long Astray) Figures(Tally tally) =>
        (tally.Expected, tally.Received, tally.Lost, tally.Repeated, tally.Reordered, tally.Astray);
}
