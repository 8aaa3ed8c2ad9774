using System.Buffers.Text;
using System.Security.Cryptography;
using ErlChat.Names;

namespace ErlChat.Sessions;

/// <summary>Makes the secret identity of a session. The public one is <see cref="UserId"/>.</summary>
public static class SessionToken
{
    /// <summary>A new token: 256 random bits in base64url, 43 characters.</summary>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
