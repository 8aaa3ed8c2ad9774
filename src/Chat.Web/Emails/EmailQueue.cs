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
    private readonly Channel<WaitingEmail> _waiting = Channel.CreateBounded<WaitingEmail>(
        new BoundedChannelOptions(options.Value.MaxWaiting) { SingleReader = true });

    /// <summary>How many wait.</summary>
    internal int Count => _waiting.Reader.Count;

    /// <summary>Adds an e-mail.</summary>
    /// <returns>Whether there was room for it.</returns>
    internal bool TryAdd(WaitingEmail email) => _waiting.Writer.TryWrite(email);

    /// <summary>All e-mails in their order, until cancelled.</summary>
    internal IAsyncEnumerable<WaitingEmail> ReadAllAsync(CancellationToken cancellationToken) =>
        _waiting.Reader.ReadAllAsync(cancellationToken);
}

/// <summary>An e-mail in the queue.</summary>
/// <param name="Write">Writes it; null if there is none to send after all.</param>
/// <param name="Tries">How often it was tried already.</param>
internal sealed record WaitingEmail(Func<CancellationToken, ValueTask<OutgoingEmail?>> Write, int Tries = 0);
