using ErlChat.Log;

namespace ErlChat.Forgetting;

/// <summary>
/// Removes from a database what the log says is to be forgotten: addresses, everything of persons who were erased, and the texts of
/// messages that were deleted. The log keeps its entries and their order; only what is in them is removed (<see cref="Redaction"/>,
/// <see cref="PersonRedaction"/>). So that no start folds entries without their contents, it waits for a snapshot that is newer than they
/// are, and removes the older ones.
/// </summary>
/// <remarks>Called by one sweep at a time. Doing something twice does no harm.</remarks>
public interface IStoredPrivacy
{
    /// <summary>Whether there are addresses that were used before a time, as far as the order of the entries shows.</summary>
    /// <exception cref="IOException">The database cannot be read now.</exception>
    ValueTask<bool> HasAddressesAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Does what the entries of the log ask for.</summary>
    /// <param name="wasErased">
    /// Whether the fold accepted the erasure with this sequence. One that it refused is in the log too, and must have no effect.
    /// </param>
    /// <param name="cancellationToken">Ends the work, which goes on with the next call.</param>
    /// <exception cref="IOException">The database cannot be read or written now.</exception>
    ValueTask<PrivacyStep> StepAsync(Func<long, Erased, bool> wasErased, CancellationToken cancellationToken);
}

/// <summary>How far the work of an <see cref="IStoredPrivacy"/> has got.</summary>
public enum PrivacyStep
{
    /// <summary>There is nothing to do. Texts of deleted messages may have been removed.</summary>
    Idle,

    /// <summary>Something was done, or waits for other nodes.</summary>
    Working,

    /// <summary>The work waits for a snapshot. The next entry causes one.</summary>
    NeedsSnapshot,
}
