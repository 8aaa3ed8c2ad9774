using System.Buffers;
using ErlChat.Mailboxes;
using ErlChat.Sessions;
using ErlChat.Web.WebSockets;

namespace ErlChat.Web.Flack;

/// <summary>Carries one session's mail from its mailbox to its connection, in order, and knows how far it has come.</summary>
internal sealed class FlackPump(Mailbox box, FlackFormat format, FlackChats chats, FrameWriter writer, TimeSpan patience)
{
    /// <summary>Small frames that are due together go out together, up to this many bytes. The buffer is borrowed for it: a connection that is quiet keeps none.</summary>
    private const int Batch = 16 * 1024;

    private readonly Lock _gate = new();
    private long _passed;
    private long _awaited;
    private TaskCompletionSource? _waiting;

    /// <summary>Carries until there is no more to carry. Null when it was told to end.</summary>
    /// <param name="cursor">First sequence to read.</param>
    internal async Task<FlackEnd?> RunAsync(long cursor, CancellationToken ending)
    {
        while (true)
        {
            // Parked without end in effect: the patience only bounds a single park, as every park is bounded.
            MailRead read = await box.ReadAsync(cursor, hideListed: false, patience, ending);
            switch (read.Status)
            {
                case MailStatus.Mail:
                    await WriteAsync(read.Mail);
                    cursor = read.Mail[^1].Sequence + 1;
                    Pass(cursor - 1);
                    break;
                case MailStatus.Timeout:
                    break;
                case MailStatus.Resync:
                    return FlackEnd.Slow;
                case MailStatus.Closed:
                    return read.Reason == CloseReason.Timeout ? FlackEnd.Idle : FlackEnd.Removed;
                case MailStatus.Stopping:
                    return FlackEnd.Stopping;
                case MailStatus.Aborted:
                    return null;
                case MailStatus.Superseded:
                    return FlackEnd.Bug;
                default:
                    throw new System.Diagnostics.UnreachableException(read.Status.ToString());
            }
        }
    }

    /// <summary>Waits until the mail of an entry, and all before it, has been written. One waits at a time.</summary>
    /// <exception cref="OperationCanceledException">The connection ends before.</exception>
    internal Task PassedAsync(long sequence, CancellationToken ending)
    {
        lock (_gate)
        {
            if (_passed >= sequence)
                return Task.CompletedTask;
            (_awaited, _waiting) = (sequence, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            return _waiting.Task.WaitAsync(ending);
        }
    }

    private void Pass(long sequence)
    {
        TaskCompletionSource? reached = null;
        lock (_gate)
        {
            _passed = sequence;
            if (_waiting is not null && _passed >= _awaited)
                (reached, _waiting) = (_waiting, null);
        }

        reached?.SetResult();
    }

    private async ValueTask WriteAsync(Mail[] mail)
    {
        if (mail.Length == 1)
        {
            await WriteAsync(chats.FramesOf(mail[0], format));
            return;
        }

        byte[] batch = ArrayPool<byte>.Shared.Rent(Batch);
        try
        {
            int length = 0;
            foreach (Mail one in mail)
            {
                ReadOnlyMemory<byte> frames = chats.FramesOf(one, format);
                if (length + frames.Length > batch.Length)
                {
                    await WriteAsync(batch.AsMemory(0, length));
                    length = 0;
                }

                if (frames.Length > batch.Length)
                {
                    await WriteAsync(frames);
                }
                else
                {
                    frames.CopyTo(batch.AsMemory(length));
                    length += frames.Length;
                }
            }

            await WriteAsync(batch.AsMemory(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(batch);
        }
    }

    private ValueTask WriteAsync(ReadOnlyMemory<byte> frames) => frames.IsEmpty ? ValueTask.CompletedTask : writer.WriteAsync(frames);
}
