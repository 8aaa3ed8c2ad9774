using ErlChat.Rooms;
using ErlChat.State;

namespace ErlChat.Snapshots;

/// <summary>Copies of the state, kept so that a start need not fold the whole log. Called by <see cref="ChatRoom"/> only.</summary>
public interface ISnapshotStore
{
    /// <summary>Entries between two snapshots; 0 for never.</summary>
    int Interval { get; }

    /// <summary>
    /// Entries that must follow on a snapshot for a start to use it: mail is rebuilt from as many. Snapshots closer together than that would only push out useful ones.
    /// </summary>
    int MinInterval { get; }

    /// <summary>Opens and checks what is kept, and says where a start begins.</summary>
    /// <exception cref="IOException">It cannot be opened, or not be trusted; the message is for the operator.</exception>
    ValueTask<ReplayStart> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Keeps a copy of the state, beside the hot path. Completes when it is on disk.</summary>
    Task SaveAsync(ChatStateImage image, CancellationToken cancellationToken);
}

/// <summary>Where a start begins.</summary>
/// <param name="Image">The state to begin with; null to fold from the first entry.</param>
/// <param name="MailAfter">Entries above this sequence are delivered to mailboxes too, so that readers can go on from cursors above it. Not below the image's.</param>
/// <param name="Newest">The newest entry that the log has; the chat is as it was once that is folded.</param>
/// <param name="NewestSnapshot">The newest snapshot there is, which may be too new to begin with; 0 for none.</param>
public sealed record ReplayStart(ChatStateImage? Image, long MailAfter, long Newest, long NewestSnapshot)
{
    /// <summary>
    /// The first sequence that may be given after the log was last restored from a backup; 0 when it never was. A smaller cursor may come from
    /// entries that the restore took away, so it is told to resync: <c>MailAfter</c> is not below this less one.
    /// </summary>
    public long FirstAfterRestore { get; init; }
}

/// <summary>For a log that forgets: there is nothing to begin with, and nothing to keep.</summary>
internal sealed class NoSnapshots : ISnapshotStore
{
    internal static NoSnapshots Instance { get; } = new();

    public int Interval => 0;

    public int MinInterval => 0;

    public ValueTask<ReplayStart> OpenAsync(CancellationToken cancellationToken) => new(new ReplayStart(null, 0, 0, 0));

    public Task SaveAsync(ChatStateImage image, CancellationToken cancellationToken) => Task.CompletedTask;
}
