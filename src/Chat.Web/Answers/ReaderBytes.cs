using System.Runtime.InteropServices;
using ErlChat.Sessions;

namespace ErlChat.Web.Answers;

/// <summary>Bytes by session, by address and in all, each with a bound. Those that have none are not remembered.</summary>
/// <param name="factor">How many times the options' bounds.</param>
/// <remarks>Not thread-safe.</remarks>
internal sealed class ReaderBytes(AnswerOptions bounds, int factor)
{
    private readonly Dictionary<SessionKey, long> _sessions = [];
    private readonly Dictionary<string, long> _addresses = [];
    private long _total;

    /// <summary>Of all of them together.</summary>
    internal long Total => _total;

    /// <summary>Whether so many more are within all bounds.</summary>
    internal bool HasRoom(in AnswerReader reader, int bytes) =>
        _total + bytes <= (long)bounds.MaxUnreadTotal * factor
        && _addresses.GetValueOrDefault(reader.Address) + bytes <= (long)bounds.MaxUnreadPerAddress * factor
        && (reader.Session == default || _sessions.GetValueOrDefault(reader.Session) + bytes <= (long)bounds.MaxUnreadPerSession * factor);

    /// <summary>Adds, or takes off.</summary>
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
