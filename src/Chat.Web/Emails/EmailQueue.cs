using System.Threading.Channels;
using ErlChat.Web.Site;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Emails;

/// <summary>
/// What waits to be sent, at most <see cref="SmtpOptions.MaxWaiting"/>. An e-mail is written when its turn has come, so that whoever asks
/// for one learns nothing from the time that takes: not even whether there is anybody to write to.
/// </summary>
/// <remarks>Thread-safe. It is lost when the server stops: whoever misses an e-mail asks again.</remarks>
internal sealed class EmailQueue(IOptions<SmtpOptions> options)
{
    private readonly Channel<Func<CancellationToken, ValueTask<OutgoingEmail?>>> _waiting =
        Channel.CreateBounded<Func<CancellationToken, ValueTask<OutgoingEmail?>>>(
            new BoundedChannelOptions(options.Value.MaxWaiting) { SingleReader = true });

    /// <summary>How many wait.</summary>
    internal int Count => _waiting.Reader.Count;

    /// <summary>Adds an e-mail.</summary>
    /// <param name="write">Writes it; null if there is none to send after all.</param>
    /// <returns>Whether there was room for it.</returns>
    internal bool TryAdd(Func<CancellationToken, ValueTask<OutgoingEmail?>> write) => _waiting.Writer.TryWrite(write);

    /// <summary>All e-mails in their order, until cancelled.</summary>
    internal IAsyncEnumerable<Func<CancellationToken, ValueTask<OutgoingEmail?>>> ReadAllAsync(CancellationToken cancellationToken) =>
        _waiting.Reader.ReadAllAsync(cancellationToken);
}
