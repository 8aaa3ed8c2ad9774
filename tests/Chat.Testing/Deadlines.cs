using System.Runtime.CompilerServices;

namespace ErlChat.Testing;

/// <summary>Puts every await of a test under a deadline, by the real clock. A test that would hang fails instead, and says where.</summary>
public static class Deadlines
{
    /// <summary>Long enough for two busy cores, and far shorter than any poll, so that a lost wake-up misses the deadline.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(10);

    /// <summary>The task's result, or a failure that names the expression if the deadline (10 s by default) passes first.</summary>
    public static async Task<T> WithinAsync<T>(
        this Task<T> task,
        TimeSpan? limit = null,
        [CallerArgumentExpression(nameof(task))] string what = "")
    {
        ArgumentNullException.ThrowIfNull(task);
        await ((Task)task).WithinAsync(limit, what);
        return await task;
    }

    /// <inheritdoc cref="WithinAsync{T}(Task{T}, TimeSpan?, string)"/>
    public static Task<T> WithinAsync<T>(
        this ValueTask<T> task,
        TimeSpan? limit = null,
        [CallerArgumentExpression(nameof(task))] string what = "") =>
        task.AsTask().WithinAsync(limit, what);

    /// <inheritdoc cref="WithinAsync{T}(Task{T}, TimeSpan?, string)"/>
    public static Task WithinAsync(
        this ValueTask task,
        TimeSpan? limit = null,
        [CallerArgumentExpression(nameof(task))] string what = "") =>
        task.AsTask().WithinAsync(limit, what);

    /// <inheritdoc cref="WithinAsync{T}(Task{T}, TimeSpan?, string)"/>
    public static async Task WithinAsync(this Task task, TimeSpan? limit = null, [CallerArgumentExpression(nameof(task))] string what = "")
    {
        ArgumentNullException.ThrowIfNull(task);
        TimeSpan deadline = limit ?? Default;
        try
        {
            await task.WaitAsync(deadline, TimeProvider.System);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new TimeoutException($"Not done within {deadline.TotalSeconds} s: {what}");
        }
    }
}
