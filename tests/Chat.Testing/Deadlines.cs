using System.Runtime.CompilerServices;

namespace ErlChat.Testing;

/// <summary>Every await of a test is under a deadline, by the real clock: a test that would hang fails, and says where.</summary>
public static class Deadlines
{
    /// <summary>Long enough for two loaded cores, far shorter than any poll: a lost wake shows as a missed deadline.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(10);

    /// <summary>The task's result, or a failure that names the expression once the deadline (10 s by default) has passed.</summary>
    public static async Task<T> WithinAsync<T>(this Task<T> task, TimeSpan? limit = null, [CallerArgumentExpression(nameof(task))] string what = "")
    {
        ArgumentNullException.ThrowIfNull(task);
        await ((Task)task).WithinAsync(limit, what);
        return await task;
    }

    /// <inheritdoc cref="WithinAsync{T}(Task{T}, TimeSpan?, string)"/>
    public static Task<T> WithinAsync<T>(this ValueTask<T> task, TimeSpan? limit = null, [CallerArgumentExpression(nameof(task))] string what = "") =>
        task.AsTask().WithinAsync(limit, what);

    /// <inheritdoc cref="WithinAsync{T}(Task{T}, TimeSpan?, string)"/>
    public static Task WithinAsync(this ValueTask task, TimeSpan? limit = null, [CallerArgumentExpression(nameof(task))] string what = "") =>
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
