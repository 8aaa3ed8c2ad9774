using ErlChat.Load.Drivers.Comet;
using ErlChat.Load.Drivers.Flack;
using ErlChat.Load.Drivers.Floor;
using ErlChat.Load.Drivers.Nchan;
using ErlChat.Load.Drivers.SignalR;

namespace ErlChat.Load.Drivers;

/// <summary>All available peers.</summary>
internal static class DriverList
{
    internal static IReadOnlyList<IDriver> All { get; } =
    [
        new CometDriver(), new NchanDriver(), new SignalRDriver(), new FloorDriver(), new FlackDriver(),
    ];

    internal static IDriver Find(string name) => All.Single(driver => driver.Name == name);
}
