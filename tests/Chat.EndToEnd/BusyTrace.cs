using System.Text.Json;
using ErlChat.Testing;
using Microsoft.Playwright;

namespace ErlChat.EndToEnd;

/// <summary>
/// A trace of what a page's renderer does, by the browser itself. Durations are processor time, since the time that other programs take on
/// a busy machine is not the page's work.
/// </summary>
internal sealed class BusyTrace
{
    /// <summary>What a thread does without a break. It includes the other tasks.</summary>
    internal const string Whole = "ThreadControllerImpl::RunTask";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly ICDPSession _devtools;
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private BusyTrace(ICDPSession devtools)
    {
        _devtools = devtools;
        devtools.Event("Tracing.dataCollected").OnEvent += (_, data) => Tasks.AddRange(TasksOf(data!.Value));
        devtools.Event("Tracing.tracingComplete").OnEvent += (_, _) => _done.TrySetResult();
    }

    /// <summary>The steps of rendering and the scripts that ran, after the end.</summary>
    internal List<BusyTask> Tasks { get; } = [];

    internal static async Task<BusyTrace> BeginAsync(Person person, IPage page)
    {
        var trace = new BusyTrace(await person.NewCDPSessionAsync(page));
        await trace._devtools.SendAsync(
            "Tracing.start",
            new Dictionary<string, object> { ["categories"] = "toplevel,devtools.timeline", ["transferMode"] = "ReportEvents" });
        return trace;
    }

    internal async Task EndAsync()
    {
        await _devtools.SendAsync("Tracing.end");
        await _done.Task.WithinAsync(s_limit);
    }

    /// <summary>
    /// The work of each frame in which there was any: of the tasks on the page's thread that began within the same sixtieth of a second.
    /// In ascending order.
    /// </summary>
    internal double[] Frames()
    {
        // The page's thread is the one that lays out most.
        var thread = Tasks.Where(task => task.Name == "Layout").CountBy(task => task.Thread).MaxBy(one => one.Value).Key;
        return
        [
            .. Tasks.Where(task => task.Name == Whole && task.Thread == thread)
                .GroupBy(task => (long)(task.Begin * 60 / 1000), task => task.Milliseconds)
                .Select(frame => frame.Sum())
                .Order(),
        ];
    }

    private static IEnumerable<BusyTask> TasksOf(JsonElement data) =>
        from one in data.GetProperty("value").EnumerateArray()
        let name = one.GetProperty("name").GetString()
        where name is "FunctionCall" or "Layout" or "UpdateLayoutTree" or "FireAnimationFrame" or "Paint" or Whole
            && one.TryGetProperty("dur", out _)
        select new BusyTask(
            name,
            (one.GetProperty("pid").GetInt32(), one.GetProperty("tid").GetInt32()),
            one.GetProperty("ts").GetDouble() / 1000,
            (one.TryGetProperty("tdur", out JsonElement own) ? own : one.GetProperty("dur")).GetDouble() / 1000);
}

/// <summary>A complete event of a trace.</summary>
/// <param name="Thread">Its process and thread.</param>
/// <param name="Begin">When it began, in milliseconds.</param>
/// <param name="Milliseconds">The processor time that it took.</param>
internal sealed record BusyTask(string Name, (int Process, int Thread) Thread, double Begin, double Milliseconds);
