using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ErlChat.Sessions;

/// <summary>
/// How the chat identifies a session: by the SHA-256 of its token. The token is a secret that only the client holds, so neither the state
/// nor a log on disk can be used to impersonate a user.
/// </summary>
/// <remarks>Immutable, 32 bytes, no allocation.</remarks>
public readonly struct SessionKey : IEquatable<SessionKey>
{
    /// <summary>The longest token that is hashed, in characters. Our tokens have 43; a longer one cannot be ours.</summary>
    public const int MaxTokenLength = 128;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    private SessionKey(ReadOnlySpan<byte> hash)
    {
        _high = BinaryPrimitives.ReadUInt128BigEndian(hash);
        _low = BinaryPrimitives.ReadUInt128BigEndian(hash[16..]);
    }

    /// <summary>The key of a token. A token longer than <see cref="MaxTokenLength"/> gets the default key, which no session has.</summary>
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

    /// <summary>Parses the result of <see cref="ToString"/>.</summary>
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

    /// <summary>Any part of a SHA-256 is uniformly distributed.</summary>
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
