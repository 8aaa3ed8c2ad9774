namespace ErlChat.State;

/// <summary>Counts sessions by address. Keeps nothing for an address without any. Not thread-safe: part of the fold.</summary>
internal sealed class HostCounts
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    internal int Of(string host) => _counts.GetValueOrDefault(host);

    internal void Change(string host, int by)
    {
        int count = Of(host) + by;
        if (count > 0)
            _counts[host] = count;
        else
            _counts.Remove(host);
        Sparse.Trim(_counts);
    }
}
