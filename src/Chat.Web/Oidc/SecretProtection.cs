using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace ErlChat.Web.Oidc;

/// <summary>
/// Encrypts what a browser keeps during a login, with keys that follow from the client's secret (docs/adr/0022). So every node can read
/// what another one wrote, there are no keys to store or to share, and a new secret makes new keys.
/// </summary>
/// <remarks>Thread-safe. AES-256-GCM; the nonce is random, which is safe for 2^32 values.</remarks>
internal sealed class SecretProtection : IDataProtector
{
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int KeyLength = 32;

    private readonly byte[] _key;

    internal SecretProtection(string secret)
        : this(Encoding.UTF8.GetBytes(secret), "ErlChat login with OpenID Connect")
    {
    }

    private SecretProtection(byte[] from, string purpose) =>
        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, from, KeyLength, salt: null, info: Encoding.UTF8.GetBytes(purpose));

    public IDataProtector CreateProtector(string purpose) => new SecretProtection(_key, purpose);

    public byte[] Protect(byte[] plaintext)
    {
        ArgumentNullException.ThrowIfNull(plaintext);
        byte[] box = new byte[NonceLength + plaintext.Length + TagLength];
        Span<byte> nonce = box.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, TagLength);
        aes.Encrypt(nonce, plaintext, box.AsSpan(NonceLength, plaintext.Length), box.AsSpan(NonceLength + plaintext.Length));
        return box;
    }

    /// <exception cref="CryptographicException">Not what this protector wrote.</exception>
    public byte[] Unprotect(byte[] protectedData)
    {
        ArgumentNullException.ThrowIfNull(protectedData);
        int length = protectedData.Length - NonceLength - TagLength;
        if (length < 0)
            throw new CryptographicException("The data is too short.");
        byte[] plain = new byte[length];
        using var aes = new AesGcm(_key, TagLength);
        aes.Decrypt(
            protectedData.AsSpan(0, NonceLength),
            protectedData.AsSpan(NonceLength, length),
            protectedData.AsSpan(NonceLength + length),
            plain);
        return plain;
    }
}
