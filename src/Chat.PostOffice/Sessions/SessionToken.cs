using System.Buffers.Text;
using System.Security.Cryptography;

namespace ErlChat;

/// <summary>Makes the two identities of a session: the secret token and the public user id.</summary>
public static class SessionToken
{
    /// <summary>A new token: 256 random bits in base64url, 43 characters.</summary>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>A new user id: 128 random bits in 32 lower-case hexadecimal digits, as the flack wire has them.</summary>
    public static string CreateUserId() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
