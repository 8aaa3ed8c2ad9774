using ErlChat.Mailboxes;
using Microsoft.Coyote.Rewriting;

namespace ErlChat.Interleavings;

/// <summary>
/// Awaits reads of a mailbox. A waiter is a value task source of its own, of which Coyote knows nothing, so it calls a task's source that
/// Coyote does know.
/// </summary>
internal static class Reads
{
    internal static async Task<MailStatus> AwaitAsync(ValueTask<MailRead> read)
    {
        if (!Plain.IsCompleted(read))
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Plain.OnCompleted(read, done.SetResult);
            await done.Task;
        }

        return Plain.StatusOf(read);
    }

    /// <summary>What must stay as it was compiled.</summary>
    [SkipRewriting("Coyote's awaiter of value tasks knows only those that are tasks.")]
    private static class Plain
    {
        internal static bool IsCompleted(in ValueTask<MailRead> read) => read.IsCompleted;

        internal static void OnCompleted(in ValueTask<MailRead> read, Action done) => read.GetAwaiter().UnsafeOnCompleted(done);

        internal static MailStatus StatusOf(in ValueTask<MailRead> read) => read.GetAwaiter().GetResult().Status;
    }
}
