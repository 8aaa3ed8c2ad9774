using ErlChat.Load.Drivers.Comet;
using ErlChat.Load.Drivers.Nchan;

namespace ErlChat.Load.Drivers;

/// <summary>All peers there are.</summary>
internal static class DriverList
{
    internal static IReadOnlyList<IDriver> All { get; } = [new CometDriver(), new NchanDriver()];

    internal static IDriver Find(string name) => All.Single(driver => driver.Name == name);
}
