using System.Runtime.InteropServices;
using ErlChat.Sessions;

namespace ErlChat.Web.Backpressure;

/// <summary>
/// Counts bytes per session, per address and in total, each with an upper bound. Sessions and addresses without bytes take no memory.
/// </summary>
/// <param name="factor">The options' bounds are multiplied by this.</param>
/// <remarks>Not thread-safe.</remarks>
internal sealed class ReaderBytes(AnswerOptions bounds, int factor)
{
    private readonly Dictionary<SessionKey, long> _sessions = [];
    private readonly Dictionary<string, long> _addresses = [];
    private long _total;

    /// <summary>The total of all sessions and addresses.</summary>
    internal long Total => _total;

    /// <summary>Whether <paramref name="bytes"/> more bytes stay within all bounds.</summary>
    internal bool HasRoom(in AnswerReader reader, int bytes) =>
        _total + bytes <= (long)bounds.MaxUnreadTotal * factor
        && _addresses.GetValueOrDefault(reader.Address) + bytes <= (long)bounds.MaxUnreadPerAddress * factor
        && (reader.Session == default || _sessions.GetValueOrDefault(reader.Session) + bytes <= (long)bounds.MaxUnreadPerSession * factor);

    /// <summary>Adds bytes; a negative number subtracts.</summary>
    internal void Add(in AnswerReader reader, int bytes)
    {
        _total += bytes;
        Add(_addresses, reader.Address, bytes);
        if (reader.Session != default)
            Add(_sessions, reader.Session, bytes);
    }

    private static void Add<TKey>(Dictionary<TKey, long> all, TKey key, int bytes)
        where TKey : notnull
    {
        ref long held = ref CollectionsMarshal.GetValueRefOrAddDefault(all, key, out _);
        held += bytes;
        if (held == 0)
            all.Remove(key);
    }
}
