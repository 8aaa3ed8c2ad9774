using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ErlChat.Web.Nodes;

/// <summary>
/// What two nodes prove to each other in a ping: that they know the chat's cookie, without sending it. Immutable, so thread-safe.
/// </summary>
/// <remarks>
/// The question and the answer are HMACs over different words, so neither can be sent back as the other. The question contains the name of
/// the node that is asked, so it is of no use at another one. A question that is repeated only yields the same answer again.
/// </remarks>
/// <param name="cookie">The chat's cookie.</param>
internal sealed class PingProof(string cookie)
{
    /// <summary>How far the clocks of two nodes may differ.</summary>
    internal static TimeSpan MaxSkew { get; } = TimeSpan.FromMinutes(5);

    private readonly byte[] _key = Encoding.UTF8.GetBytes(cookie);

    internal static string NewNonce() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Proves that the caller may ask a node.</summary>
    /// <param name="node">The name of the node that is asked.</param>
    /// <param name="nonce">A number used once.</param>
    /// <param name="time">The caller's time, in seconds since 1970.</param>
    internal string OfQuestion(string node, string nonce, long time) => Sign("ping", node, nonce, time);

    /// <summary>Proves that the answer comes from a node of this chat, and belongs to the question with this nonce and time.</summary>
    internal string OfAnswer(string node, string nonce, long time) => Sign("pong", node, nonce, time);

    /// <summary>Whether a proof is the expected one. Takes as long for a wrong proof as for the right one.</summary>
    internal static bool Matches(string expected, string? proof) =>
        proof is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(proof));

    private string Sign(string word, string node, string nonce, long time)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"erlchat {word} 1\n{node}\n{nonce}\n{time}");
        return Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text)));
    }
}
