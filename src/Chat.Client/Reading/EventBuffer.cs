using System.Threading.Channels;

namespace ErlChat.Client;

/// <summary>The events between the pump and the reader. It has a size limit, one writer, and one reader at a time.</summary>
internal sealed class EventBuffer(ChatClientOptions options)
{
    private readonly Channel<ChatEvent> _events = Channel.CreateBounded<ChatEvent>(new BoundedChannelOptions(options.MaxBufferedEvents)
    {
        SingleWriter = true,
        SingleReader = true,
        AllowSynchronousContinuations = false,
    });

    internal ChannelReader<ChatEvent> Reader => _events.Reader;

    /// <summary>
    /// Adds an event. While the buffer is full, calls <paramref name="meanwhile"/> every <paramref name="meanwhileEvery"/>, so that the
    /// session can be kept alive without reading more.
    /// </summary>
    internal async ValueTask AddAsync(ChatEvent one, TimeSpan meanwhileEvery, Func<Task> meanwhile, CancellationToken cancellationToken)
    {
        while (!_events.Writer.TryWrite(one))
        {
            using var interval = new CancellationTokenSource(meanwhileEvery, options.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, interval.Token);
            try
            {
                await _events.Writer.WaitToWriteAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                await meanwhile().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Ends the stream. The reader first gets the buffered events, then the error, if any.</summary>
    internal void Complete(Exception? error = null) => _events.Writer.TryComplete(error);
}
