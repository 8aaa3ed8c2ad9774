namespace ErlChat.Mailboxes;

/// <summary>Stands in for the thread pool's work items, which Coyote does not control, with a task, which it does.</summary>
internal static class ThreadPool
{
    internal static void UnsafeQueueUserWorkItem(IThreadPoolWorkItem item, bool preferLocal)
    {
        _ = preferLocal;
        _ = Task.Run(item.Execute);
    }
}
