using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ErlChat.Sessions;

/// <summary>
/// What the chat knows a session by: the SHA-256 of its token. The token itself is a secret that only the client holds,
/// so neither the state nor a log on disk can be used to impersonate anybody.
/// </summary>
/// <remarks>Immutable, 32 bytes, no allocation.</remarks>
public readonly struct SessionKey : IEquatable<SessionKey>
{
    /// <summary>Longest token looked at, in characters; ours have 43. Anything longer is no token of ours.</summary>
    public const int MaxTokenLength = 128;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    private SessionKey(ReadOnlySpan<byte> hash)
    {
        _high = BinaryPrimitives.ReadUInt128BigEndian(hash);
        _low = BinaryPrimitives.ReadUInt128BigEndian(hash[16..]);
    }

    /// <summary>The key of a token, of any content. A token over <see cref="MaxTokenLength"/> gets the default key, which no session has.</summary>
    public static SessionKey Of(ReadOnlySpan<char> token)
    {
        if (token.Length > MaxTokenLength)
            return default;
        Span<byte> text = stackalloc byte[MaxTokenLength * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        int length = Encoding.UTF8.GetBytes(token, text);
        SHA256.HashData(text[..length], hash);
        return new SessionKey(hash);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not 64 hexadecimal digits.</exception>
    public static SessionKey Parse(string hex)
    {
        byte[] hash = Convert.FromHexString(hex);
        return hash.Length == SHA256.HashSizeInBytes
            ? new SessionKey(hash)
            : throw new FormatException("A session key is 64 hexadecimal digits.");
    }

    public bool Equals(SessionKey other) => _low == other._low && _high == other._high;

    public override bool Equals(object? obj) => obj is SessionKey other && Equals(other);

    /// <summary>The hash is uniform already, so any part of it will do.</summary>
    public override int GetHashCode() => (int)(uint)_low;

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt128BigEndian(hash, _high);
        BinaryPrimitives.WriteUInt128BigEndian(hash[16..], _low);
        return Convert.ToHexStringLower(hash);
    }

    public static bool operator ==(SessionKey left, SessionKey right) => left.Equals(right);

    public static bool operator !=(SessionKey left, SessionKey right) => !left.Equals(right);
}
