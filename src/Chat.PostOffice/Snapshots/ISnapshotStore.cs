using ErlChat.State;

namespace ErlChat.Snapshots;

/// <summary>Stores copies of the state, so that a start need not fold the whole log. Only <c>ChatRoom</c> calls it.</summary>
public interface ISnapshotStore
{
    /// <summary>How many entries lie between two snapshots; 0 for no snapshots.</summary>
    int Interval { get; }

    /// <summary>
    /// How many entries must follow a snapshot before a start can use it, because mail is rebuilt from that many. Snapshots closer together
    /// would only push out useful ones.
    /// </summary>
    int MinInterval { get; }

    /// <summary>Opens and checks the stored snapshots, and decides where the start begins.</summary>
    /// <exception cref="IOException">They cannot be opened or cannot be trusted; the message is for the operator.</exception>
    ValueTask<ReplayStart> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Stores a copy of the state, in the background. Completes when it is on disk.</summary>
    Task SaveAsync(ChatStateImage image, CancellationToken cancellationToken);
}

/// <summary>Where a start begins.</summary>
/// <param name="Image">The state to begin with; null to fold from the first entry.</param>
/// <param name="MailAfter">
/// Entries above this sequence are also delivered to mailboxes, so that readers can continue from cursors above it. Not below the image's
/// sequence.
/// </param>
/// <param name="Newest">The newest entry in the log. The chat is restored once that has been folded.</param>
/// <param name="NewestSnapshot">The newest snapshot, which may be too new to begin with; 0 for none.</param>
public sealed record ReplayStart(ChatStateImage? Image, long MailAfter, long Newest, long NewestSnapshot)
{
    /// <summary>
    /// The first sequence that may have been assigned after the log was last restored from a backup; 0 if it never was. A smaller cursor
    /// may come from entries that the restore removed, so it has to resync: <c>MailAfter</c> is at least this minus one.
    /// </summary>
    public long FirstAfterRestore { get; init; }
}

/// <summary>For a log without persistence: it stores nothing and begins with nothing.</summary>
internal sealed class NoSnapshots : ISnapshotStore
{
    internal static NoSnapshots Instance { get; } = new();

    public int Interval => 0;

    public int MinInterval => 0;

    public ValueTask<ReplayStart> OpenAsync(CancellationToken cancellationToken) => new(new ReplayStart(null, 0, 0, 0));

    public Task SaveAsync(ChatStateImage image, CancellationToken cancellationToken) => Task.CompletedTask;
}
