using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>
/// Counts offline sessions by address. Nearly every one may have an address of its own, so addresses are kept as numbers. Not thread-safe:
/// part of the fold.
/// </summary>
internal sealed class OfflineHosts
{
    private readonly Dictionary<ulong, int> _counts = [];

    // Addresses that are no numbers: forgotten ones, and those of clients without an address.
    private readonly HostCounts _others = new();

    internal int Of(string host) => HostAddress.NumberOf(host) is { } number ? _counts.GetValueOrDefault(number) : _others.Of(host);

    internal void Change(string host, int by)
    {
        if (HostAddress.NumberOf(host) is not { } number)
        {
            _others.Change(host, by);
            return;
        }

        int count = _counts.GetValueOrDefault(number) + by;
        if (count > 0)
            _counts[number] = count;
        else
            _counts.Remove(number);
        Sparse.Trim(_counts);
    }
}
