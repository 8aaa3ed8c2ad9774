using ErlChat.Snapshots;
using ErlChat.State;

namespace ErlChat.Testing;

/// <summary>No snapshots: a node that starts folds the whole log up to its newest entry.</summary>
internal sealed class ReplayTo(SharedLog log) : ISnapshotStore
{
    public int Interval => 0;

    public int MinInterval => 0;

    public ValueTask<ReplayStart> OpenAsync(CancellationToken cancellationToken) => new(new ReplayStart(null, 0, log.Newest, 0));

    public Task SaveAsync(ChatStateImage image, CancellationToken cancellationToken) => Task.CompletedTask;
}
