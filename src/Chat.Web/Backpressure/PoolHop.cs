using System.Runtime.CompilerServices;

namespace ErlChat.Web.Backpressure;

/// <summary>Awaiting it resumes the caller on a thread-pool thread.</summary>
internal readonly struct PoolHop : ICriticalNotifyCompletion
{
    internal static PoolHop ToPool => default;

    /// <summary>Always false, so that awaiting always leaves the current thread.</summary>
    public bool IsCompleted => false;

    public PoolHop GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) =>
        ThreadPool.QueueUserWorkItem(static action => action(), continuation, preferLocal: false);

    public void UnsafeOnCompleted(Action continuation) =>
        ThreadPool.UnsafeQueueUserWorkItem(static action => action(), continuation, preferLocal: false);
}
