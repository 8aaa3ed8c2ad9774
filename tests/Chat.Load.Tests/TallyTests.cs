using ErlChat.Load.Measures;

namespace ErlChat.Load.Tests;

/// <summary>What a measure says of a server hangs on this: each id is checked, not only how many came.</summary>
public class TallyTests
{
    // 2 listeners, 2 talkers in turn, 4 messages: 0 and 2 of the first talker, 1 and 3 of the second.
    private static readonly StreamPlan s_oneRoom = new() { Listeners = 2, Talkers = 2, Rate = 4, Time = TimeSpan.FromSeconds(1), WarmUp = TimeSpan.Zero };

    // The same 4 listeners in rooms of 2, each room with a talker of its own.
    private static readonly StreamPlan s_twoRooms = s_oneRoom with { Listeners = 4, RoomSize = 2 };

    [Fact]
    public void All_messages_to_all_are_complete()
    {
        Tally tally = Told(s_oneRoom, (0, 0), (0, 1), (0, 2), (0, 3), (1, 0), (1, 1), (1, 2), (1, 3));
        Assert.Equal((8, 8, 0, 0, 0, 0), Figures(tally));
    }

    [Fact]
    public void What_did_not_come_is_lost() => Assert.Equal((8, 3, 5, 0, 0, 0), Figures(Told(s_oneRoom, (0, 0), (0, 3), (1, 1))));

    // It was counted as received, and made up for one that was lost.
    [Fact]
    public void What_came_twice_makes_up_for_nothing() => Assert.Equal((8, 1, 7, 2, 0, 0), Figures(Told(s_oneRoom, (0, 0), (0, 0), (0, 0))));

    [Fact]
    public void Order_is_that_of_each_talker()
    {
        Assert.Equal(0, Told(s_oneRoom, (0, 1), (0, 0), (0, 3), (0, 2)).Reordered);
        Assert.Equal(1, Told(s_oneRoom, (0, 2), (0, 1), (0, 0), (1, 0)).Reordered);
    }

    // A server without rooms told everybody everything, and the tool said that less than nothing was lost.
    [Fact]
    public void A_message_of_another_room_is_astray_and_makes_up_for_nothing() =>
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
