using Microsoft.Playwright;

namespace ErlChat.EndToEnd;

/// <summary>Fingers, which Playwright can only tap with.</summary>
internal static class Touch
{
    /// <summary>Long enough to be a long press.</summary>
    private const float Long = 700;

    internal static Task LongPressAsync(ICDPSession devtools, ILocator target) => PressAsync(devtools, target, Long);

    /// <param name="devtools">The developer tools of the page.</param>
    /// <param name="target">What is pressed, near its beginning.</param>
    /// <param name="time">How long, in ms.</param>
    internal static async Task PressAsync(ICDPSession devtools, ILocator target, float time)
    {
        LocatorBoundingBoxResult box = (await target.BoundingBoxAsync())!;
        var point = new Dictionary<string, object> { ["x"] = box.X + 20, ["y"] = box.Y + (box.Height / 2) };
        await devtools.SendAsync(
            "Input.dispatchTouchEvent", new Dictionary<string, object> { ["type"] = "touchStart", ["touchPoints"] = new[] { point } });
        await target.Page.WaitForTimeoutAsync(time);
        await devtools.SendAsync(
            "Input.dispatchTouchEvent", new Dictionary<string, object> { ["type"] = "touchEnd", ["touchPoints"] = Array.Empty<object>() });
    }
}
