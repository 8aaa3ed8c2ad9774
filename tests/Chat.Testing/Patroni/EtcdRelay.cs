namespace ErlChat.Testing.Patroni;

/// <summary>One member's way to etcd, which can be cut: then connections break, and new ones get no answer.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class EtcdRelay(int etcd) : TcpRelay(etcd)
{
    private volatile TaskCompletionSource? _cut;

    public override ValueTask DisposeAsync()
    {
        Heal();
        return base.DisposeAsync();
    }

    internal void Cut()
    {
        _cut ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        CloseAll();
    }

    internal void Heal()
    {
        TaskCompletionSource? cut = _cut;
        _cut = null;
        cut?.TrySetResult();
    }

    /// <summary>A client that comes while the way is cut waits, and must connect again when it is healed.</summary>
    protected override async Task<bool> AdmitAsync()
    {
        if (_cut is not { } cut)
            return true;
        await cut.Task;
        return false;
    }
}
